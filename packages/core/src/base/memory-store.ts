/**
 * Test double of the node's database: the same rows and the same transactions, in memory.
 *
 * Rows are copied on the way in and on the way out, so that a machine which changes a row it was given or
 * gave away cannot change what is stored. For tests and the simulator; a node has a real disk. Both this and the
 * real adapter pass core/test/store-contract.ts.
 */
import { hex } from './bytes.ts';
import { invariant } from './invariant.ts';
import { changeReads, changeWriters, forgetEarly } from './memory-changes.ts';
import { conversationReads, messageReads } from './memory-messages.ts';
import {
  checkLimit,
  copied,
  copyConversation,
  copyRow,
  copyTables,
  Journal,
  pair,
  type Tables,
} from './memory-tables.ts';
import type { ConversationRow, Store, StoreWrite } from './store.ts';

/** Everything a power cut would leave behind. Opaque: only for {@link MemoryDatabase.restore}. */
export interface MemorySnapshot {
  readonly tables: Tables;
}

/** Method for method the `Database` of the node, with crash points. */
export interface MemoryDatabase {
  readonly store: Store;
  begin(): void;
  apply(write: StoreWrite): void;
  commit(): void;
  rollback(): void;
  close(): void;
  /** What was committed so far. An open transaction is not in it. */
  snapshot(): MemorySnapshot;
  /** Goes back to a snapshot, as a restart after a power cut or a restored copy would. */
  restore(snapshot: MemorySnapshot): void;
}

/** A fresh, empty database. Cheap: thousands may stand side by side in a simulation. */
export function createMemoryStore(): MemoryDatabase {
  const tables = copyTables();
  let open: Journal | undefined;
  const rollback = (): void => {
    invariant(open !== undefined, 'a transaction is open');
    open.takeBack(tables);
    open = undefined;
  };
  return {
    store: reads(tables),
    begin() {
      invariant(open === undefined, 'no transaction is open');
      open = new Journal(tables);
    },
    apply(write) {
      invariant(open !== undefined, 'a transaction is open');
      applyWrite(tables, open, write);
    },
    commit() {
      invariant(open !== undefined, 'a transaction is open');
      open = undefined;
    },
    rollback,
    close() {
      if (open !== undefined) rollback();
    },
    snapshot() {
      const copy = copyTables(tables);
      open?.takeBack(copy);
      return { tables: copy };
    },
    restore(snapshot) {
      open = undefined;
      Object.assign(tables, copyTables(snapshot.tables));
    },
  };
}

type Writers = {
  [Op in StoreWrite['op']]: (
    journal: Journal,
    tables: Tables,
    write: Extract<StoreWrite, { op: Op }>,
  ) => void;
};

const writers: Writers = {
  putSetting: (journal, _, { key, value }) => journal.put('settings', key, value.slice()),
  removeSetting: (journal, _, { key }) => journal.remove('settings', key),
  putSecret: (journal, _, { row }) => journal.put('secrets', pair(row.kind, row.key), copyRow(row)),
  removeSecret: (journal, _, { kind, key }) => journal.remove('secrets', pair(kind, key)),
  putContact: (journal, _, { row }) => journal.put('contacts', row.person, copyRow(row)),
  removeContact(journal, tables, { person }) {
    for (const device of tables.devices.values()) {
      if (device.person === person) journal.remove('devices', device.device);
    }
    journal.remove('contacts', person);
  },
  putDevice: (journal, _, { row }) => journal.put('devices', row.device, copyRow(row)),
  removeDevice: (journal, _, { device }) => journal.remove('devices', device),
  putMessage(journal, tables, { row }) {
    const key = pair(row.conversation, row.id);
    if (tables.messages.has(key)) return;
    const position = journal.next('position');
    journal.put('positions', String(position), key);
    journal.put('messages', key, { ...row, position, reactions: [] });
    if (!tables.conversations.has(row.conversation)) {
      journal.put('conversations', row.conversation, emptyConversation(row));
    }
  },
  removeMessage(journal, tables, { conversation, id }) {
    const key = pair(conversation, id);
    const row = tables.messages.get(key);
    if (row === undefined) return;
    journal.remove('messages', key);
    journal.remove('positions', String(row.position));
    journal.remove('ledger', key);
  },
  changeConversation(journal, tables, { conversation, person, change }) {
    const row = tables.conversations.get(conversation) ?? emptyConversation({ conversation, person });
    journal.put('conversations', conversation, copyConversation({ ...row, ...change }));
  },
  removeConversation: (journal, _, { conversation }) => journal.remove('conversations', conversation),
  setMessageState(journal, tables, { conversation, id, state, reason }) {
    const row = tables.messages.get(pair(conversation, id));
    if (row !== undefined) journal.put('messages', pair(conversation, id), { ...row, state, reason });
  },
  ...changeWriters,
  addLedger(journal, tables, { row }) {
    const key = pair(row.conversation, row.message);
    if (!tables.messages.has(key)) return;
    journal.put('ledger', key, [...(tables.ledger.get(key) ?? []), copyRow(row)]);
  },
  putOutbox(journal, tables, { row }) {
    const order = tables.outbox.get(row.item)?.order ?? journal.next('order');
    journal.put('outbox', row.item, { order, row: copyRow(row) });
  },
  removeOutbox: (journal, _, { item }) => journal.remove('outbox', item),
  putReceived(journal, tables, { row }) {
    const hash = hex(row.hash);
    const order = tables.received.get(hash)?.order ?? journal.next('order');
    unindex(journal, tables, hash);
    journal.put('received', hash, { order, row: copyRow(row) });
    if (row.message === undefined) return;
    const key = pair(row.person, row.message);
    journal.put('receivedAs', key, [...(tables.receivedAs.get(key) ?? []), hash]);
  },
  putAck: (journal, _, { row }) => journal.put('acks', row.ack, copyRow(row)),
  putReplay: (journal, _, { prekey, ephemeral }) => journal.put('replays', pair(prekey, ephemeral), true),
  removeReplays(journal, tables, { prekey }) {
    for (const key of tables.replays.keys()) {
      if (key.startsWith(pair(prekey, ''))) journal.remove('replays', key);
    }
  },
  addEvent(journal, tables, { row }) {
    invariant(row.seq > lastEventSeq(tables), 'an event has a higher seq than all before it');
    journal.put('counters', 'event', row.seq);
    journal.put('events', String(row.seq), copyRow(row));
  },
  forget(journal, tables, { nowMs, eventsFrom }) {
    for (const [key, { row }] of tables.received) {
      if (row.expiresAtMs > nowMs) continue;
      unindex(journal, tables, key);
      journal.remove('received', key);
    }
    for (const [key, row] of tables.acks) if (row.expiresAtMs <= nowMs) journal.remove('acks', key);
    forgetEarly(journal, tables, nowMs);
    for (const [key, row] of tables.events) if (row.seq < eventsFrom) journal.remove('events', key);
  },
};

