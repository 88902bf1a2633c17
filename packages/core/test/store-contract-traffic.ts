/** The part of store-contract.ts about messages and their delivery. */
import { literalsComparedMax } from '../src/base/search-terms.ts';
import { expect, test } from 'vitest';
import type { DeviceId, MessageId } from '../src/base/ids.ts';
import type { StoreWrite } from '../src/base/store.ts';
import { bytesOf, eventRow, ids, ledgerRow, messageRow, outboxRow, receivedRow } from './store-rows.ts';
import { commitAll, idsOf, numbers, putMessage, type Open } from './store-writes.ts';

export function messageTests(open: Open): void {
  test('a message comes back whole, with a position', () => {
    const database = open();
    const received = messageRow(1, {
      direction: 'in',
      text: 'tab\tline\n👩‍👩‍👧 ״שלום״',
      receivedWallMs: 1_760_000_000_999,
      state: 'received',
      reason: 'why',
      expiresAtMs: 1_770_000_000_000,
      expiresAtWallMs: 1_770_000_000_001,
      replyTo: ids.message(77),
      editSequence: Number.MAX_SAFE_INTEGER,
      deleted: true,
    });
    commitAll(database, [{ op: 'putMessage', row: received }, putMessage(2)]);
    const first = database.store.message(received.conversation, received.id);
    const second = database.store.message(ids.conversation(1), ids.message(2));
    expect(first).toEqual({ ...received, position: first?.position, reactions: [] });
    expect(second).toEqual({ ...messageRow(2), position: second?.position, reactions: [] });
    expect(first?.position).toBeGreaterThan(0);
    expect(second?.position).toBeGreaterThan(first?.position ?? Infinity);
    expect(database.store.message(ids.conversation(2), received.id)).toBeUndefined();
  });

  test('the first message of a conversation and id stands', () => {
    const database = open();
    commitAll(database, [putMessage(1), putMessage(2)]);
    const before = database.store.history(ids.conversation(1), 10, undefined);
    commitAll(database, [putMessage(1, { text: 'another text', direction: 'in', person: ids.person(2) })]);
    database.begin();
    database.apply(putMessage(3));
    database.apply(putMessage(3, { text: 'another text' }));
    database.commit();
    const after = database.store.history(ids.conversation(1), 10, undefined);
    expect(after.slice(0, 2)).toEqual(before);
    expect(after.map((message) => message.text)).toEqual([1, 2, 3].map((n) => `message number ${n}`));
    expect(database.store.search('another', 10)).toEqual([]);
  });

  test('the state of a message changes, and nothing else of it', () => {
    const database = open();
    const [conversation, id] = [ids.conversation(1), ids.message(1)];
    commitAll(database, [putMessage(1), putMessage(1, { conversation: ids.conversation(2) })]);
    const before = database.store.message(conversation, id);
    commitAll(database, [{ op: 'setMessageState', conversation, id, state: 'failed', reason: 'gone' }]);
    expect(database.store.message(conversation, id)).toEqual({ ...before, state: 'failed', reason: 'gone' });
    commitAll(database, [{ op: 'setMessageState', conversation, id, state: 'sent', reason: undefined }]);
    expect(database.store.message(conversation, id)).toEqual({ ...before, state: 'sent' });
    expect(database.store.message(ids.conversation(2), id)?.state).toBe('stored');
    const unknown = ids.message(9);
    commitAll(database, [
      { op: 'setMessageState', conversation, id: unknown, state: 'sent', reason: undefined },
    ]);
    expect(database.store.message(conversation, unknown)).toBeUndefined();
  });

  test('all messages with an id: our own first, then by arrival, at most 64', () => {
    const database = open();
    const inbound = numbers(1, 70).map((n) =>
      putMessage(5, { conversation: ids.conversation(n), direction: n === 60 ? 'out' : 'in' }),
    );
    commitAll(database, [...inbound, putMessage(6)]);
    const found = database.store.messagesById(ids.message(5));
    expect(found).toHaveLength(64);
    expect(found.slice(0, 3).map((message) => message.conversation)).toEqual(
      [60, 1, 2].map((n) => ids.conversation(n)),
    );
    expect(database.store.messagesById(ids.message(7))).toEqual([]);
  });

  test('history: the newest below a position, oldest first, of one conversation', () => {
    const database = open();
    const other = ids.conversation(2);
    commitAll(
      database,
      numbers(1, 30).map((n) => putMessage(n, n % 3 === 0 ? { conversation: other } : {})),
    );
    const page = database.store.history(ids.conversation(1), 4, undefined);
    expect(idsOf(page)).toEqual([25, 26, 28, 29].map(ids.message));
    const older = database.store.history(ids.conversation(1), 3, page[0]?.position);
    expect(idsOf(older)).toEqual([20, 22, 23].map(ids.message));
    expect(idsOf(database.store.history(other, 1_000, undefined))).toHaveLength(10);
    expect(database.store.history(ids.conversation(1), 5, 1)).toEqual([]);
    expect(database.store.history(ids.conversation(3), 5, undefined)).toEqual([]);
  });

  test('the ledger keeps what was added in order, per message', () => {
    const database = open();
    const rows = [
      ledgerRow(1),
      ledgerRow(2),
      ledgerRow(1, { state: 'sent', by: 'carrier', device: ids.device(4), attempt: 2, detail: 'direct' }),
      ledgerRow(1, { state: 'sent', atWallMs: 5 }),
      ledgerRow(1, { conversation: ids.conversation(2) }),
      ledgerRow(3), // For a message that is not stored: not kept.
    ];
    const messages = [putMessage(1), putMessage(2), putMessage(1, { conversation: ids.conversation(2) })];
    commitAll(database, [...messages, ...rows.map((row): StoreWrite => ({ op: 'addLedger', row }))]);
    const { store } = database;
    expect(store.ledger(ids.conversation(1), ids.message(1))).toEqual([rows[0], rows[2], rows[3]]);
    expect(store.ledger(ids.conversation(2), ids.message(1))).toEqual([rows[4]]);
    expect(store.ledger(ids.conversation(1), ids.message(3))).toEqual([]);
  });
}

