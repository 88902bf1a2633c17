/**
 * What every database of a node must do. The in-memory double and the real one both run this suite, so that
 * what is tested against the double holds on disk.
 */
import { afterEach, describe, expect, test } from 'vitest';
import type { ConversationId, MessageId } from '../src/base/ids.ts';
import type { Store, StoreWrite } from '../src/base/store.ts';
import {
  bytesOf,
  contactRow,
  deviceRow,
  earlyRow,
  eventRow,
  ids,
  ledgerRow,
  outboxRow,
  reactionRow,
  receivedRow,
  secretRow,
} from './store-rows.ts';
import { changeTests } from './store-contract-changes.ts';
import { conversationTests, placeTests, removalTests } from './store-contract-conversations.ts';
import { eventTests, memoryTests, messageTests, outboxTests, searchTests } from './store-contract-traffic.ts';
import { commitAll, idsOf, putMessage, type ContractDatabase, type Open } from './store-writes.ts';

/**
 * Registers the suite with vitest.
 * @param make - opens a fresh, empty database; the suite closes it.
 */
export function storeContract(name: string, make: () => ContractDatabase): void {
  describe(`store contract: ${name}`, () => {
    const opened: ContractDatabase[] = [];
    const open = (): ContractDatabase => {
      const database = make();
      opened.push(database);
      return database;
    };
    afterEach(() => {
      for (const database of opened.splice(0)) database.close();
    });
    transactionTests(open);
    rowTests(open);
    messageTests(open);
    searchTests(open);
    changeTests(open);
    conversationTests(open);
    removalTests(open);
    placeTests(open);
    outboxTests(open);
    memoryTests(open);
    eventTests(open);
  });
}

function transactionTests(open: Open): void {
  test('reads see the writes of the open transaction', () => {
    const database = open();
    database.begin();
    database.apply({ op: 'putSetting', key: 'a', value: bytesOf(1, 4) });
    expect(database.store.setting('a')).toEqual(bytesOf(1, 4));
    database.commit();
    expect(database.store.setting('a')).toEqual(bytesOf(1, 4));
  });

  test('a rollback leaves no trace, whatever was written', () => {
    const database = open();
    const first = everyRow(1);
    commitAll(database, first);
    const before = dump(database.store);
    database.begin();
    for (const write of everyRow(2)) database.apply(write);
    for (const write of everyRemoval(1)) database.apply(write);
    expect(dump(database.store)).not.toEqual(before);
    database.rollback();
    expect(dump(database.store)).toEqual(before);
    commitAll(database, everyRow(2));
    expect(database.store.messagesById(ids.message(2))).toHaveLength(1);
    expect(idsOf(database.store.history(ids.conversation(1), 10, undefined))).toEqual([
      ids.message(1),
      ids.message(2),
    ]);
  });

  test('writes belong to a transaction, and transactions do not nest', () => {
    const database = open();
    expect(() => database.apply({ op: 'removeSetting', key: 'a' })).toThrow(/transaction/);
    expect(() => database.commit()).toThrow(/transaction/);
    expect(() => database.rollback()).toThrow(/transaction/);
    database.begin();
    expect(() => database.begin()).toThrow(/transaction/);
    database.rollback();
  });

  test('removing what is not there changes nothing', () => {
    const database = open();
    const before = dump(database.store);
    commitAll(database, everyRemoval(1));
    expect(dump(database.store)).toEqual(before);
  });
}

