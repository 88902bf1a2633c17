import { describe, expect, test } from 'vitest';
import type { Conversation } from '@kith/api/conversation-shapes';
import type { ApiEvent, Contact, Message } from '@kith/api/shapes';
import { listOf, withConversation, withEvents, withoutConversation } from './conversation-list.ts';

const at = (second: number): string => new Date(Date.UTC(2025, 0, 1, 0, 0, second)).toISOString();

function message(conversation: string, position: number, over: Partial<Message> = {}): Message {
  return {
    id: `${conversation}${position}`,
    conversation,
    from: conversation,
    direction: 'in',
    text: 'x',
    sentAt: at(position),
    receivedAt: at(position),
    state: 'received',
    reason: null,
    expiresAt: null,
    position,
    replyTo: null,
    editedAt: null,
    deleted: false,
    reactions: [],
    changePending: false,
    ...over,
  };
}

function contact(id: string): Contact {
  return {
    id,
    name: id,
    claimedName: id,
    hue: null,
    state: 'connected',
    verified: false,
    keyChanged: false,
    reachable: false,
    lastSeen: null,
    greeting: '',
    conversation: id,
  };
}

function conversation(id: string, over: Partial<Conversation> = {}): Conversation {
  return {
    id,
    contact: contact(id),
    name: id,
    last: null,
    unread: 0,
    firstUnread: null,
    draft: null,
    mutedUntil: null,
    pinned: false,
    sessionResetAt: null,
    activeAt: at(0),
    ...over,
  };
}

const event = (data: Message): ApiEvent => ({ seq: 1, at: at(0), event: 'message', data });
const order = (list: { conversations: readonly Conversation[] }): string[] =>
  list.conversations.map(({ id }) => id);

describe('the list of conversations', () => {
  test('a message moves its conversation up, below the pinned ones, and counts', () => {
    const list = listOf([
      conversation('a', { activeAt: at(5) }),
      conversation('b'),
      conversation('p', { pinned: true }),
    ]);
    expect(order(list)).toEqual(['p', 'a', 'b']);
    const next = withEvents(list, [event(message('b', 9)), event(message('b', 10))]);
    expect(order(next)).toEqual(['p', 'b', 'a']);
    expect(next.conversations[1]).toMatchObject({ unread: 2, firstUnread: 'b9', last: { id: 'b10' } });
    expect([...next.stale]).toEqual(['b']);
  });

  test('a message that the list already has is not counted again', () => {
    const last = message('a', 9);
    const list = listOf([conversation('a', { last, unread: 1, firstUnread: 'a9' })]);
    expect(withEvents(list, [event(last)]).conversations[0]?.unread).toBe(1);
  });

  test('an own message is not unread', () => {
    const own = message('a', 3, { direction: 'out', state: 'stored' });
    expect(withEvents(listOf([conversation('a')]), [event(own)]).conversations[0]?.unread).toBe(0);
  });

  test('a conversation that is not here asks for the whole list', () => {
    expect(withEvents(listOf([]), [event(message('a', 1))]).isStale).toBe(true);
  });

  test('reachability is taken from the event; a key that changed is asked for', () => {
    const list = listOf([conversation('a')]);
    const data = {
      id: 'a',
      name: 'a',
      claimedName: 'a',
      hue: null,
      state: 'connected',
      verified: false,
      keyChanged: false,
      reachable: true,
      conversation: 'a',
    } as const;
    const reachable = withEvents(list, [{ seq: 1, at: at(0), event: 'contact', data }]);
    expect(reachable.conversations[0]?.contact?.reachable).toBe(true);
    expect(reachable.isStale).toBe(false);
    const renamed = withEvents(list, [
      { seq: 1, at: at(0), event: 'contact', data: { ...data, name: 'Anna' } },
    ]);
    expect(renamed.conversations[0]?.name).toBe('Anna');
    expect(renamed.isStale).toBe(true);
  });

  test('what does not concern it changes nothing', () => {
    const list = listOf([conversation('a')]);
    expect(withEvents(list, [{ seq: 1, at: at(0), event: 'settings', data: {} }])).toBe(list);
  });

  test('what the node says replaces what was guessed', () => {
    const guessed = withEvents(listOf([conversation('a')]), [event(message('a', 1))]);
    const told = withConversation(guessed, conversation('a', { unread: 0, last: message('a', 1) }));
    expect(told.conversations[0]?.unread).toBe(0);
    expect(told.stale.size).toBe(0);
    expect(withoutConversation(told, 'a').conversations).toEqual([]);
  });
});