export function searchTests(open: Open): void {
  const texts = [
    'Meet me at the harbour',
    'the HARBOR is closed, take the harbourmaster along',
    'Café au lait',
    'nothing of the kind',
  ];

  test('search: every word by prefix, without case or accents, newest first', () => {
    const database = open();
    commitAll(
      database,
      texts.map((text, index) => putMessage(index + 1, { text })),
    );
    const found = (words: string, limit = 10): MessageId[] => idsOf(database.store.search(words, limit));
    expect(found('harb')).toEqual([2, 1].map(ids.message));
    expect(found('harb', 1)).toEqual([ids.message(2)]);
    expect(found('HARBOUR the')).toEqual([2, 1].map(ids.message));
    expect(found('harbour closed')).toEqual([ids.message(2)]);
    expect(found('cafe')).toEqual([ids.message(3)]);
    expect(found('café lait')).toEqual([ids.message(3)]);
    expect(found('arbour')).toEqual([]);
    expect(found('harbour absent')).toEqual([]);
  });

  test('search: what a person types is words, never a query language', () => {
    const database = open();
    commitAll(database, [putMessage(1, { text: 'say "NEAR" or AND' }), putMessage(2, { text: 'text col' })]);
    const found = (words: string): MessageId[] => idsOf(database.store.search(words, 10));
    expect(found('')).toEqual([]);
    expect(found(' *-"\' ')).toEqual([]);
    expect(found('"near"')).toEqual([ids.message(1)]);
    expect(found('say AND')).toEqual([ids.message(1)]);
    expect(found('(near) or: say.')).toEqual([ids.message(1)]);
    expect(found('NEAR(or say)')).toEqual([]);
    expect(found('text:col')).toEqual([]);
    expect(found('^say OR col')).toEqual([]);
    expect(found('nul\0byte')).toEqual([]);
  });

  test('search: what is more than letters and digits stands in the text as it was typed', () => {
    const database = open();
    const said = [
      'C++ at 10:30',
      'cats and cities',
      'off we go \ud83d\ude80',
      'World,  Hello\nthere',
      'hello world',
    ];
    commitAll(
      database,
      said.map((text, index) => putMessage(index + 1, { text })),
    );
    const found = (words: string): MessageId[] => idsOf(database.store.search(words, 10));
    expect(found('c++')).toEqual([ids.message(1)]);
    expect(found('10:30 c')).toEqual([ids.message(1)]);
    expect(found('\ud83d\ude80')).toEqual([ids.message(3)]);
    expect(found('off \ud83d\ude80')).toEqual([ids.message(3)]);
    expect(found('cats \ud83d\ude80')).toEqual([]);
    expect(found('"hello there"')).toEqual([ids.message(4)]);
    expect(found('hello, world!')).toEqual([5, 4].map(ids.message));
    expect(found('"hello world"')).toEqual([ids.message(5)]);
    expect(found('"world hello"')).toEqual([]);
  });

  test('search: of texts compared with what must stand in them there are so many, from where it begins', () => {
    const database = open();
    const all = Array.from({ length: literalsComparedMax }, (_, index) => putMessage(index + 1));
    commitAll(database, [putMessage(0, { text: 'oldest \ud83d\ude80' }), ...all.slice(1)]);
    const found = (words: string, before?: number): MessageId[] =>
      idsOf(database.store.search(words, 10, { before }));
    expect(found('\ud83d\ude80')).toEqual([ids.message(0)]);
    commitAll(database, [all[0]!]);
    expect(found('\ud83d\ude80')).toEqual([]);
    expect(found('\ud83d\ude80', literalsComparedMax)).toEqual([ids.message(0)]);
    expect(found('oldest \ud83d\ude80'), 'only what has the words is compared').toEqual([ids.message(0)]);
  });

  test('search sees messages of the open transaction', () => {
    const database = open();
    database.begin();
    database.apply(putMessage(1, { text: 'fresh' }));
    expect(idsOf(database.store.search('fresh', 10))).toEqual([ids.message(1)]);
    database.rollback();
    expect(database.store.search('fresh', 10)).toEqual([]);
  });

  test('limits are integers from 1 to 1,000', () => {
    const { store } = open();
    for (const limit of [0, 1_001, 1.5, Number.NaN]) {
      expect(() => store.history(ids.conversation(1), limit, undefined)).toThrow(RangeError);
      expect(() => store.search('word', limit)).toThrow(RangeError);
      expect(() => store.events(0, limit)).toThrow(RangeError);
    }
  });
}

