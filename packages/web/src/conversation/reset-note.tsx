/**
 * The session with them was set up anew. It stops nothing and changes nobody's identity, so it is said calmly, above the composer,
 * until the person has seen it: also to who was not there when it happened.
 */
import { KeyRound, X } from 'lucide-react';
import type { Conversation } from '@kith/api/conversation-shapes';
import { Button } from '../design/button.tsx';
import { IconButton } from '../design/icon-button.tsx';
import { formatMoment } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import type { BannerKind } from './conversation-banner.tsx';

/** When it was set up anew; null where there is nothing to say, or something graver stands in the way. */
export function resetToShow(
  { sessionResetAt, contact }: Conversation,
  banner: BannerKind | null,
): string | null {
  return contact?.state === 'connected' && banner !== 'key-changed' ? sessionResetAt : null;
}

export interface ResetNoteProps {
  at: string;
  name: string;
  onCompare: () => void;
  onDismiss: () => void;
}

export function ResetNote({ at, name, onCompare, onDismiss }: ResetNoteProps) {
  const { t } = useTexts();
  const title = t('reset.title', { name });
  return (
    <section
      aria-label={title}
      className="mx-auto mb-3 flex w-[calc(100%-1.5rem)] max-w-184 items-start gap-x-4 rounded-panel border border-line bg-raised px-4 py-3"
    >
      <span aria-hidden="true" className="mt-0.5 text-faint">
        <KeyRound size={20} />
      </span>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-[1_1_16rem]">
          <h2 className="text-body font-strong text-balance">{title}</h2>
          <p className="text-small text-secondary text-pretty">
            {t('reset.text', { name, when: formatMoment(at) })}
          </p>
        </div>
        <Button className="ms-auto" onClick={onCompare}>
          {t('banner.key.compare')}
        </Button>
      </div>
      <IconButton label={t('reset.dismiss')} icon={<X size={16} />} size="small" onClick={onDismiss} />
    </section>
  );
}
