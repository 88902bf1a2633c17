/**
 * Finds rows by random ids. A B-tree over random keys has a page touched by nearly every insert, and every
 * touched page is encrypted and written anew with its commit. So new keys go into a small tree first, and move
 * into the large one in order when there are enough of them: fewer pages for the same keys.
 *
 * Keys are short numbers made of ids (table.ts): several rows may share one, and the caller compares the id.
 */
import { prepare, type Connection } from '../sqlite.ts';

export interface Lookup {
  add(key: number, number: number): void;
  remove(key: number, number: number): void;
  /** The rows that may be meant, in no order. */
  numbers(key: number): number[];
  /** After a rollback, what is in the small tree is counted anew. */
  forgetCached(): void;
}

// Measured with 64 messages a commit and 20,000 rows: 13 pages a commit instead of 50. Larger gains little.
const freshMax = 2_048;

/** @param name - of the large tree's table; the small one's ends with `_fresh`. */
export function lookupTable(connection: Connection, name: string): Lookup {
  const add = prepare(connection, `INSERT INTO ${name}_fresh (key, number) VALUES (?, ?)`);
  const remove = prepare(connection, `DELETE FROM ${name} WHERE key = ? AND number = ?`);
  const removeFresh = prepare(connection, `DELETE FROM ${name}_fresh WHERE key = ? AND number = ?`);
  const find = prepare<{ number: number }>(
    connection,
    `SELECT number FROM ${name}_fresh WHERE key = ? UNION ALL SELECT number FROM ${name} WHERE key = ?`,
  );
  const count = prepare<{ count: number }>(connection, `SELECT count(*) AS count FROM ${name}_fresh`);
  const move = prepare(
    connection,
    `INSERT INTO ${name} SELECT key, number FROM ${name}_fresh ORDER BY key, number`,
  );
  const clear = prepare(connection, `DELETE FROM ${name}_fresh`);
  let freshCount: number | undefined;
  return {
    add(key, number) {
      add.run(key, number);
      freshCount = freshCount === undefined ? (count.get()?.count ?? 0) : freshCount + 1;
      if (freshCount < freshMax) return;
      move.run();
      clear.run();
      freshCount = 0;
    },
    remove(key, number) {
      remove.run(key, number);
      removeFresh.run(key, number);
    },
    numbers: (key) => find.all(key, key).map((row) => row.number),
    forgetCached: () => void (freshCount = undefined),
  };
}
