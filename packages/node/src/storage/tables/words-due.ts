import { prepare, type Connection } from '../sqlite.ts';

/** What the index of words still says of messages that say something else by now, or are gone. Only words.ts uses this. */
export interface WordsDue {
  /** Of several texts of one message the first is in the index. */
  put(position: number, before: string): void;
  isBehind(): boolean;
  /** The oldest: what is in the index, and what the message says now, where it is there. */
  next(): { position: number; before: string; now: string | undefined } | undefined;
  done(position: number): void;
  /** After a rollback, it is looked up anew. */
  forgetCached(): void;
}

export function wordsDueTable(connection: Connection): WordsDue {
  const oldest = prepare<{ position: number; before: string; now: string | null }>(
    connection,
    `SELECT d.position, d.text AS before, m.text AS now FROM words_due AS d
       LEFT JOIN messages AS m ON m.position = d.position ORDER BY d.position LIMIT 1`,
  );
  const add = prepare(connection, 'INSERT OR IGNORE INTO words_due (position, text) VALUES (?, ?)');
  const remove = prepare(connection, 'DELETE FROM words_due WHERE position = ?');
  const any = prepare(connection, 'SELECT 1 FROM words_due LIMIT 1');
  let isBehind: boolean | undefined;
  return {
    put(position, before) {
      add.run(position, before);
      isBehind = true;
    },
    isBehind: () => (isBehind ??= any.get() !== undefined),
    next() {
      const row = oldest.get();
      isBehind = row !== undefined;
      return row && { ...row, now: row.now ?? undefined };
    },
    done: (position) => void remove.run(position),
    forgetCached: () => void (isBehind = undefined),
  };
}
