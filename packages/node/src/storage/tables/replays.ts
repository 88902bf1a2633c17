import { prepare, type Connection } from '../sqlite.ts';
import type { Table } from '../table.ts';

/** First messages of handshakes that were accepted, per prekey; they go when the prekey dies. */
export function replaysTable(
  connection: Connection,
): Table<'replayed' | 'replayCount', 'putReplay' | 'removeReplays'> {
  const one = prepare(connection, 'SELECT 1 FROM replays WHERE prekey = ? AND ephemeral = ?');
  const count = prepare<{ count: number }>(
    connection,
    'SELECT count(*) AS count FROM replays WHERE prekey = ?',
  );
  const put = prepare(connection, 'INSERT OR IGNORE INTO replays (prekey, ephemeral) VALUES (?, ?)');
  const remove = prepare(connection, 'DELETE FROM replays WHERE prekey = ?');
  return {
    reads: {
      replayed: (prekey, ephemeral) => one.get(prekey, ephemeral) !== undefined,
      replayCount: (prekey) => count.get(prekey)?.count ?? 0,
    },
    writes: {
      putReplay: ({ prekey, ephemeral }) => void put.run(prekey, ephemeral),
      removeReplays: ({ prekey }) => void remove.run(prekey),
    },
  };
}
