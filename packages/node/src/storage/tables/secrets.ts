import type { SecretRow } from '@kith/core/base/store';
import { secretKinds } from '../codes.ts';
import { prepare, type Connection } from '../sqlite.ts';
import { plainBytes, type Table } from '../table.ts';

interface Columns {
  kind: number;
  key: string;
  generation: number;
  sealed: Uint8Array;
}

/** Rows that core sealed under the moving storage key. Nothing here can open them. */
export function secretsTable(
  connection: Connection,
): Table<'secret' | 'secrets' | 'secretKeys', 'putSecret' | 'removeSecret'> {
  const one = prepare<Columns>(connection, 'SELECT * FROM secrets WHERE kind = ? AND key = ?');
  const range = prepare<Columns>(
    connection,
    'SELECT * FROM secrets WHERE kind = ? AND key >= ? AND key < ? ORDER BY key',
  );
  const keys = prepare<Pick<Columns, 'kind' | 'key'>>(
    connection,
    'SELECT kind, key FROM secrets ORDER BY kind, key',
  );
  const put = prepare(
    connection,
    `INSERT INTO secrets (kind, key, generation, sealed) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind, key) DO UPDATE SET generation = excluded.generation, sealed = excluded.sealed`,
  );
  const remove = prepare(connection, 'DELETE FROM secrets WHERE kind = ? AND key = ?');
  return {
    reads: {
      secret(kind, key) {
        const row = one.get(secretKinds.code(kind), key);
        return row === undefined ? undefined : secretRow(row);
      },
      // Keys are hex and slashes: nothing that begins with the prefix sorts after the last code point.
      secrets: (kind, prefix) =>
        range.all(secretKinds.code(kind), prefix, `${prefix}\u{10ffff}`).map(secretRow),
      secretKeys: () => keys.all().map(({ kind, key }) => ({ kind: secretKinds.word(kind), key })),
    },
    writes: {
      putSecret: ({ row }) => void put.run(secretKinds.code(row.kind), row.key, row.generation, row.sealed),
      removeSecret: ({ kind, key }) => void remove.run(secretKinds.code(kind), key),
    },
  };
}

function secretRow({ kind, key, generation, sealed }: Columns): SecretRow {
  return { kind: secretKinds.word(kind), key, generation, sealed: plainBytes(sealed) };
}
