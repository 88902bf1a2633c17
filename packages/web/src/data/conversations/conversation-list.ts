/**
 * The list of conversations, kept up by events. Pure. What an event says wholly is taken in at once, so that the list moves with the
 * first frame; what it only hints at is named in `stale`, and the caller asks the node, which is always right in the end.
 */
import type { Conversation } from '@kith/api/conversation-shapes';
import { unreadCountMax } from '@kith/api/conversation-shapes';
import type { ApiEvent, Message } from '@kith/api/shapes';

export interface ConversationList {
  /** Pinned ones first, then the most recently active. */
  conversations: readonly Conversation[];
  /** Ask for these anew. */
  stale: ReadonlySet<string>;
  /** Ask for the whole list anew: there is one that is not here. */
  isStale: boolean;
}

export function listOf(conversations: readonly Conversation[]): ConversationList {
  return { conversations: inOrder(conversations), stale: new Set(), isStale: false };
}

/** What the node says of one of them. A conversation without contact and messages is gone. */
export function withConversation(list: ConversationList, fresh: Conversation): ConversationList {
  const stale = new Set(list.stale);
  stale.delete(fresh.id);
  const before = list.conversations.find(({ id }) => id === fresh.id);
  const others = list.conversations.filter((one) => one !== before);
  return { ...list, stale, conversations: inOrder([...others, withKnownParts(before, fresh)]) };
}

/** What did not change is the same object as before, so that what shows it need not be drawn anew. */
function withKnownParts(before: Conversation | undefined, fresh: Conversation): Conversation {
  const isSame = before !== undefined && JSON.stringify(before.contact) === JSON.stringify(fresh.contact);
  return isSame ? { ...fresh, contact: before.contact } : fresh;
}

export function withoutConversation(list: ConversationList, id: string): ConversationList {
  const stale = new Set(list.stale);
  stale.delete(id);
  return { ...list, stale, conversations: list.conversations.filter((one) => one.id !== id) };
}

/** Returns the same list where nothing in it changes. */
export function withEvents(list: ConversationList, events: readonly ApiEvent[]): ConversationList {
  const byId = new Map(list.conversations.map((conversation) => [conversation.id, conversation]));
  const stale = new Set(list.stale);
  let isStale = list.isStale;
  let isChanged = false;
  function change(id: string, next: (conversation: Conversation) => Conversation): void {
    const known = byId.get(id);
    if (known === undefined) {
      isStale = true;
      return;
    }
    const changed = next(known);
    isChanged ||= changed !== known;
    byId.set(id, changed);
  }
  for (const event of events) {
    switch (event.event) {
      case 'message':
        change(event.data.conversation, (conversation) => withMessage(conversation, event.data));
        // Counted here for the first frame; read marks of another window may have come between.
        stale.add(event.data.conversation);
        break;
      case 'changed':
        change(event.data.conversation, (one) => withLast(one, event.data.id, () => event.data));
        break;
      case 'state':
        change(event.data.conversation, (one) =>
          withLast(one, event.data.id, (last) => ({
            ...last,
            state: event.data.state,
            reason: event.data.reason,
          })),
        );
        break;
      case 'removed':
        stale.add(event.data.conversation);
        break;
      case 'conversation':
        stale.add(event.data.id);
        break;
      case 'contact':
        isStale ||= !contactIn(byId, event.data.id, event.data);
        isChanged = true;
        break;
      case 'notice':
        // A changed key, a new device: what the row says of them is the node's to say.
        for (const one of byId.values()) if (one.contact?.id === event.data.contact) stale.add(one.id);
        break;
      case 'request':
        isStale = true;
        break;
      case 'peer':
      case 'network':
      case 'settings':
        break;
    }
  }
  for (const id of stale) if (!byId.has(id)) isStale = true;
  if (!isChanged && !isStale && stale.size === list.stale.size) return list;
  return { conversations: isChanged ? inOrder([...byId.values()]) : list.conversations, stale, isStale };
}

function withMessage(conversation: Conversation, message: Message): Conversation {
  // The list was read after this message came: it is counted already.
  if (conversation.last !== null && conversation.last.position >= message.position) return conversation;
  const isUnread = message.direction === 'in' && message.state === 'received';
  return {
    ...conversation,
    last: message,
    unread: Math.min(unreadCountMax, conversation.unread + (isUnread ? 1 : 0)),
    firstUnread: conversation.firstUnread ?? (isUnread ? message.id : null),
    activeAt: message.receivedAt ?? message.sentAt,
  };
}

function withLast(conversation: Conversation, id: string, next: (last: Message) => Message): Conversation {
  const { last } = conversation;
  return last?.id === id ? { ...conversation, last: next(last) } : conversation;
}

type ContactData = Extract<ApiEvent, { event: 'contact' }>['data'];

/** @returns whether all that the event says is in the list now. */
function contactIn(byId: Map<string, Conversation>, person: string, data: ContactData): boolean {
  const conversation = [...byId.values()].find(({ contact }) => contact?.id === person);
  if (conversation === undefined || conversation.contact === null || data.state === 'removed') return false;
  const { contact } = conversation;
  // A changed key and a new name come with other fields that the event does not have.
  const isWhole =
    contact.name === data.name && contact.state === data.state && contact.verified === data.verified;
  byId.set(conversation.id, {
    ...conversation,
    name: data.name,
    contact: {
      ...contact,
      name: data.name,
      state: data.state,
      verified: data.verified,
      reachable: data.reachable,
    },
  });
  return isWhole;
}

function inOrder(conversations: readonly Conversation[]): readonly Conversation[] {
  return conversations.toSorted(
    (one, other) =>
      Number(other.pinned) - Number(one.pinned) ||
      (other.activeAt < one.activeAt ? -1 : other.activeAt > one.activeAt ? 1 : one.id < other.id ? -1 : 1),
  );
}
