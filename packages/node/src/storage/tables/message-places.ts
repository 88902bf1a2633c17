import { prepare, type Connection } from '../sqlite.ts';
import { lookupKey } from '../table.ts';
import type { Names } from './names.ts';

/** Where messages stand, for the tables that refer to them by position. */
export interface MessagePlaces {
  find(conversation: string, id: string): number | undefined;
  /** Tells where a message was put just now. */
  remember(conversation: string, id: string, position: number): void;
  /** After a rollback, positions given in the transaction no longer stand. */
  forgetCached(): void;
}

// Messages change state a few times soon after they come. When full, the cache starts anew.
const cachedMax = 4_096;

export function messagePlaces(connection: Connection, names: Names): MessagePlaces {
  // The plus keeps the planner from the conversation's index, which would visit all of its messages.
  // The index is named here and elsewhere: without statistics SQLite may take the one over conversations, and
  // read every message of a conversation to find one.
  const select = prepare<{ position: number }>(
    connection,
    'SELECT position FROM messages INDEXED BY messages_key WHERE key = ? AND id = ? AND +conversation = ?',
  );
  const cached = new Map<string, number>();
  const remember = (conversation: string, id: string, position: number): void => {
    if (cached.size >= cachedMax) cached.clear();
    cached.set(`${conversation}/${id}`, position);
  };
  return {
    remember,
    find(conversation, id) {
      const known = cached.get(`${conversation}/${id}`);
      if (known !== undefined) return known;
      const number = names.find(conversation);
      if (number === undefined) return undefined;
      const found = select.get(lookupKey(id), id, number)?.position;
      if (found !== undefined) remember(conversation, id, found);
      return found;
    },
    forgetCached: () => cached.clear(),
  };
}
