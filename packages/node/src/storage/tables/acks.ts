import type { AckRow } from '@kith/core/base/store';
import { prepare, type Connection } from '../sqlite.ts';
import { plainBytes, type Forget, type Table } from '../table.ts';

export interface AcksTable extends Table<'ack', 'putAck'> {
  forget(limits: Forget): void;
}

/** Sealed acknowledgements, kept to be sent again. */
export function acksTable(connection: Connection): AcksTable {
  const one = prepare<{ sealed: Uint8Array; expires_at_ms: number }>(
    connection,
    'SELECT sealed, expires_at_ms FROM acks WHERE ack = ?',
  );
  const put = prepare(
    connection,
    `INSERT INTO acks (ack, sealed, expires_at_ms) VALUES (?, ?, ?)
     ON CONFLICT (ack) DO UPDATE SET sealed = excluded.sealed, expires_at_ms = excluded.expires_at_ms`,
  );
  const forget = prepare(connection, 'DELETE FROM acks WHERE expires_at_ms <= ?');
  return {
    reads: {
      ack(ack): AckRow | undefined {
        const row = one.get(ack);
        if (row === undefined) return undefined;
        return { ack, sealed: plainBytes(row.sealed), expiresAtMs: row.expires_at_ms };
      },
    },
    writes: { putAck: ({ row }) => void put.run(row.ack, row.sealed, row.expiresAtMs) },
    forget: ({ nowMs }) => void forget.run(nowMs),
  };
}
