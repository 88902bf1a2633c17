import type { PersonId } from '@kith/core/base/ids';
import type { StoredMessage } from '@kith/core/base/store';
import { prepare, type Connection } from '../sqlite.ts';
import type { Names } from './names.ts';

/** Reactions, beside the position of their message. Only messages.ts knows this table. */
export interface Reactions {
  of(position: number): StoredMessage['reactions'];
  put(position: number, reaction: StoredMessage['reactions'][number]): void;
  remove(position: number): void;
}

export function reactionsTable(connection: Connection, names: Names): Reactions {
  const all = prepare<{ person: number; sequence: number; emoji: string }>(
    connection,
    'SELECT person, sequence, emoji FROM reactions WHERE position = ? ORDER BY number',
  );
  const put = prepare(
    connection,
    `INSERT INTO reactions (position, person, sequence, emoji) VALUES (?, ?, ?, ?)
     ON CONFLICT (position, person) DO UPDATE SET sequence = excluded.sequence, emoji = excluded.emoji`,
  );
  const remove = prepare(connection, 'DELETE FROM reactions WHERE position = ?');
  return {
    of: (position) =>
      all.all(position).map(({ person, sequence, emoji }) => ({
        person: names.name(person) as PersonId,
        sequence,
        // An emoji holds no space (base/emoji.ts).
        emoji: emoji === '' ? [] : emoji.split(' '),
      })),
    put: (position, { person, sequence, emoji }) =>
      void put.run(position, names.number(person), sequence, emoji.join(' ')),
    remove: (position) => void remove.run(position),
  };
}