export function outboxTests(open: Open): void {
  test('outbox: every field, in the order first put, replaced in place', () => {
    const database = open();
    const rows = [
      outboxRow(3, { expiresAtMs: 1_770_000_000_000 }),
      outboxRow(1, { kind: 'request', device: undefined, message: undefined, sealed: new Uint8Array(0) }),
      outboxRow(2, { kind: 'control', message: undefined, content: bytesOf(2, 65_536) }),
    ];
    commitAll(
      database,
      rows.map((row) => ({ op: 'putOutbox', row })),
    );
    expect(database.store.outbox()).toEqual(rows);
    const resealed = outboxRow(3, { sealed: bytesOf(8, 65_536), device: 'd'.repeat(64) as DeviceId });
    commitAll(database, [{ op: 'putOutbox', row: resealed }]);
    expect(database.store.outbox()).toEqual([resealed, rows[1], rows[2]]);
    expect(database.store.outboxItem(ids.item(2))).toEqual(rows[2]);
    commitAll(database, [{ op: 'removeOutbox', item: ids.item(1) }]);
    expect(database.store.outbox()).toEqual([resealed, rows[2]]);
    expect(database.store.outboxItem(ids.item(1))).toBeUndefined();
    commitAll(database, [{ op: 'putOutbox', row: rows[1]! }]);
    expect(database.store.outbox()).toEqual([resealed, rows[2], rows[1]]);
  });
}

