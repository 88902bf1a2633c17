/** What stands between messages: the beginning of the conversation, days, and the line above what is unread. */
import { LockKeyhole } from 'lucide-react';
import { memo } from 'react';
import { formatDay } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { useConversationScope } from './conversation-context.ts';

export const DayLine = memo(function DayLine({
  time,
  onJump,
}: {
  time: string;
  onJump: (time: string) => void;
}) {
  const { t } = useTexts();
  const day = formatDay(time);
  return (
    <div className="flex justify-center pt-5 pb-1">
      <button
        type="button"
        tabIndex={-1}
        data-tip={t('talk.day.jump')}
        aria-label={t('talk.day.name', { day })}
        onClick={() => onJump(time)}
        className="rounded-full px-2.5 py-0.5 text-meta text-faint transition-colors duration-100 hover:bg-hover hover:text-secondary"
      >
        {day}
      </button>
    </div>
  );
});

export const UnreadLine = memo(function UnreadLine({ count }: { count: number }) {
  const { t } = useTexts();
  return (
    <div className="mx-auto flex w-full max-w-190 items-center gap-3 px-4 pt-4">
      <span className="h-px flex-1 bg-accent/60" />
      <span className="text-meta text-accent-text">{t('talk.unread.line', { count })}</span>
      <span className="h-px flex-1 bg-accent/60" />
    </div>
  );
});

export function ConversationStart() {
  const { t } = useTexts();
  const { name } = useConversationScope();
  return (
    <div className="mx-auto flex max-w-90 flex-col items-center gap-2 px-6 pt-8 pb-2 text-center text-small text-faint">
      <LockKeyhole size={18} strokeWidth={1.75} aria-hidden="true" />
      <p className="text-balance">{t('talk.start', { name })}</p>
    </div>
  );
}
