/**
 * One row of the list with a message: its place, its name for screen readers, what a key does on it. Drawn anew only when its own
 * message changes; a hundred new messages a second must not draw the old ones.
 */
import { memo, useId, useState, type KeyboardEvent } from 'react';
import type { Message } from '@kith/api/shapes';
import { Check } from 'lucide-react';
import { classNames } from '../design/class-names.ts';
import { isLedByKeys } from '../design/focus-trail.ts';
import { useTexts } from '../i18n/texts.ts';
import { useConversationScope, type ConversationScope } from './conversation-context.ts';
import { MessageActions } from './message-actions.tsx';
import { MessageBubble } from './message-bubble.tsx';
import type { MessageRow as Row, PendingRow } from './message-rows.ts';
import type { TickState } from './tick.tsx';

export interface MessageRowProps {
  row: Row | PendingRow;
  /** The one row that Tab reaches. */
  isCurrent: boolean;
  isHighlighted: boolean;
  /** Undefined where nothing is being selected. */
  isSelected: boolean | undefined;
}

export const MessageRowView = memo(function MessageRowView(props: MessageRowProps) {
  const { row, isCurrent, isHighlighted, isSelected } = props;
  const { t } = useTexts();
  const scope = useConversationScope();
  const id = useId();
  const message = row.kind === 'message' ? row.message : asMessage(row, scope);
  const [isFresh] = useState(() => scope.fresh.take(row.key));
  const [isHot, setIsHot] = useState(false);
  const [isHeld, setIsHeld] = useState(false);
  const isStored = row.kind === 'message';
  const isOwn = message.direction === 'out';
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an article of a log that arrows lead to.
    <div
      role="article"
      data-row={row.key}
      data-message={isStored ? message.id : undefined}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- one of them is reached by Tab.
      tabIndex={isCurrent ? 0 : -1}
      aria-labelledby={`${isSelected === true ? `${id}-selected ` : ''}${id}-author ${id}-text ${id}-meta`}
      data-inset-focus=""
      onPointerEnter={(event) => event.pointerType === 'mouse' && setIsHot(true)}
      onPointerLeave={() => setIsHot(false)}
      onFocus={(event) => event.target.matches(':focus-visible') && setIsHot(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setIsHot(false)}
      onClick={isSelected === undefined ? undefined : () => scope.acts.select(message)}
      onKeyDown={(event) => isStored && onRowKey(event, message, scope, isSelected !== undefined)}
      className={classNames(
        'relative mx-auto w-full max-w-190 rounded-control px-4 outline-offset-[-2px]',
        row.opens ? 'pt-(--group-gap)' : 'pt-0.5',
        isFresh && 'rise',
        isHighlighted && 'highlight',
        isSelected === true && 'bg-accent-soft/60',
        isSelected !== undefined && 'ps-12',
      )}
    >
      <span id={`${id}-author`} className="sr-only">
        {isOwn ? t('talk.you') : scope.name}:
      </span>
      {isSelected !== undefined && <SelectMark id={`${id}-selected`} isSelected={isSelected} />}
      <MessageBubble
        {...{ message }}
        state={stateOf(row)}
        opens={row.opens}
        closes={row.closes}
        hasTick={row.kind === 'pending' || row.hasTick}
        idPrefix={id}
        actions={
          (isHot || isHeld) && isStored && isSelected === undefined ? (
            <MessageActions message={message} showsTime={!row.closes} onHold={setIsHeld} />
          ) : null
        }
      />
    </div>
  );
});

function SelectMark({ id, isSelected }: { id: string; isSelected: boolean }) {
  const { t } = useTexts();
  return (
    <span
      className={classNames(
        'absolute start-4 bottom-1.5 flex size-5 items-center justify-center rounded-full border',
        isSelected ? 'border-accent bg-accent text-on-accent' : 'border-edge',
      )}
    >
      {isSelected && <Check size={13} strokeWidth={3} aria-hidden="true" />}
      <span id={id} className="sr-only">
        {isSelected ? t('talk.selected.mark') : ''}
      </span>
    </span>
  );
}

function stateOf(row: Row | PendingRow): TickState {
  if (row.kind === 'message') return row.message.state;
  return row.pending.isUnsure ? 'unsure' : 'sending';
}

/** What waits for the disk looks like what is on it, so that nothing jumps when it gets there. */
function asMessage({ pending }: PendingRow, { me, conversation }: ConversationScope): Message {
  return {
    id: pending.id ?? pending.key,
    conversation,
    from: me,
    direction: 'out',
    text: pending.text,
    sentAt: pending.at,
    receivedAt: null,
    state: 'stored',
    reason: null,
    expiresAt: null,
    position: Number.MAX_SAFE_INTEGER,
    replyTo: pending.replyTo,
    editedAt: null,
    deleted: false,
    reactions: [],
    changePending: false,
  };
}

function onRowKey(
  event: KeyboardEvent<HTMLElement>,
  message: Message,
  { acts, canWrite }: ConversationScope,
  isSelecting: boolean,
): void {
  // Keys of what is inside the row are its own.
  if (event.target !== event.currentTarget || event.altKey || event.defaultPrevented) return;
  const isOwn = message.direction === 'out';
  const act = ((): (() => void) | undefined => {
    // The other keys mean the selection (use-selection.ts), or what one writes.
    if (isSelecting) return event.key === ' ' ? () => acts.select(message) : undefined;
    if (event.ctrlKey || event.metaKey) {
      const hasSelection = getSelection()?.isCollapsed === false;
      return event.key === 'c' && !hasSelection ? () => acts.copy([message]) : undefined;
    }
    // Whoever pressed a message and types writes.
    if (!isLedByKeys() && event.key !== 'Delete' && event.key !== 'Enter') return undefined;
    switch (event.key) {
      case 'r':
      case 'R':
        return canWrite && !message.deleted ? () => acts.reply(message) : undefined;
      case 'e':
      case 'E':
        return canWrite && isOwn && !message.deleted ? () => acts.edit(message) : undefined;
      case 'Delete':
      case 'Backspace':
        return () => acts.remove([message]);
      case 'Enter':
        return isOwn ? () => acts.openDetails(message) : undefined;
      case '+':
        return canWrite && !message.deleted ? () => acts.openReactions(message) : undefined;
      default:
        return undefined;
    }
  })();
  if (act === undefined) return;
  event.preventDefault();
  act();
}
