import { bytesEqual } from '@kith/core/base/bytes';
import type { MessageId, PersonId } from '@kith/core/base/ids';
import type { ReceivedRow } from '@kith/core/base/store';
import { prepare, type Connection, type Statement } from '../sqlite.ts';
import { lookupKey, lookupKeyOfBytes, plainBytes, type Forget, type Table } from '../table.ts';
import { lookupTable, type Lookup } from './lookup.ts';
import type { Names } from './names.ts';

interface Columns {
  number: number;
  hash: Uint8Array;
  person: number;
  message: MessageId | null;
  ack: string | null;
  expires_at_ms: number;
}

export interface ReceivedTable extends Table<'received' | 'receivedMessage', 'putReceived'> {
  forget(limits: Forget): void;
  /** After a rollback, what the lookups counted is counted anew. */
  forgetCached(): void;
}

/** Envelopes that were opened, so that a repeat gets the same answer. */
export function receivedTable(connection: Connection, names: Names): ReceivedTable {
  const byHash = lookupTable(connection, 'received_hashes');
  const byMessage = lookupTable(connection, 'received_messages');
  const at = prepare<Columns>(connection, 'SELECT * FROM received WHERE number = ?');
  const ended = prepare<Columns>(connection, 'SELECT * FROM received WHERE expires_at_ms <= ?');
  const insert = prepare(
    connection,
    'INSERT INTO received (hash, person, message, ack, expires_at_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const replace = prepare(
    connection,
    'UPDATE received SET hash = ?, person = ?, message = ?, ack = ?, expires_at_ms = ? WHERE number = ?',
  );
  const remove = prepare(connection, 'DELETE FROM received WHERE number = ?');

  const ofHash = (hash: Uint8Array): Columns | undefined =>
    candidates(byHash, at, lookupKeyOfBytes(hash)).find((row) => bytesEqual(row.hash, hash));
  const addMessage = (message: string | null | undefined, number: number): void => {
    if (typeof message === 'string') byMessage.add(lookupKey(message), number);
  };
  const removeMessage = (message: string | null, number: number): void => {
    if (message !== null) byMessage.remove(lookupKey(message), number);
  };
  return {
    reads: {
      received: (hash) => receivedRow(ofHash(hash), names),
      receivedMessage(person, message) {
        const number = names.find(person);
        const rows = candidates(byMessage, at, lookupKey(message))
          .filter((row) => row.message === message && row.person === number)
          .toSorted((a, b) => a.number - b.number);
        return receivedRow(rows[0], names);
      },
    },
    writes: {
      putReceived({ row }) {
        const before = ofHash(row.hash);
        const person = names.number(row.person);
        const values = [row.hash, person, row.message ?? null, row.ack ?? null, row.expiresAtMs];
        if (before !== undefined) {
          removeMessage(before.message, before.number);
          replace.run(...values, before.number);
          addMessage(row.message, before.number);
          return;
        }
        const number = Number(insert.run(...values).lastInsertRowid);
        byHash.add(lookupKeyOfBytes(row.hash), number);
        addMessage(row.message, number);
      },
    },
    forget({ nowMs }) {
      for (const row of ended.all(nowMs)) {
        byHash.remove(lookupKeyOfBytes(row.hash), row.number);
        removeMessage(row.message, row.number);
        remove.run(row.number);
      }
    },
    forgetCached() {
      byHash.forgetCached();
      byMessage.forgetCached();
    },
  };
}

function candidates(lookup: Lookup, at: Statement<Columns>, key: number): Columns[] {
  return lookup
    .numbers(key)
    .map((number) => at.get(number))
    .filter((row) => row !== undefined);
}

function receivedRow(columns: Columns | undefined, names: Names): ReceivedRow | undefined {
  if (columns === undefined) return undefined;
  return {
    hash: plainBytes(columns.hash),
    person: names.name(columns.person) as PersonId,
    message: columns.message ?? undefined,
    ack: columns.ack ?? undefined,
    expiresAtMs: columns.expires_at_ms,
  };
}
