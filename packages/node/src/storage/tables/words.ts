import { wordsOf } from '@kith/core/base/words';
import { prepare, type Connection } from '../sqlite.ts';
import type { OnText } from './message-changes.ts';

export interface WordsIndex {
  /** Tells that a message was put. Adds some that wait to the index, once they are too many. */
  messagePut(): void;
  /** Another text, or none, in place of one that may be in the index. */
  textChanged: OnText;
  /** Tells that the message at that position, with that text, is gone. */
  messageRemoved(position: number, text: string): void;
  /** The last message whose words were added. */
  indexedPosition(): number;
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

/** The index over the words of messages: an FTS5 table that holds no text of its own. */
export function wordsTable(connection: Connection): WordsIndex {
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
  const insert = prepare(connection, 'INSERT INTO words (rowid, text) VALUES (?, ?)');
  // FTS5, "The 'delete' Command": the text has to be the one that was added.
  const drop = prepare(connection, "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)");
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
      drop.run(position, wordsOf(before).join(' '));
      insert.run(position, wordsOf(after).join(' '));
    },
    waits: () => (waitingCount ??= countWaiting()) > 0,
    addSome: () => addWaiting(idleStepMessages),
    forgetCached: () => void (waitingCount = undefined),
    indexedPosition,
    messageRemoved(position, text) {
      if (position <= indexedPosition()) drop.run(position, wordsOf(text).join(' '));
      waitingCount = undefined;
    },
  };
}
