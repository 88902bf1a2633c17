import type { MessageId } from '@kith/core/base/ids';
import { earlyKinds } from '../codes.ts';
import { prepare, type Connection } from '../sqlite.ts';
import { plainBytes, type Forget, type Table } from '../table.ts';
import type { Names } from './names.ts';

interface Columns {
  message: MessageId;
  kind: number;
  sequence: number;
  content: Uint8Array;
  expires_at_ms: number;
}

export interface EarlyChangesTable extends Table<'earlyOf' | 'earlyMessages', 'putEarly' | 'removeEarly'> {
  forget(limits: Forget): void;
}

/** Changes that overtook the message they are about. A few dozen for each person at most: core says how many. */
export function earlyChangesTable(connection: Connection, names: Names): EarlyChangesTable {
  const columns = 'message, kind, sequence, content, expires_at_ms';
  const all = prepare<Columns>(
    connection,
    `SELECT ${columns} FROM early_changes WHERE person = ? ORDER BY number`,
  );
  const ofOne = prepare<Columns>(
    connection,
    `SELECT ${columns} FROM early_changes WHERE person = ? AND message = ? ORDER BY number`,
  );
  const messages = prepare<Pick<Columns, 'message'>>(
    connection,
    'SELECT message FROM early_changes WHERE person = ? ORDER BY number',
  );
  const put = prepare(
    connection,
    `INSERT INTO early_changes (person, message, kind, sequence, content, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (person, message, kind) DO UPDATE SET sequence = excluded.sequence,
       content = excluded.content, expires_at_ms = excluded.expires_at_ms`,
  );
  const remove = prepare(connection, 'DELETE FROM early_changes WHERE person = ? AND message = ?');
  const forget = prepare(connection, 'DELETE FROM early_changes WHERE expires_at_ms <= ?');
  return {
    reads: {
      earlyOf(person, message) {
        const number = names.find(person);
        if (number === undefined) return [];
        const rows = message === undefined ? all.all(number) : ofOne.all(number, message);
        return rows.map((row) => ({
          person,
          message: row.message,
          kind: earlyKinds.word(row.kind),
          sequence: row.sequence,
          content: plainBytes(row.content),
          expiresAtMs: row.expires_at_ms,
        }));
      },
      earlyMessages(person) {
        const number = names.find(person);
        if (number === undefined) return [];
        return [...new Set(messages.all(number).map((row) => row.message))];
      },
    },
    writes: {
      putEarly({ row }) {
        const person = names.number(row.person);
        put.run(person, row.message, earlyKinds.code(row.kind), row.sequence, row.content, row.expiresAtMs);
      },
      removeEarly({ person, message }) {
        const number = names.find(person);
        if (number !== undefined) remove.run(number, message);
      },
    },
    forget: ({ nowMs }) => void forget.run(nowMs),
  };
}
