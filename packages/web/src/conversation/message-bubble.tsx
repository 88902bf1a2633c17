/** One message: its bubble with quote, words, time and tick, and the reactions below. */
import type { Message } from '@kith/api/shapes';
import { Clock, Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '../design/class-names.ts';
import { isEmojiOnly } from '../markdown/emoji-only.ts';
import { MarkdownView } from '../markdown/markdown-view.tsx';
import { formatMoment, formatTime } from '../i18n/formats.ts';
import { useTexts } from '../i18n/texts.ts';
import { useConversationScope } from './conversation-context.ts';
import { QuoteView } from './quote-view.tsx';
import { Reactions } from './reactions.tsx';
import { TickButton, type TickState } from './tick.tsx';

export interface MessageBubbleProps {
  message: Message;
  /** Of an own message; where it is not stored yet, what is known instead. */
  state: TickState;
  opens: boolean;
  closes: boolean;
  /** The tick stands where it says something that the next message does not say again. */
  hasTick: boolean;
  idPrefix: string;
  /** Beside the bubble: what can be done with it. */
  actions: ReactNode;
}

export function MessageBubble(props: MessageBubbleProps) {
  const { message, state, opens, closes, hasTick, idPrefix, actions } = props;
  const scope = useConversationScope();
  const { t } = useTexts();
  const { acts, me, name, nameOf, canWrite } = scope;
  const isOwn = message.direction === 'out';
  const isLarge = !message.deleted && message.replyTo === null && isEmojiOnly(message.text);
  const meta = (
    <Meta
      {...{ message, state, closes, hasTick, isLarge, idPrefix, name }}
      onOpen={() => acts.openDetails(message)}
    />
  );
  return (
    <div className={classNames('flex min-w-0 flex-col', isOwn ? 'items-end' : 'items-start')}>
      <div
        className={classNames(
          'relative flex max-w-[min(85%,36rem)] min-w-0 pane:max-w-[min(calc(100%-7.5rem),36rem)]',
          isOwn && 'flex-row-reverse',
        )}
      >
        <div
          data-bubble=""
          className={classNames(
            'foreign min-w-0 rounded-bubble',
            isLarge ? 'px-1' : classNames('px-3 py-1.5', isOwn ? 'bg-accent-soft' : 'bg-bubble'),
            isOwn ? !opens && 'rounded-se-small' : !opens && 'rounded-ss-small',
            isOwn ? !closes && 'rounded-ee-small' : !closes && 'rounded-es-small',
            state === 'failed' && 'ring-1 ring-bad/50',
          )}
        >
          {message.replyTo !== null && !message.deleted && (
            <div className="-mx-1 mt-0.5 mb-1">
              <QuoteView quoted={message.replyTo} {...{ me, nameOf }} onJump={acts.jump} />
            </div>
          )}
          <div
            id={`${idPrefix}-text`}
            className={classNames('message-text', isLarge && 'text-[2.25rem] leading-[1.25]')}
          >
            {message.deleted ? (
              <p className="text-secondary italic">
                {isOwn ? t('talk.deleted.own') : t('talk.deleted.by', { name })}
                {meta}
              </p>
            ) : (
              <MarkdownView text={message.text} end={meta} onMeshLink={acts.openLink} />
            )}
          </div>
        </div>
        {actions}
      </div>
      <Reactions
        reactions={message.reactions}
        {...{ me, nameOf, isOwn }}
        isDisabled={!canWrite}
        onReact={(emoji, on) => acts.react(message, emoji, on)}
      />
    </div>
  );
}

interface MetaProps {
  message: Message;
  state: TickState;
  closes: boolean;
  hasTick: boolean;
  isLarge: boolean;
  idPrefix: string;
  name: string;
  onOpen: () => void;
}

/** Time, marks and tick at the end of the last line; below it where there is no room. */
function Meta({ message, state, closes, hasTick, isLarge, idPrefix, name, onOpen }: MetaProps) {
  const { t } = useTexts();
  const isOwn = message.direction === 'out';
  const editedAt = message.deleted ? null : message.editedAt;
  const expiresAt = state === 'stored' || state === 'sent' ? message.expiresAt : null;
  const hasMark = editedAt !== null || expiresAt !== null;
  return (
    <span
      id={`${idPrefix}-meta`}
      className={classNames(
        'float-end inline-flex text-meta text-faint not-italic select-none',
        (closes || hasTick || hasMark) && 'ms-2.5 mt-1.5 -mb-0.5',
        // Beside letters of their height.
        isLarge && 'mt-6',
      )}
    >
      {/* The words are the app's, whatever the direction of the message. */}
      <span dir="ltr" className="inline-flex items-center gap-1">
        {editedAt !== null && (
          <span
            className="inline-flex"
            role="img"
            aria-label={t('talk.edited.at', { time: formatMoment(editedAt) })}
            data-tip={t('talk.edited.at', { time: formatMoment(editedAt) })}
          >
            <Pencil aria-hidden="true" size={11} />
          </span>
        )}
        {expiresAt !== null && (
          <span
            className="inline-flex"
            role="img"
            aria-label={t('talk.expires.at', { time: formatMoment(expiresAt) })}
            data-tip={t('talk.expires.at', { time: formatMoment(expiresAt) })}
          >
            <Clock aria-hidden="true" size={11} />
          </span>
        )}
        <time
          dateTime={message.sentAt}
          data-tip={formatMoment(message.sentAt)}
          className={classNames('tabular', !closes && 'sr-only')}
        >
          {formatTime(message.sentAt)}
        </time>
        {isOwn && hasTick && <TickButton {...{ state, name, onOpen }} reason={message.reason} />}
      </span>
    </span>
  );
}