function rowTests(open: Open): void {
  test('settings: put, replace, remove; an empty value is a value', () => {
    const database = open();
    expect(database.store.setting('a')).toBeUndefined();
    commitAll(database, [{ op: 'putSetting', key: 'a', value: new Uint8Array(0) }]);
    expect(database.store.setting('a')).toEqual(new Uint8Array(0));
    commitAll(database, [{ op: 'putSetting', key: 'a', value: bytesOf(2, 3) }]);
    expect(database.store.setting('a')).toEqual(bytesOf(2, 3));
    commitAll(database, [{ op: 'removeSetting', key: 'a' }]);
    expect(database.store.setting('a')).toBeUndefined();
  });

  test('bytes come back as plain Uint8Array that the caller may keep and change', () => {
    const database = open();
    const value = bytesOf(1, 8);
    commitAll(database, [{ op: 'putSetting', key: 'a', value }]);
    value.fill(0); // What was stored does not follow the caller's array,
    const read = database.store.setting('a');
    expect(read).toEqual(bytesOf(1, 8));
    expect(read?.constructor).toBe(Uint8Array);
    read?.fill(0); // nor the array that was read.
    expect(database.store.setting('a')).toEqual(bytesOf(1, 8));
  });

  test('secrets: by kind and key, by prefix in order of key, and all keys', () => {
    const database = open();
    const rows = [
      secretRow(1, { kind: 'skipped', key: 'aa/1' }),
      secretRow(2, { kind: 'skipped', key: 'ab/10' }),
      secretRow(3, { kind: 'skipped', key: 'ab/0' }),
      secretRow(4, { kind: 'session', key: 'ab/0', sealed: bytesOf(4, 65_536) }),
    ];
    commitAll(
      database,
      rows.map((row) => ({ op: 'putSecret', row })),
    );
    const { store } = database;
    expect(store.secret('skipped', 'ab/0')).toEqual(rows[2]);
    expect(store.secret('session', 'ab/0')).toEqual(rows[3]);
    expect(store.secret('session', 'aa/1')).toBeUndefined();
    expect(store.secrets('skipped', 'ab/')).toEqual([rows[2], rows[1]]);
    expect(store.secrets('skipped', '')).toEqual([rows[0], rows[2], rows[1]]);
    expect(store.secrets('skipped', 'ac')).toEqual([]);
    const keys = store.secretKeys().map(({ kind, key }) => `${kind} ${key}`);
    expect(keys.toSorted()).toEqual(['session ab/0', 'skipped aa/1', 'skipped ab/0', 'skipped ab/10']);
    const resealed = { ...rows[2]!, generation: 4, sealed: bytesOf(9, 10) };
    commitAll(database, [
      { op: 'putSecret', row: resealed },
      { op: 'removeSecret', kind: 'skipped', key: 'aa/1' },
    ]);
    expect(store.secrets('skipped', '')).toEqual([resealed, rows[1]]);
  });

  test('contacts: every field, replaced as a whole, by name and then person', () => {
    const database = open();
    const full = contactRow(1, {
      name: 'zoe',
      state: 'blocked',
      stateBeforeBlock: 'incoming',
      verified: true,
      keyChanged: true,
      greeting: 'hello — здравствуй',
      lastSeenWallMs: 1_760_000_000_123,
    });
    const rows = [full, contactRow(3, { name: 'ann' }), contactRow(2, { name: 'ann' })];
    commitAll(
      database,
      rows.map((row) => ({ op: 'putContact', row })),
    );
    expect(database.store.contact(full.person)).toEqual(full);
    expect(database.store.contacts()).toEqual([rows[2], rows[1], full]);
    const bare = contactRow(1, { name: 'aaa' });
    commitAll(database, [{ op: 'putContact', row: bare }]);
    expect(database.store.contacts()).toEqual([bare, rows[2], rows[1]]);
    expect(database.store.contact(ids.person(9))).toBeUndefined();
  });

  test('names are ordered by code point, not by the language of the machine', () => {
    const database = open();
    const names = ['Z', 'a', 'é', '\uff5a', '\u{1f600}'];
    commitAll(
      database,
      names.toReversed().map((name, n) => ({ op: 'putContact', row: contactRow(n, { name }) })),
    );
    expect(database.store.contacts().map((row) => row.name)).toEqual(names);
  });

  test('devices: every field, by id; they go with their person, messages stay', () => {
    const database = open();
    const rows = [
      deviceRow(2),
      deviceRow(1, { person: ids.person(2), bundle: undefined, addresses: [] }),
      deviceRow(3, { person: ids.person(3) }),
    ];
    commitAll(
      database,
      rows.map((row) => ({ op: 'putDevice', row })),
    );
    expect(database.store.devices()).toEqual([rows[1], rows[0], rows[2]]);
    commitAll(database, [{ op: 'putContact', row: contactRow(2) }, putMessage(1, { person: ids.person(2) })]);
    commitAll(database, [{ op: 'removeContact', person: ids.person(2) }]);
    expect(database.store.devices()).toEqual([rows[2]]);
    expect(database.store.contact(ids.person(2))).toBeUndefined();
    expect(database.store.messagesById(ids.message(1))).toHaveLength(1);
    commitAll(database, [{ op: 'removeDevice', device: ids.device(3) }]);
    expect(database.store.devices()).toEqual([]);
  });
}

