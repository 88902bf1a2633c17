import { wordsOf } from '@kith/core/base/words';
import { prepare, type Connection } from '../sqlite.ts';
import type { OnText } from './message-changes.ts';
import { wordsDueTable } from './words-due.ts';

export interface WordsIndex {
  /** Tells that a message was put. Adds some that wait to the index, once they are too many. */
  messagePut(): void;
  /** Tells that a message has another text, or is gone; of what it said before, its words may be in the index. */
  textChanged: OnText;
  /** The last message whose words were added. */
  indexedPosition(): number;
  /** Whether the index still holds words that their messages no longer hold. */
  isBehind(): boolean;
  /** Whether messages wait to be added to the index, or words to be taken out. */
  waits(): boolean;
  /** Takes some out, or adds at most `idleStepMessages`, within a transaction. */
  addSome(): void;
  /** A transaction begins: so much may be taken out anew. */
  began(): void;
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
// Taking words out, page by page so that nothing of them is left, costs up to 6 µs a character: 170 ms for the longest
// text. In one transaction, or idle step, so many characters; a text that was begun is finished. The rest waits.
const takenOutAtOnceMax = 16_384;

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
  const due = wordsDueTable(connection);
  let waitingCount: number | undefined;
  let mayTakeOut = takenOutAtOnceMax;
  const indexedPosition = (): number => counter.get()?.value ?? 0;

  const addWaiting = (max: number): void => {
    const rows = waiting.all(indexedPosition(), max);
    for (const { position, text } of rows) insert.run(position, wordsOf(text).join(' '));
    const last = rows.at(-1);
    if (last !== undefined) setCounter.run(last.position);
    waitingCount = undefined;
  };
  const countWaiting = (): number => (newest.get()?.position ?? 0) - indexedPosition();
  const takeOut = (): void => {
    while (mayTakeOut > 0) {
      const row = due.next();
      if (row === undefined) return;
      const { position, before, now } = row;
      drop.run(position, wordsOf(before).join(' '));
      if (now !== undefined) insert.run(position, wordsOf(now).join(' '));
      due.done(position);
      mayTakeOut -= before.length + (now?.length ?? 0) + 1;
    }
  };
  return {
    messagePut() {
      waitingCount = waitingCount === undefined ? countWaiting() : waitingCount + 1;
      if (waitingCount >= waitingMax) addWaiting(addedAtOnceMax);
    },
    textChanged(position, before) {
      waitingCount = undefined;
      if (position > indexedPosition()) return;
      due.put(position, before);
      takeOut();
    },
    isBehind: () => due.isBehind(),
    waits: () => due.isBehind() || (waitingCount ??= countWaiting()) > 0,
    addSome() {
      mayTakeOut = takenOutAtOnceMax;
      if (due.isBehind()) takeOut();
      else addWaiting(idleStepMessages);
    },
    began: () => void (mayTakeOut = takenOutAtOnceMax),
    forgetCached() {
      waitingCount = undefined;
      due.forgetCached();
    },
    indexedPosition,
  };
}
