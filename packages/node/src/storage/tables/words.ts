import { wordsOf } from '@kith/core/base/words';
import type { StoredMessage } from '@kith/core/base/store';
import { prepare, type Connection } from '../sqlite.ts';
import { checkLimit, type Table } from '../table.ts';
import type { OnText } from './message-changes.ts';
import type { MessageColumns } from './messages.ts';

export interface WordsTable extends Table<'search', never> {
  /** Tells that a message was put. Adds some that wait to the index, once they are too many. */
  messagePut(): void;
  /** Another text, or none, in place of one that may be in the index. */
  textChanged: OnText;
  /** Whether messages wait to be added to the index. */
  waits(): boolean;
  /** Adds at most `idleStepMessages` to the index, within a transaction. */
  addSome(): void;
  /** After a rollback, what waits is counted anew. */
  forgetCached(): void;
}

// Adding a message to the index costs about as much as storing it. It is done when nothing else is to be done,
// and the newest messages are searched by reading them: some 20 µs each. Under a load that never pauses it is
// done anyway once so many wait.
const waitingMax = 8_192;
const addedAtOnceMax = 1_024;
/** Messages of one idle step: a few milliseconds. */
export const idleStepMessages = 256;
// More words make a query no sharper.
const wordsMax = 32;

/** The index over the words of messages: an FTS5 table that holds no text of its own. */
export function wordsTable(
  connection: Connection,
  row: (columns: MessageColumns) => StoredMessage,
): WordsTable {
  const counter = prepare<{ value: number }>(connection, "SELECT value FROM counters WHERE name = 'words'");
  const setCounter = prepare(
    connection,
    `INSERT INTO counters (name, value) VALUES ('words', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  );
  const waiting = prepare<{ position: number; text: string }>(
    connection,
    'SELECT position, text FROM messages WHERE position > ? ORDER BY position LIMIT ?',
  );
  const newest = prepare<{ position: number | null }>(
    connection,
    'SELECT max(position) AS position FROM messages',
  );
  const unindexed = prepare<MessageColumns>(
    connection,
    'SELECT * FROM messages WHERE position > ? ORDER BY position DESC',
  );
  const insert = prepare(connection, 'INSERT INTO words (rowid, text) VALUES (?, ?)');
  // FTS5, "The 'delete' Command": the text has to be the one that was added.
  const remove = prepare(connection, "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)");
  const match = prepare<MessageColumns>(
    connection,
    `SELECT messages.* FROM words JOIN messages ON messages.position = words.rowid
     WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?`,
  );
  let waitingCount: number | undefined;
  const indexedPosition = (): number => counter.get()?.value ?? 0;

  const addWaiting = (max: number): void => {
    const rows = waiting.all(indexedPosition(), max);
    for (const { position, text } of rows) insert.run(position, wordsOf(text).join(' '));
    const last = rows.at(-1);
    if (last !== undefined) setCounter.run(last.position);
    waitingCount = undefined;
  };
  const countWaiting = (): number => (newest.get()?.position ?? 0) - indexedPosition();
  return {
    messagePut() {
      waitingCount = waitingCount === undefined ? countWaiting() : waitingCount + 1;
      if (waitingCount >= waitingMax) addWaiting(addedAtOnceMax);
    },
    textChanged({ position, before, after }) {
      if (position > indexedPosition()) return;
      remove.run(position, wordsOf(before).join(' '));
      insert.run(position, wordsOf(after).join(' '));
    },
    waits: () => (waitingCount ??= countWaiting()) > 0,
    addSome: () => addWaiting(idleStepMessages),
    forgetCached: () => void (waitingCount = undefined),
    reads: {
      search(words, limit) {
        checkLimit(limit);
        const asked = [...new Set(wordsOf(words))].slice(0, wordsMax);
        if (asked.length === 0) return [];
        const found: StoredMessage[] = [];
        for (const columns of unindexed.all(indexedPosition())) {
          if (found.length < limit && holdsAll(columns.text, asked)) found.push(row(columns));
        }
        const rest = limit - found.length;
        // Words are letters and digits only, so that quoted they cannot become operators.
        const query = asked.map((word) => `"${word}"*`).join(' AND ');
        return rest === 0 ? found : [...found, ...match.all(query, rest).map(row)];
      },
    },
    writes: {},
  };
}

function holdsAll(text: string, prefixes: readonly string[]): boolean {
  const held = wordsOf(text);
  return prefixes.every((prefix) => held.some((word) => word.startsWith(prefix)));
}
