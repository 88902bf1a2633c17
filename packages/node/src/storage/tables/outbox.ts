import type { DeviceId, MessageId, PersonId } from '@kith/core/base/ids';
import type { OutboxRow } from '@kith/core/base/store';
import { outboxKinds } from '../codes.ts';
import { prepare, type Connection } from '../sqlite.ts';
import { plainBytes, type Table } from '../table.ts';
import type { Names } from './names.ts';

interface Columns {
  item: string;
  person: number;
  device: number | null;
  kind: number;
  message: MessageId | null;
  sealed: Uint8Array;
  content: Uint8Array;
  created_ms: number;
  expires_at_ms: number | null;
}

/** What waits to be delivered, in the order in which it was first put. */
export function outboxTable(
  connection: Connection,
  names: Names,
): Table<'outbox' | 'outboxItem', 'putOutbox' | 'removeOutbox'> {
  const all = prepare<Columns>(connection, 'SELECT * FROM outbox ORDER BY number');
  const one = prepare<Columns>(connection, 'SELECT * FROM outbox WHERE item = ?');
  const put = prepare(
    connection,
    `INSERT INTO outbox (item, person, device, kind, message, sealed, content, created_ms, expires_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (item) DO UPDATE SET person = excluded.person, device = excluded.device,
       kind = excluded.kind, message = excluded.message, sealed = excluded.sealed,
       content = excluded.content, created_ms = excluded.created_ms, expires_at_ms = excluded.expires_at_ms`,
  );
  const remove = prepare(connection, 'DELETE FROM outbox WHERE item = ?');
  return {
    reads: {
      outbox: () => all.all().map((columns) => outboxRow(columns, names)),
      outboxItem(item) {
        const columns = one.get(item);
        return columns === undefined ? undefined : outboxRow(columns, names);
      },
    },
    writes: {
      putOutbox({ row }) {
        put.run(
          row.item,
          names.number(row.person),
          row.device === undefined ? null : names.number(row.device),
          outboxKinds.code(row.kind),
          row.message ?? null,
          row.sealed,
          row.content,
          row.createdMs,
          row.expiresAtMs ?? null,
        );
      },
      removeOutbox: ({ item }) => void remove.run(item),
    },
  };
}

function outboxRow(columns: Columns, names: Names): OutboxRow {
  return {
    item: columns.item,
    person: names.name(columns.person) as PersonId,
    device: columns.device === null ? undefined : (names.name(columns.device) as DeviceId),
    kind: outboxKinds.word(columns.kind),
    message: columns.message ?? undefined,
    sealed: plainBytes(columns.sealed),
    content: plainBytes(columns.content),
    createdMs: columns.created_ms,
    expiresAtMs: columns.expires_at_ms ?? undefined,
  };
}
