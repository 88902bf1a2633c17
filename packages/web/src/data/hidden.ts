/** What is being deleted and can still be taken back: it is not shown, and is not deleted yet. In this window alone. */
import { create } from 'zustand';

interface Hidden {
  /** Conversations whose messages go. */
  conversations: ReadonlySet<string>;
  messages: ReadonlySet<string>;
}

export const useHidden = create<Hidden>(() => ({ conversations: new Set(), messages: new Set() }));

export function hideConversation(id: string, isHidden: boolean): void {
  useHidden.setState(({ conversations }) => ({ conversations: withOr(conversations, [id], isHidden) }));
}

export function hideMessages(ids: readonly string[], isHidden: boolean): void {
  useHidden.setState(({ messages }) => ({ messages: withOr(messages, ids, isHidden) }));
}

function withOr(set: ReadonlySet<string>, ids: readonly string[], isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  for (const id of ids) {
    if (isIn) next.add(id);
    else next.delete(id);
  }
  return next;
}