function emptyConversation({
  conversation,
  person,
}: Pick<ConversationRow, 'conversation' | 'person'>): ConversationRow {
  return {
    conversation,
    person,
    formerName: undefined,
    draft: undefined,
    mutedUntilWallMs: undefined,
    pinned: false,
    sessionResetWallMs: undefined,
    readUpTo: 0,
  };
}

function unindex(journal: Journal, tables: Tables, hash: string): void {
  const row = tables.received.get(hash)?.row;
  if (row?.message === undefined) return;
  const key = pair(row.person, row.message);
  const left = (tables.receivedAs.get(key) ?? []).filter((each) => each !== hash);
  if (left.length === 0) journal.remove('receivedAs', key);
  else journal.put('receivedAs', key, left);
}

function applyWrite(tables: Tables, journal: Journal, write: StoreWrite): void {
  // The table above pairs every op with its own write; the compiler cannot follow the pair through a lookup.
  const writer = writers[write.op] as (journal: Journal, tables: Tables, write: StoreWrite) => void;
  writer(journal, tables, write);
}

const lastEventSeq = (tables: Tables): number => tables.counters.get('event') ?? 0;

function reads(tables: Tables): Store {
  return {
    setting: (key) => tables.settings.get(key)?.slice(),
    secret: (kind, key) => copied(tables.secrets.get(pair(kind, key))),
    secrets: (kind, prefix) =>
      [...tables.secrets.values()]
        .filter((row) => row.kind === kind && row.key.startsWith(prefix))
        .toSorted((a, b) => compareText(a.key, b.key))
        .map(copyRow),
    secretKeys: () => [...tables.secrets.values()].map(({ kind, key }) => ({ kind, key })),
    contacts: () =>
      [...tables.contacts.values()]
        .toSorted((a, b) => compareText(a.name, b.name) || compareText(a.person, b.person))
        .map(copyRow),
    contact: (person) => copied(tables.contacts.get(person)),
    devices: () =>
      [...tables.devices.values()].toSorted((a, b) => compareText(a.device, b.device)).map(copyRow),
    ...messageReads(tables),
    ...changeReads(tables),
    ...conversationReads(tables),
    ledger: (conversation, message) => (tables.ledger.get(pair(conversation, message)) ?? []).map(copyRow),
    outbox: () =>
      [...tables.outbox.values()].toSorted((a, b) => a.order - b.order).map(({ row }) => copyRow(row)),
    outboxItem: (item) => copied(tables.outbox.get(item)?.row),
    received: (hash) => copied(tables.received.get(hex(hash))?.row),
    receivedMessage: (person, message) =>
      copied(
        (tables.receivedAs.get(pair(person, message)) ?? [])
          .map((hash) => tables.received.get(hash)!)
          .toSorted((a, b) => a.order - b.order)[0]?.row,
      ),
    ack: (ack) => copied(tables.acks.get(ack)),
    replayed: (prekey, ephemeral) => tables.replays.has(pair(prekey, ephemeral)),
    replayCount: (prekey) =>
      [...tables.replays.keys()].filter((key) => key.startsWith(pair(prekey, ''))).length,
    events(since, limit) {
      checkLimit(limit);
      return [...tables.events.values()]
        .filter((row) => row.seq > since)
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit)
        .map(copyRow);
    },
    lastEventSeq: () => lastEventSeq(tables),
  };
}

// By code point, as SQLite compares UTF-8; `<` on strings compares UTF-16 units and differs beyond U+FFFF.
function compareText(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0) ?? 0);
  const right = Array.from(b, (character) => character.codePointAt(0) ?? 0);
  for (const [index, code] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (code !== other) return code - other;
  }
  return left.length - right.length;
}
