/** The part of the double of a node that answers for conversations. */
import type { StoredMessage } from '@kith/core/base/store';
import type { CommandName, Commands, ContactView, ConversationView } from '@kith/core/peer/contract';

/** 2026-01-02T03:04:05.000Z: every time that the double makes begins here. */
export const fakeWallMs: number = Date.UTC(2026, 0, 2, 3, 4, 5);

interface World {
  contacts: readonly ContactView[];
  stored: StoredMessage[];
  contactOf(reference: string): ContactView;
  positionOf(id: string): number;
}

type Answered = 'conversations' | 'conversation' | 'setDraft' | 'mute' | 'pin' | 'clear' | 'page';
type Handlers = {
  [Name in Extract<CommandName, Answered>]: (input: Commands[Name]['in']) => Commands[Name]['out'];
};

export function conversationHandlers({ contacts, stored, contactOf, positionOf }: World): Handlers {
  const kept = new Map<string, Partial<ConversationView>>();
  const viewOf = (contact: ContactView): ConversationView => ({
    id: contact.conversation,
    contact,
    name: contact.name,
    last: stored.findLast((message) => message.conversation === contact.conversation),
    unread: 0,
    firstUnread: undefined,
    draft: undefined,
    mutedUntilWallMs: undefined,
    pinned: false,
    activeWallMs: fakeWallMs,
    ...kept.get(contact.conversation),
  });
  const change = (reference: string, part: Partial<ConversationView>): ConversationView => {
    const contact = contactOf(reference);
    kept.set(contact.conversation, { ...kept.get(contact.conversation), ...part });
    return viewOf(contact);
  };
  return {
    conversations: () => contacts.map(viewOf),
    conversation: ({ conversation }) => viewOf(contactOf(conversation)),
    setDraft: ({ conversation, text, replyTo, editing }) =>
      change(conversation, {
        draft: text === '' ? undefined : { text, replyTo, editing, updatedWallMs: fakeWallMs },
      }),
    mute: ({ conversation, untilWallMs }) => change(conversation, { mutedUntilWallMs: untilWallMs }),
    pin: ({ conversation, pinned }) => change(conversation, { pinned }),
    clear({ conversation }) {
      const { conversation: id } = contactOf(conversation);
      const left = stored.filter((message) => message.conversation !== id);
      const removed = stored.length - left.length;
      stored.splice(0, stored.length, ...left);
      return { removed, rest: undefined };
    },
    page({ conversation, limit, before, after }) {
      const { conversation: id } = contactOf(conversation);
      const all = stored.filter((message) => message.conversation === id);
      const from = after === undefined ? 0 : positionOf(after);
      const below = before === undefined ? Number.POSITIVE_INFINITY : positionOf(before);
      const fitting = all.filter(({ position }) => position > from && position < below);
      const messages = after === undefined ? fitting.slice(-limit) : fitting.slice(0, limit);
      return { messages, hasOlder: messages[0] !== all[0], hasNewer: messages.at(-1) !== all.at(-1) };
    },
  };
}
