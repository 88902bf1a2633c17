import type { MessageId, PersonId } from '@kith/core/base/ids';
import type { ReceivedRow } from '@kith/core/base/store';
import { prepare, type Connection } from '../sqlite.ts';
import { lookupKey, lookupKeyOfBytes, plainBytes, type Forget, type Table } from '../table.ts';
import type { Names } from './names.ts';

interface Columns {
  hash: Uint8Array;
  person: number;
  message: MessageId | null;
  ack: string | null;
  expires_at_ms: number;
}

export interface ReceivedTable extends Table<'received' | 'receivedMessage', 'putReceived'> {
  forget(limits: Forget): void;
}

/** Envelopes that were opened, so that a repeat gets the same answer. */
export function receivedTable(connection: Connection, names: Names): ReceivedTable {
  const byHash = prepare<Columns & { number: number }>(
    connection,
    'SELECT * FROM received INDEXED BY received_key WHERE key = ? AND hash = ?',
  );
  const byMessage = prepare<Columns>(
    connection,
    `SELECT * FROM received INDEXED BY received_message WHERE message_key = ? AND message = ? AND person = ?
       ORDER BY number LIMIT 1`,
  );
  // Putting a known hash again keeps its number, and with it its place.
  const put = prepare(
    connection,
    `INSERT OR REPLACE INTO received (number, key, hash, person, message_key, message, ack, expires_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const forget = prepare(connection, 'DELETE FROM received WHERE expires_at_ms <= ?');
  const row = (columns: Columns | undefined): ReceivedRow | undefined =>
    columns === undefined
      ? undefined
      : {
          hash: plainBytes(columns.hash),
          person: names.name(columns.person) as PersonId,
          message: columns.message ?? undefined,
          ack: columns.ack ?? undefined,
          expiresAtMs: columns.expires_at_ms,
        };
  return {
    reads: {
      received: (hash) => row(byHash.get(lookupKeyOfBytes(hash), hash)),
      receivedMessage(person, message) {
        const number = names.find(person);
        return number === undefined ? undefined : row(byMessage.get(lookupKey(message), message, number));
      },
    },
    writes: {
      putReceived({ row: received }) {
        const key = lookupKeyOfBytes(received.hash);
        const { message } = received;
        put.run(
          byHash.get(key, received.hash)?.number ?? null,
          key,
          received.hash,
          names.number(received.person),
          message === undefined ? null : lookupKey(message),
          message ?? null,
          received.ack ?? null,
          received.expiresAtMs,
        );
      },
    },
    forget: ({ nowMs }) => void forget.run(nowMs),
  };
}