const place = (n: number): { conversation: ConversationId; id: MessageId } => ({
  conversation: ids.conversation(1),
  id: ids.message(n),
});

/** A row in every table, all depending on `n`. */
function everyRow(n: number): StoreWrite[] {
  return [
    { op: 'putSetting', key: `setting ${n}`, value: bytesOf(n, 10) },
    { op: 'putSecret', row: secretRow(n) },
    { op: 'putContact', row: contactRow(n) },
    { op: 'putDevice', row: deviceRow(n) },
    putMessage(n),
    {
      op: 'setMessageState',
      conversation: ids.conversation(1),
      id: ids.message(1),
      state: 'sent',
      reason: `${n}`,
    },
    { op: 'addLedger', row: ledgerRow(n) },
    { op: 'putReaction', row: reactionRow(n) },
    { op: 'editMessage', ...place(n), text: `number ${n} in other words`, sequence: n },
    { op: 'putEarly', row: earlyRow(n) },
    { op: 'putOutbox', row: outboxRow(n) },
    { op: 'putReceived', row: receivedRow(n) },
    { op: 'putAck', row: { ack: ids.item(n), sealed: bytesOf(n, 50), expiresAtMs: 5 } },
    { op: 'putReplay', prekey: 'prekey', ephemeral: `${n}` },
    { op: 'addEvent', row: eventRow(n) },
    {
      op: 'changeConversation',
      conversation: ids.conversation(1),
      person: ids.person(1),
      change: { pinned: n === 2, formerName: `${n}` },
    },
  ];
}

/** Removes what {@link everyRow} put, as far as rows can be removed. */
function everyRemoval(n: number): StoreWrite[] {
  return [
    { op: 'removeSetting', key: `setting ${n}` },
    { op: 'removeSecret', kind: 'session', key: ids.item(n) },
    { op: 'removeDevice', device: ids.device(n) },
    { op: 'removeContact', person: ids.person(n) },
    { op: 'removeOutbox', item: ids.item(n) },
    { op: 'removeReplays', prekey: 'prekey' },
    { op: 'eraseMessage', ...place(n) },
    { op: 'removeEarly', person: ids.person(1), message: ids.message(n) },
    { op: 'removeMessage', conversation: ids.conversation(1), id: ids.message(n) },
    { op: 'removeConversation', conversation: ids.conversation(1) },
    { op: 'forget', nowMs: Number.MAX_SAFE_INTEGER, eventsFrom: n + 1 },
  ];
}

/** All a reader can learn of the rows of {@link everyRow} for 1 and 2. */
function dump(store: Store): unknown {
  const of = (n: number): unknown => [
    store.setting(`setting ${n}`),
    store.message(ids.conversation(1), ids.message(n)),
    store.ledger(ids.conversation(1), ids.message(n)),
    store.outboxItem(ids.item(n)),
    store.received(bytesOf(n, 32)),
    store.receivedMessage(ids.person(1), ids.message(n)),
    store.ack(ids.item(n)),
    store.replayed('prekey', `${n}`),
  ];
  return {
    of: [of(1), of(2)],
    secrets: store.secrets('session', ''),
    contacts: store.contacts(),
    devices: store.devices(),
    outbox: store.outbox(),
    early: store.earlyOf(ids.person(1)),
    events: store.events(0, 1_000),
    lastEventSeq: store.lastEventSeq(),
    conversations: store.conversations(),
    messageCount: store.messageCount(),
    found: store.search('number', 10),
    history: store.history(ids.conversation(1), 10, undefined),
    replayCount: store.replayCount('prekey'),
  };
}
