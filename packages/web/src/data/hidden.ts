/** What is being deleted and can still be taken back: it is not shown, and is not deleted yet. In this window alone. */
import { create } from 'zustand';
import type { Message } from '@kith/api/shapes';

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