export function memoryTests(open: Open): void {
  test('received envelopes: by hash, and by person and message', () => {
    const database = open();
    const rows = [
      receivedRow(1),
      receivedRow(2, { message: undefined, ack: undefined }),
      receivedRow(3, { person: ids.person(2), message: ids.message(1) }),
      receivedRow(4, { message: ids.message(1) }),
    ];
    commitAll(
      database,
      rows.map((row) => ({ op: 'putReceived', row })),
    );
    const { store } = database;
    expect(store.received(bytesOf(2, 32))).toEqual(rows[1]);
    expect(store.received(bytesOf(9, 32))).toBeUndefined();
    expect(store.receivedMessage(ids.person(1), ids.message(1))).toEqual(rows[0]);
    expect(store.receivedMessage(ids.person(2), ids.message(1))).toEqual(rows[2]);
    expect(store.receivedMessage(ids.person(2), ids.message(2))).toBeUndefined();
    const answered = { ...rows[1]!, ack: ids.item(7) };
    commitAll(database, [{ op: 'putReceived', row: answered }]);
    expect(store.received(bytesOf(2, 32))).toEqual(answered);
  });

  test('acknowledgements come back as they were put', () => {
    const database = open();
    const row = { ack: ids.item(1), sealed: bytesOf(1, 400), expiresAtMs: 1_760_000_000_000 };
    commitAll(database, [{ op: 'putAck', row }]);
    expect(database.store.ack(row.ack)).toEqual(row);
    commitAll(database, [{ op: 'putAck', row: { ...row, sealed: bytesOf(2, 10) } }]);
    expect(database.store.ack(row.ack)).toEqual({ ...row, sealed: bytesOf(2, 10) });
    expect(database.store.ack(ids.item(2))).toBeUndefined();
  });

  test('handshake replays are remembered per prekey, once each', () => {
    const database = open();
    const put = (prekey: string, ephemeral: string): StoreWrite => ({ op: 'putReplay', prekey, ephemeral });
    commitAll(database, [put('p1', 'e1'), put('p1', 'e2'), put('p1', 'e1'), put('p2', 'e1'), put('p', '1e')]);
    const { store } = database;
    expect(store.replayed('p1', 'e2')).toBe(true);
    expect(store.replayed('p2', 'e2')).toBe(false);
    expect([store.replayCount('p1'), store.replayCount('p2'), store.replayCount('p3')]).toEqual([2, 1, 0]);
    commitAll(database, [{ op: 'removeReplays', prekey: 'p1' }]);
    expect(store.replayed('p1', 'e1')).toBe(false);
    expect([store.replayCount('p1'), store.replayCount('p2'), store.replayCount('p')]).toEqual([0, 1, 1]);
  });

  test('forget drops what has ended, and nothing that has not', () => {
    const database = open();
    const row = (n: number, expiresAtMs: number): StoreWrite[] => [
      { op: 'putReceived', row: receivedRow(n, { expiresAtMs }) },
      { op: 'putAck', row: { ack: ids.item(n), sealed: bytesOf(n, 9), expiresAtMs } },
      { op: 'addEvent', row: eventRow(n) },
    ];
    commitAll(database, [...row(1, 999), ...row(2, 1_000), ...row(3, 1_001)]);
    commitAll(database, [{ op: 'forget', nowMs: 1_000, eventsFrom: 2 }]);
    const { store } = database;
    expect([1, 2, 3].map((n) => store.received(bytesOf(n, 32)) !== undefined)).toEqual([false, false, true]);
    expect([1, 2, 3].map((n) => store.ack(ids.item(n)) !== undefined)).toEqual([false, false, true]);
    expect(store.receivedMessage(ids.person(1), ids.message(1))).toBeUndefined();
    expect(store.events(0, 10).map((event) => event.seq)).toEqual([2, 3]);
  });
}

export function eventTests(open: Open): void {
  test('events: from a seq on, in order, at most as many as asked for', () => {
    const database = open();
    expect(database.store.lastEventSeq()).toBe(0);
    const rows = numbers(1, 20).map((seq) => eventRow(seq, { event: seq % 2 === 0 ? 'message' : 'state' }));
    commitAll(
      database,
      rows.map((row) => ({ op: 'addEvent', row })),
    );
    expect(database.store.events(0, 1_000)).toEqual(rows);
    expect(database.store.events(15, 3)).toEqual(rows.slice(15, 18));
    expect(database.store.events(20, 3)).toEqual([]);
    expect(database.store.lastEventSeq()).toBe(20);
  });

  test('the highest seq ever given is known after all events were forgotten', () => {
    const database = open();
    commitAll(
      database,
      numbers(1, 5).map((seq) => ({ op: 'addEvent', row: eventRow(seq) })),
    );
    commitAll(database, [{ op: 'forget', nowMs: 0, eventsFrom: 100 }]);
    expect(database.store.events(0, 10)).toEqual([]);
    expect(database.store.lastEventSeq()).toBe(5);
    commitAll(database, [{ op: 'addEvent', row: eventRow(6) }]);
    expect(database.store.lastEventSeq()).toBe(6);
  });

  test('a seq is given once', () => {
    const database = open();
    commitAll(database, [{ op: 'addEvent', row: eventRow(3) }]);
    database.begin();
    expect(() => database.apply({ op: 'addEvent', row: eventRow(3) })).toThrow(/seq/);
    database.rollback();
  });
}
