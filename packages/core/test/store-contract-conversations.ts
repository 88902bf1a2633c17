/** The part of store-contract.ts about conversations, places within them, and the removal of messages. */
import { expect, test } from 'vitest';
import type { MessageId } from '../src/base/ids.ts';
import { type MessageFilter, type StoreWrite, unreadMax } from '../src/base/store.ts';
import { ids, ledgerRow, messageRow } from './store-rows.ts';
import { commitAll, idsOf, numbers, putMessage, type ContractDatabase, type Open } from './store-writes.ts';

const [here, there] = [ids.conversation(1), ids.conversation(2)];
const removeMessage = (n: number): StoreWrite => ({
  op: 'removeMessage',
  conversation: here,
  id: ids.message(n),
});
const incoming = (n: number): StoreWrite => putMessage(n, { direction: 'in', state: 'received' });

export function conversationTests(open: Open): void {
  test('a conversation has a row from its first message or change on, by id', () => {
    const { store, ...database } = open();
    expect(store.conversations()).toEqual([]);
    expect(store.conversation(here)).toBeUndefined();
    const change: StoreWrite = {
      op: 'changeConversation',
      conversation: there,
      person: ids.person(2),
      change: { pinned: true },
    };
    commitAll({ store, ...database }, [change, putMessage(1)]);
    const first = {
      conversation: here,
      person: ids.person(1),
      formerName: undefined,
      draft: undefined,
      mutedUntilWallMs: undefined,
      pinned: false,
      sessionResetWallMs: undefined,
      readUpTo: 0,
      last: store.message(here, ids.message(1)),
      unread: 0,
      firstUnread: undefined,
    };
    const second = {
      ...first,
      conversation: there,
      person: ids.person(2),
      pinned: true,
      last: undefined,
    };
    expect(store.conversations()).toEqual([first, second]);
    expect(store.conversation(there)).toEqual(second);
  });

  test('a change changes what it names, and empties what it names without a value', () => {
    const database = open();
    const draft = { text: 'half a', replyTo: ids.message(1), editing: undefined, updatedWallMs: 5 };
    const put = (change: Extract<StoreWrite, { op: 'changeConversation' }>['change']): void =>
      commitAll(database, [{ op: 'changeConversation', conversation: here, person: ids.person(1), change }]);
    put({ draft, mutedUntilWallMs: 9, formerName: 'zoe' });
    put({ pinned: true, readUpTo: 3, sessionResetWallMs: 8 });
    const row = database.store.conversation(here);
    expect(row).toMatchObject({ draft, mutedUntilWallMs: 9, formerName: 'zoe', pinned: true, readUpTo: 3 });
    expect(row?.sessionResetWallMs).toBe(8);
    put({ draft: undefined, mutedUntilWallMs: undefined, sessionResetWallMs: undefined, pinned: false });
    expect(database.store.conversation(here)).toEqual({
      ...row,
      draft: undefined,
      mutedUntilWallMs: undefined,
      sessionResetWallMs: undefined,
      pinned: false,
    });
    commitAll(database, [putMessage(1), { op: 'removeConversation', conversation: here }]);
    expect(database.store.conversation(here)).toBeUndefined();
    expect(database.store.history(here, 10, undefined)).toHaveLength(1);
  });

  test('unread: incoming ones above what was read, the oldest named, counted to a bound', () => {
    const database = open();
    commitAll(database, [incoming(1), putMessage(2), incoming(3), putMessage(4), incoming(5)]);
    expect(database.store.conversation(here)).toMatchObject({ unread: 3, firstUnread: ids.message(1) });
    const readUpTo = database.store.message(here, ids.message(1))!.position;
    commitAll(database, [
      { op: 'changeConversation', conversation: here, person: ids.person(1), change: { readUpTo } },
    ]);
    expect(database.store.conversation(here)).toMatchObject({ unread: 2, firstUnread: ids.message(3) });
    expect(database.store.readUpTo(here)).toBe(readUpTo);
    expect(database.store.unread(here, 0)).toEqual({ unread: 3, firstUnread: ids.message(1) });
    expect(database.store.unread(here, 1_000)).toEqual({ unread: 0, firstUnread: undefined });
    const nowhere = ids.conversation(77);
    expect([database.store.readUpTo(nowhere), database.store.unread(nowhere, 0).unread]).toEqual([0, 0]);
    commitAll(database, numbers(10, 10 + unreadMax).map(incoming));
    expect(database.store.conversation(here)).toMatchObject({
      unread: unreadMax,
      last: { id: ids.message(1_010) },
    });
  });
}

