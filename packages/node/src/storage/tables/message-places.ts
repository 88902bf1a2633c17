import { prepare, type Connection } from '../sqlite.ts';
import { lookupKey } from '../table.ts';
import { lookupTable } from './lookup.ts';
import type { Names } from './names.ts';

/** Where messages stand, for the tables that refer to them by position. */
export interface MessagePlaces {
  find(conversation: string, id: string): number | undefined;
  /** Positions of all messages with that id, rising. */
  findAll(id: string): number[];
  /** Tells where a message was put just now. */
  add(conversation: string, id: string, position: number): void;
  /** Tells that a message is gone from there. */
  remove(conversation: string, id: string, position: number): void;
  /** After a rollback, positions given in the transaction no longer stand. */
  forgetCached(): void;
}

// Messages change state a few times soon after they come. When full, the cache starts anew.
const cachedMax = 4_096;

export function messagePlaces(connection: Connection, names: Names): MessagePlaces {
  const lookup = lookupTable(connection, 'message_keys');
  const at = prepare<{ id: string; conversation: number }>(
    connection,
    'SELECT id, conversation FROM messages WHERE position = ?',
  );
  const cached = new Map<string, number>();
  const remember = (conversation: string, id: string, position: number): void => {
    if (cached.size >= cachedMax) cached.clear();
    cached.set(`${conversation}/${id}`, position);
  };
  return {
    find(conversation, id) {
      const known = cached.get(`${conversation}/${id}`);
      if (known !== undefined) return known;
      const number = names.find(conversation);
      if (number === undefined) return undefined;
      for (const position of lookup.numbers(lookupKey(id))) {
        const row = at.get(position);
        if (row?.id !== id || row.conversation !== number) continue;
        remember(conversation, id, position);
        return position;
      }
      return undefined;
    },
    findAll: (id) =>
      lookup
        .numbers(lookupKey(id))
        .filter((position) => at.get(position)?.id === id)
        .toSorted((a, b) => a - b),
    add(conversation, id, position) {
      lookup.add(lookupKey(id), position);
      remember(conversation, id, position);
    },
    remove(conversation, id, position) {
      lookup.remove(lookupKey(id), position);
      cached.delete(`${conversation}/${id}`);
    },
    forgetCached() {
      cached.clear();
      lookup.forgetCached();
    },
  };
}
