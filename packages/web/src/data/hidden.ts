/**
 * What is being deleted and can still be taken back: it is not shown, and is not deleted yet. In this window alone. What was deleted
 * then stays hidden until the events have taken it away: the answer to a call comes before them.
 */
import { create } from 'zustand';
import type { ApiEvent, Message } from '@kith/api/shapes';

export interface Hidden {
  /** Conversations whose messages go, and the position of the last one that does. */
  conversations: ReadonlyMap<string, number>;
  messages: ReadonlySet<string>;
}

export const useHidden = create<Hidden>(() => ({ conversations: new Map(), messages: new Set() }));

/** @param upTo - Position of the last message that goes; null: none does any more. */
export function hideConversation(id: string, upTo: number | null): void {
  useHidden.setState(({ conversations }) => {
    const next = new Map(conversations);
    if (upTo === null) next.delete(id);
    else next.set(id, upTo);
    return { conversations: next };
  });
}

export function hideMessages(ids: readonly string[], isHidden: boolean): void {
  useHidden.setState(({ messages }) => ({ messages: withOr(messages, ids, isHidden) }));
}

/** After the windows took these events in: nothing is left to be hidden of what is gone. */
export function forgetHidden(events: readonly ApiEvent[]): void {
  const { messages } = useHidden.getState();
  if (messages.size === 0) return;
  const gone = events.flatMap(({ event, data }) =>
    event === 'removed' || (event === 'changed' && data.deleted) ? [data.id] : [],
  );
  if (gone.some((id) => messages.has(id))) hideMessages(gone, false);
}

/** It is being deleted, and not shown. */
export function isHidden(
  { id, conversation, position }: Message,
  { messages, conversations }: Hidden = useHidden.getState(),
): boolean {
  return messages.has(id) || position <= (conversations.get(conversation) ?? -1);
}

function withOr(set: ReadonlySet<string>, ids: readonly string[], isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  for (const id of ids) {
    if (isIn) next.add(id);
    else next.delete(id);
  }
  return next;
}
