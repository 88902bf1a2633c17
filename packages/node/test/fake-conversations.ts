/** The part of the double of a node that answers for conversations. */
import { KithError } from '@kith/core/base/errors';
import type {
  CommandName,
  Commands,
  ContactView,
  ConversationView,
  MessageView,
} from '@kith/core/peer/contract';
import { fakeWallMs } from './fake-views.ts';

/** What is remembered of conversations, by id. */
export type Kept = Map<string, Partial<ConversationView>>;

interface Finding {
  kept: Kept;
  contactOf(reference: string): ContactView;
  positionOf(id: string): number;
}

type Answered =
  | 'conversations'
  | 'conversation'
  | 'setDraft'
  | 'mute'
  | 'pin'
  | 'dismissReset'
  | 'clear'
  | 'markRead'
  | 'markUnread'
  | 'removeHere'
  | 'history'
  | 'page'
  | 'search'
  | 'amount';
type Handlers = {
  [Name in Extract<CommandName, Answered>]: (input: Commands[Name]['in']) => Commands[Name]['out'];
};

export function conversationHandlers(
  contacts: readonly ContactView[],
  stored: MessageView[],
  { kept, contactOf, positionOf }: Finding,
): Handlers {
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
    sessionResetWallMs: undefined,
    activeWallMs: fakeWallMs,
    ...kept.get(contact.conversation),
  });
  const change = (reference: string, part: Partial<ConversationView>): ConversationView => {
    const contact = contactOf(reference);
    kept.set(contact.conversation, { ...kept.get(contact.conversation), ...part });
    return viewOf(contact);
  };
  const setRead = (reference: string, readUpTo: number): ConversationView => {
    const { conversation } = contactOf(reference);
    const incoming = stored.filter((each) => each.conversation === conversation && each.direction === 'in');
    for (const each of incoming) each.state = each.position <= readUpTo ? 'read' : 'received';
    const unread = incoming.filter((each) => each.state === 'received');
    return change(reference, { unread: unread.length, firstUnread: unread[0]?.id });
  };
  const page = ({
    conversation,
    limit,
    before,
    after,
    around,
    afterPosition,
  }: Commands['page']['in']): Commands['page']['out'] => {
    const { conversation: id } = contactOf(conversation);
    const all = stored.filter((message) => message.conversation === id);
    if (around !== undefined) {
      const messages = all.filter((message) => message.id === around);
      return { messages, hasOlder: messages[0] !== all[0], hasNewer: messages.at(-1) !== all.at(-1) };
    }
    const from = after === undefined ? (afterPosition ?? 0) : positionOf(after);
    const below = before === undefined ? Number.POSITIVE_INFINITY : positionOf(before);
    const fitting = all.filter(({ position }) => position > from && position < below);
    const isForward = after !== undefined || afterPosition !== undefined;
    const messages = !isForward ? fitting.slice(-limit) : fitting.slice(0, limit);
    return { messages, hasOlder: messages[0] !== all[0], hasNewer: messages.at(-1) !== all.at(-1) };
  };
  return {
    amount: ({ conversation }) => ({
      messages: stored.filter(
        (message) =>
          conversation === undefined || message.conversation === contactOf(conversation).conversation,
      ).length,
      conversations: contacts.length,
      oldestWallMs: stored[0]?.sentWallMs,
    }),
    conversations: () => contacts.map(viewOf),
    conversation: ({ conversation }) => viewOf(contactOf(conversation)),
    setDraft: ({ conversation, text, replyTo, editing }) =>
      change(conversation, {
        draft: text === '' ? undefined : { text, replyTo, editing, updatedWallMs: fakeWallMs },
      }),
    mute: ({ conversation, untilWallMs }) => change(conversation, { mutedUntilWallMs: untilWallMs }),
    markRead: ({ conversation, upTo }) => setRead(conversation, positionOf(upTo)),
    markUnread: ({ conversation, from }) => setRead(conversation, positionOf(from) - 1),
    removeHere({ conversation, id }) {
      const at = stored.findIndex((message) => message.id === id);
      if (at < 0) throw new KithError('unknown-message');
      stored.splice(at, 1);
      return { id, conversation: contactOf(conversation).conversation };
    },
    pin: ({ conversation, pinned }) => change(conversation, { pinned }),
    dismissReset: ({ conversation }) => change(conversation, { sessionResetWallMs: undefined }),
    clear({ conversation }) {
      const { conversation: id } = contactOf(conversation);
      const left = stored.filter((message) => message.conversation !== id);
      const removed = stored.length - left.length;
      stored.splice(0, stored.length, ...left);
      return { removed, rest: undefined };
    },
    page,
    search: ({ words, limit }) => stored.filter(({ text }) => text.includes(words)).slice(0, limit),
    history: (input) => page({ ...input, after: undefined, around: undefined, atWallMs: undefined }).messages,
  };
}
