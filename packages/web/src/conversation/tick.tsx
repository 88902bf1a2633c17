/**
 * Where an own message is: a sign, and a sentence on hover, on focus and to screen readers. The signs are those of look.md: hollow
 * circle, one tick, two, two in accent, clock, triangle.
 */
import type { Message } from '@kith/api/shapes';
import { Check, CheckCheck, Circle, CircleDashed, ClockAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '../design/class-names.ts';
import { useTexts, type Translate } from '../i18n/texts.ts';
import { reasonWords } from './reason-words.ts';

/** `sending`: not on the disk yet, which takes a few milliseconds. `unsure`: the node went away while it was asked. */
export type TickState = Message['state'] | 'sending' | 'unsure';

export function tickSentence(t: Translate, state: TickState, name: string, reason: string | null): string {
  switch (state) {
    case 'sending':
      return t('talk.tick.sending');
    case 'unsure':
      return t('talk.tick.unsure');
    case 'stored':
      return t('talk.tick.stored', { name });
    case 'sent':
      return t('talk.tick.sent', { name });
    case 'delivered':
      return t('talk.tick.delivered', { name });
    case 'read':
    case 'received':
      return t('talk.tick.read', { name });
    case 'expired':
      return t('talk.tick.expired', { name });
    case 'failed':
      return reason === null
        ? t('talk.tick.failed')
        : t('talk.tick.failed.reason', { reason: reasonWords(t, reason) });
  }
}

const size = { size: 14, strokeWidth: 2, 'aria-hidden': true } as const;

function sign(state: TickState): ReactNode {
  switch (state) {
    case 'sending':
    case 'unsure':
      return <CircleDashed {...size} size={12} />;
    case 'stored':
      return <Circle {...size} size={11} />;
    case 'sent':
      return <Check {...size} />;
    case 'delivered':
    case 'read':
    case 'received':
      return <CheckCheck {...size} size={15} />;
    case 'expired':
      return <ClockAlert {...size} />;
    case 'failed':
      return <TriangleAlert {...size} />;
  }
}

const tones: Partial<Record<TickState, string>> = {
  read: 'text-accent-text',
  expired: 'text-warn',
  failed: 'text-bad',
};

export function Tick({ state, className }: { state: TickState; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={classNames('inline-flex items-center', tones[state] ?? 'text-faint', className)}
    >
      {sign(state)}
    </span>
  );
}

export interface TickButtonProps {
  state: TickState;
  name: string;
  reason: string | null;
  onOpen: () => void;
}

/** Opens what happened to the message. The list's own tooltip reads `data-tip`: one for a thousand rows. */
export function TickButton({ state, name, reason, onOpen }: TickButtonProps) {
  const { t } = useTexts();
  const sentence = tickSentence(t, state, name, reason);
  return (
    <button
      type="button"
      // Reached by the arrow keys of its row and by its menu; a stop for every message would bury the composer.
      tabIndex={-1}
      aria-label={sentence}
      data-tip={sentence}
      onClick={onOpen}
      className="-m-1 inline-flex rounded-small p-1"
    >
      <Tick state={state} />
    </button>
  );
}
