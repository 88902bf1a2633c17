import { prepare, type Connection } from '../sqlite.ts';

/** Gives positions to messages: each above every one given before, also of messages that are gone. */
export interface MessagePositions {
  /** For the message that is put now. */
  next(): number;
  /** Tells that the message there is about to be removed. */
  removing(position: number): void;
  /** Messages that are there: of the conversation with that number, or of all. */
  count(conversation: number | undefined): number;
  /** After a rollback, all is read anew. */
  forgetCached(): void;
}

export function messagePositions(connection: Connection): MessagePositions {
  const highest = prepare<{ position: number | null }>(
    connection,
    'SELECT max(position) AS position FROM messages',
  );
  const kept = prepare<{ value: number }>(connection, "SELECT value FROM counters WHERE name = 'position'");
  const keep = prepare(
    connection,
    `INSERT INTO counters (name, value) VALUES ('position', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  );
  const all = prepare<{ count: number }>(connection, 'SELECT count(*) AS count FROM messages');
  const ofOne = prepare<{ count: number }>(
    connection,
    'SELECT count(*) AS count FROM messages INDEXED BY messages_conversation WHERE conversation = ?',
  );
  let last: number | undefined;
  let counted: number | undefined;
  const lastGiven = (): number => (last ??= Math.max(highest.get()?.position ?? 0, kept.get()?.value ?? 0));
  return {
    next() {
      last = lastGiven() + 1;
      if (counted !== undefined) counted += 1;
      return last;
    },
    removing(position) {
      // From here on the rows alone no longer say which was the last.
      if (position === lastGiven()) keep.run(position);
      if (counted !== undefined) counted -= 1;
    },
    count(conversation) {
      if (conversation !== undefined) return ofOne.get(conversation)?.count ?? 0;
      return (counted ??= all.get()?.count ?? 0);
    },
    forgetCached() {
      last = undefined;
      counted = undefined;
    },
  };
}
