/** The rows of the in-memory database, and how changes to them are taken back. Used by memory-store.ts alone. */
import type {
  AckRow,
  ContactRow,
  ConversationRow,
  DeviceRow,
  EarlyRow,
  EventRow,
  LedgerRow,
  OutboxRow,
  ReceivedRow,
  SecretRow,
  StoredMessage,
} from './store.ts';

export interface Rows {
  settings: Uint8Array;
  secrets: SecretRow;
  contacts: ContactRow;
  devices: DeviceRow;
  /** By conversation and id. */
  messages: StoredMessage;
  conversations: ConversationRow;
  /** Position → key of the message. */
  positions: string;
  /** By person, message and kind. */
  early: { order: number; row: EarlyRow };
  /** By conversation and message, in the order they were added. */
  ledger: readonly LedgerRow[];
  outbox: { order: number; row: OutboxRow };
  received: { order: number; row: ReceivedRow };
  /** By person and message: the hashes of its received rows, in hex, in the order they were put. */
  receivedAs: readonly string[];
  acks: AckRow;
  replays: true;
  events: EventRow;
  counters: number;
}

export type Tables = { [Name in keyof Rows]: Map<string, Rows[Name]> };

/** Changes of one transaction and how to take them back. */
export class Journal {
  #tables: Tables;
  #undo: ((target: Tables) => void)[] = [];

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  put<Name extends keyof Rows>(name: Name, key: string, row: Rows[Name]): void {
    this.#remember(name, key);
    this.#tables[name].set(key, row);
  }

  remove(name: keyof Rows, key: string): void {
    if (!this.#tables[name].has(key)) return;
    this.#remember(name, key);
    this.#tables[name].delete(key);
  }

  next(counter: 'position' | 'order'): number {
    const value = (this.#tables.counters.get(counter) ?? 0) + 1;
    this.put('counters', counter, value);
    return value;
  }

  takeBack(target: Tables): void {
    for (const step of this.#undo.toReversed()) step(target);
  }

  #remember<Name extends keyof Rows>(name: Name, key: string): void {
    const before = this.#tables[name].get(key);
    this.#undo.push((target) => {
      if (before === undefined) target[name].delete(key);
      else target[name].set(key, before);
    });
  }
}

// Rows are never changed in place, so sharing them between copies is safe.
export function copyTables(tables?: Tables): Tables {
  return {
    settings: new Map(tables?.settings),
    secrets: new Map(tables?.secrets),
    contacts: new Map(tables?.contacts),
    devices: new Map(tables?.devices),
    messages: new Map(tables?.messages),
    conversations: new Map(tables?.conversations),
    positions: new Map(tables?.positions),
    early: new Map(tables?.early),
    ledger: new Map(tables?.ledger),
    outbox: new Map(tables?.outbox),
    received: new Map(tables?.received),
    receivedAs: new Map(tables?.receivedAs),
    acks: new Map(tables?.acks),
    replays: new Map(tables?.replays),
    events: new Map(tables?.events),
    counters: new Map(tables?.counters),
  };
}

/** A copy that shares no array or byte with the original. Rows are flat: bytes and lists of strings. */
export function copyRow<Row extends object>(row: Row): Row {
  const copy: Row = { ...row };
  for (const name of Object.keys(copy) as (keyof Row)[]) {
    const value = copy[name];
    if (value instanceof Uint8Array) copy[name] = value.slice() as typeof value;
    else if (Array.isArray(value)) copy[name] = [...value] as typeof value;
  }
  return copy;
}

export const pair = (first: string, second: string): string => `${first}\n${second}`;

/** The same for what a conversation remembers: its draft is the one row within a row. */
export function copyConversation(row: ConversationRow): ConversationRow {
  return { ...row, draft: row.draft === undefined ? undefined : { ...row.draft } };
}

export const copied = <Row extends object>(row: Row | undefined): Row | undefined =>
  row === undefined ? undefined : copyRow(row);

export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    throw new RangeError(`limit must be an integer from 1 to 1000, not ${limit}`);
  }
}
