import type { DeviceId } from '@kith/core/base/ids';
import { ledgerAuthors, messageStates } from '../codes.ts';
import { prepare, type Connection } from '../sqlite.ts';
import type { Table } from '../table.ts';
import type { MessagePlaces } from './message-places.ts';
import type { Names } from './names.ts';

interface Columns {
  state: number;
  at_wall_ms: number;
  author: number;
  device: number | null;
  attempt: number | null;
  detail: string | null;
}

export interface LedgerTable extends Table<'ledger', 'addLedger'> {
  /** The message at that position is gone. */
  messageRemoved(position: number): void;
}

/** What happened to a message, line by line, beside the position of the message. */
export function ledgerTable(connection: Connection, names: Names, places: MessagePlaces): LedgerTable {
  const lines = prepare<Columns>(connection, 'SELECT * FROM ledger WHERE position = ? ORDER BY line');
  const add = prepare(
    connection,
    `INSERT INTO ledger (position, line, state, at_wall_ms, author, device, attempt, detail)
     VALUES (?, 1 + coalesce((SELECT max(line) FROM ledger WHERE position = ?), 0), ?, ?, ?, ?, ?, ?)`,
  );
  const remove = prepare(connection, 'DELETE FROM ledger WHERE position = ?');
  return {
    messageRemoved: (position) => void remove.run(position),
    reads: {
      ledger(conversation, message) {
        const position = places.find(conversation, message);
        if (position === undefined) return [];
        return lines.all(position).map((columns) => ({
          message,
          conversation,
          state: messageStates.word(columns.state),
          atWallMs: columns.at_wall_ms,
          by: ledgerAuthors.word(columns.author),
          device: columns.device === null ? undefined : (names.name(columns.device) as DeviceId),
          attempt: columns.attempt ?? undefined,
          detail: columns.detail ?? undefined,
        }));
      },
    },
    writes: {
      addLedger({ row }) {
        const position = places.find(row.conversation, row.message);
        if (position === undefined) return;
        add.run(
          position,
          position,
          messageStates.code(row.state),
          row.atWallMs,
          ledgerAuthors.code(row.by),
          row.device === undefined ? null : names.number(row.device),
          row.attempt ?? null,
          row.detail ?? null,
        );
      },
    },
  };
}