export function removalTests(open: Open): void {
  test('a removed message takes its ledger and its words along', () => {
    const database = open();
    commitAll(database, [
      putMessage(1, { text: 'zaphod' }),
      putMessage(2, { text: 'zaphod too' }),
      { op: 'addLedger', row: ledgerRow(1) },
    ]);
    const { store } = database;
    expect(store.messageCount()).toBe(2);
    commitAll(database, [removeMessage(1), removeMessage(9)]);
    expect(store.message(here, ids.message(1))).toBeUndefined();
    expect(store.messagesById(ids.message(1))).toEqual([]);
    expect(store.ledger(here, ids.message(1))).toEqual([]);
    expect(idsOf(store.search('zaphod', 10))).toEqual([ids.message(2)]);
    expect(store.messageCount()).toBe(1);
    expect(store.conversation(here)?.last?.id).toBe(ids.message(2));
  });

  test('a position is given once, also when the newest message was removed, and a rollback gives it back', () => {
    const database = open();
    commitAll(database, [putMessage(1), putMessage(2)]);
    const position = database.store.message(here, ids.message(2))!.position;
    commitAll(database, [removeMessage(2)]);
    commitAll(database, [putMessage(3)]);
    expect(database.store.message(here, ids.message(3))!.position).toBeGreaterThan(position);
    const before = database.store.history(here, 10, undefined);
    database.begin();
    database.apply(removeMessage(3));
    database.apply(putMessage(4));
    database.rollback();
    expect(database.store.history(here, 10, undefined)).toEqual(before);
    expect(database.store.messageCount()).toBe(2);
    commitAll(database, [putMessage(2, { text: 'once more' })]);
    expect(idsOf(database.store.search('once', 10))).toEqual([ids.message(2)]);
  });
}

/** Ten messages a second apart, every third in another conversation. */
function timeline(database: ContractDatabase): void {
  const rows = numbers(1, 10).map((n) => {
    const receivedWallMs = n % 2 === 0 ? n * 1_000 : undefined;
    const direction = n % 2 === 0 ? ('in' as const) : ('out' as const);
    const conversation = n % 3 === 0 ? there : here;
    const text = n % 4 === 0 ? `see https://example.org/${n}` : `number ${n}`;
    return messageRow(n, { sentWallMs: n * 1_000, receivedWallMs, direction, conversation, text });
  });
  commitAll(
    database,
    rows.map((row) => ({ op: 'putMessage', row })),
  );
}

export function placeTests(open: Open): void {
  test('messages after a position, oldest first, of one conversation and of all', () => {
    const database = open();
    timeline(database);
    const { store } = database;
    const position = store.message(here, ids.message(2))!.position;
    expect(idsOf(store.historyAfter(here, 3, position))).toEqual([4, 5, 7].map(ids.message));
    expect(idsOf(store.historyAfter(here, 2, 0))).toEqual([1, 2].map(ids.message));
    expect(store.historyAfter(ids.conversation(9), 2, 0)).toEqual([]);
    expect(idsOf(store.oldest(3, position))).toEqual([3, 4, 5].map(ids.message));
    for (const limit of [0, 1_001]) {
      expect(() => store.historyAfter(here, limit, 0)).toThrow(RangeError);
      expect(() => store.oldest(limit, 0)).toThrow(RangeError);
    }
  });

  test('the place of a moment, by when messages came', () => {
    const database = open();
    timeline(database);
    const { store } = database;
    const at = (n: number): number => store.messagesById(ids.message(n))[0]!.position;
    expect(store.positionAt(here, 0)).toBe(at(1));
    expect(store.positionAt(here, 2_000)).toBe(at(2));
    expect(store.positionAt(here, 2_001)).toBe(at(4));
    expect(store.positionAt(here, 10_000)).toBe(at(10));
    expect(store.positionAt(here, 10_001)).toBeUndefined();
    expect(store.positionAt(there, 4_000)).toBe(at(6));
    expect(store.positionAt(undefined, 2_001)).toBe(at(3));
    expect(store.positionAt(ids.conversation(9), 0)).toBeUndefined();
  });

  test('search with filters: each, together with words, and without any', () => {
    const database = open();
    timeline(database);
    const found = (words: string, filter: MessageFilter, limit = 20): MessageId[] =>
      idsOf(database.store.search(words, limit, filter));
    const at = (n: number): number => database.store.messagesById(ids.message(n))[0]!.position;
    expect(found('number', { conversation: here })).toEqual([10, 7, 5, 2, 1].map(ids.message));
    expect(found('', { conversation: there })).toEqual([9, 6, 3].map(ids.message));
    expect(found('', { direction: 'in' }, 3)).toEqual([10, 8, 6].map(ids.message));
    expect(found('', { direction: 'out', conversation: there })).toEqual([9, 3].map(ids.message));
    expect(found(' ', { hasLink: true })).toEqual([8, 4].map(ids.message));
    expect(found('example', { hasLink: true, before: at(8) })).toEqual([ids.message(4)]);
    expect(found('number', { after: at(5), before: at(9) })).toEqual([7, 6].map(ids.message));
    expect(found('', {})).toEqual([]);
    expect(found('!', { hasLink: true })).toEqual([]);
    expect(found('', { conversation: ids.conversation(9) })).toEqual([]);
  });
}
