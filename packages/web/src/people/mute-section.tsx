/** Whether a conversation may call, and until when not. */
import { BellOff, ChevronDown } from 'lucide-react';
import type { Conversation } from '@kith/api/conversation-shapes';
import { Button } from '../design/button.tsx';
import { Menu } from '../design/menu.tsx';
import { muteConversation, mutedForever } from '../conversation/conversation-acts.ts';
import { useConversation } from '../data/live-talk.ts';
import { formatMoment } from '../i18n/formats.ts';
import { useTexts, type TextId } from '../i18n/texts.ts';
import { Section } from '../shell/page.tsx';

const hourMs = 3_600_000;
const spans: readonly { words: TextId; ms: number | null }[] = [
  { words: 'person.mute.hour', ms: hourMs },
  { words: 'person.mute.eight', ms: 8 * hourMs },
  { words: 'person.mute.week', ms: 7 * 24 * hourMs },
  { words: 'person.mute.ever', ms: null },
];

/** Null where it is not muted, or was until a while ago. */
function mutedUntil({ mutedUntil: until }: Conversation): string | null {
  return until !== null && Date.parse(until) > Date.now() ? until : null;
}

export function MuteSection({ conversation: id }: { conversation: string }) {
  const { t } = useTexts();
  const conversation = useConversation(id);
  if (conversation === undefined || conversation === null) return null;
  const until = mutedUntil(conversation);
  return (
    <Section className="flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <h2 className="text-body">{t('person.mute.title')}</h2>
        <p className="text-small text-secondary">
          {until === null
            ? t('person.mute.off')
            : until === mutedForever
              ? t('person.mute.on')
              : t('person.mute.until', { time: formatMoment(until) })}
        </p>
      </div>
      {until !== null ? (
        <Button size="small" onClick={() => void muteConversation(conversation, 'end')}>
          {t('person.mute.end')}
        </Button>
      ) : (
        <Menu
          entries={spans.map(({ words, ms }) => ({
            label: t(words),
            onSelect: () => void muteConversation(conversation, ms),
          }))}
        >
          <Button size="small" icon={<BellOff size={15} />}>
            {t('person.mute.start')}
            <ChevronDown size={14} className="text-faint" />
          </Button>
        </Menu>
      )}
    </Section>
  );
}
