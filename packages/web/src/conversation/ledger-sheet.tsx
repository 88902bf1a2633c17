/** What happened to an own message, line by line and in plain words, and what to do where it did not arrive. */
import { useQuery } from '@tanstack/react-query';
import type { LedgerEntry, Message, MessageDetail } from '@kith/api/shapes';
import { RotateCcw } from 'lucide-react';
import { Button } from '../design/button.tsx';
import { Sheet } from '../design/dialog.tsx';
import { Skeleton } from '../design/skeleton.tsx';
import { formatMoment, formatTime } from '../i18n/formats.ts';
import { useTexts, type Translate } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { plainText } from '../markdown/plain-text.ts';
import { reasonWords } from './reason-words.ts';
import { Tick, tickSentence } from './tick.tsx';

export interface LedgerSheetProps {
  /** As the list shows it now; null: closed. */
  message: Message | null;
  name: string;
  load: (id: string) => Promise<MessageDetail>;
  onSendAgain: ((message: Message) => void) | null;
  onClose: () => void;
}

export function LedgerSheet({ message, name, load, onSendAgain, onClose }: LedgerSheetProps) {
  const { t } = useTexts();
  const detail = useQuery({
    // The state is part of the question: a new line in the ledger comes with a new state.
    queryKey: ['message', message?.id, message?.state],
    queryFn: async () => await load(message?.id ?? ''),
    enabled: message !== null,
    placeholderData: (before) => (before?.id === message?.id ? before : undefined),
  });
  const hasEnded = message?.state === 'failed' || message?.state === 'expired';
  return (
    <Sheet open={message !== null} onClose={onClose} title={t('ledger.title')}>
      {message !== null && (
        <div className="flex flex-col gap-5 pt-1">
          <p dir="auto" className="foreign line-clamp-4 rounded-bubble bg-accent-soft px-3 py-1.5">
            {plainText(message.text, 240)}
          </p>
          <p className="flex items-start gap-2.5">
            <span className="flex h-5.5 items-center">
              <Tick state={message.state} />
            </span>
            <span className="text-pretty">{tickSentence(t, message.state, name, message.reason)}</span>
          </p>
          {hasEnded && onSendAgain !== null && (
            <Button
              icon={<RotateCcw size={16} />}
              className="self-start"
              onClick={() => onSendAgain(message)}
            >
              {t('talk.sendAgain')}
            </Button>
          )}
          {message.expiresAt !== null && !hasEnded && (
            <p className="text-secondary">
              {t('talk.expires.at', { time: formatMoment(message.expiresAt) })}
            </p>
          )}
          <section aria-label={t('ledger.steps')}>
            <h3 className="mb-2 text-small text-faint">{t('ledger.steps')}</h3>
            {detail.data !== undefined ? (
              <Steps detail={detail.data} name={name} />
            ) : detail.isError ? (
              <p className="text-secondary">{errorWords(detail.error)}</p>
            ) : (
              <Skeleton className="h-24 w-full" />
            )}
          </section>
        </div>
      )}
    </Sheet>
  );
}

function Steps({ detail, name }: { detail: MessageDetail; name: string }) {
  const { t } = useTexts();
  return (
    <ol className="relative flex flex-col">
      {detail.ledger.map((entry, index) => (
        // A ledger only grows, and two lines may be alike.
        <li key={index} className="relative flex gap-3 pb-4 last:pb-0">
          {index < detail.ledger.length - 1 && (
            <span aria-hidden="true" className="absolute start-2.5 top-5 bottom-0 w-px bg-line" />
          )}
          <span className="flex size-5 shrink-0 items-center justify-center">
            <Tick state={entry.state} />
          </span>
          <div className="min-w-0 flex-1">
            <p className="text-pretty">{stepWords(t, entry, name)}</p>
            <p className="text-small text-faint">
              <time dateTime={entry.at} title={formatMoment(entry.at)} className="tabular">
                {formatStep(entry.at, detail.createdAt)}
              </time>
              {entry.detail !== null && entry.detail !== '' && <bdi> · {reasonWords(t, entry.detail)}</bdi>}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The time alone on the day the message was written. */
function formatStep(at: string, createdAt: string): string {
  const isSameDay = new Date(at).toDateString() === new Date(createdAt).toDateString();
  return isSameDay ? formatTime(at) : formatMoment(at);
}

function stepWords(t: Translate, entry: LedgerEntry, name: string): string {
  switch (entry.state) {
    case 'stored':
      return t('ledger.stored');
    case 'sent':
      if (entry.by === 'carrier') return t('ledger.sent.carrier');
      return entry.attempt !== null && entry.attempt > 1
        ? t('ledger.sent.again', { name, attempt: entry.attempt })
        : t('ledger.sent', { name });
    case 'delivered':
      return t('ledger.delivered', { name });
    case 'read':
    case 'received':
      return t('ledger.read', { name });
    case 'expired':
      return t('ledger.expired');
    case 'failed':
      return t('ledger.failed');
  }
}
