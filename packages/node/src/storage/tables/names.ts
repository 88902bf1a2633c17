import { KithError } from '@kith/core/base/errors';
import { prepare, type Connection } from '../sqlite.ts';

/** Numbers for long ids that stand in many rows. */
export interface Names {
  /** The number of a name, given now if it has none. Only inside a transaction. */
  number(name: string): number;
  /** The number of a name, where it has one. */
  find(name: string): number | undefined;
  /** @throws KithError `corrupt` where a row names a number that was never given. */
  name(number: number): string;
  /** After a rollback, numbers given in the transaction are no longer theirs. */
  forgetCached(): void;
}

// People, devices and conversations seen since the start. When full, the cache starts anew.
const cachedMax = 10_000;

export function namesTable(connection: Connection): Names {
  const byName = prepare<{ number: number }>(connection, 'SELECT number FROM names WHERE name = ?');
  const byNumber = prepare<{ name: string }>(connection, 'SELECT name FROM names WHERE number = ?');
  const insert = prepare(connection, 'INSERT INTO names (name) VALUES (?)');
  const numbers = new Map<string, number>();
  const names = new Map<number, string>();
  const remember = (name: string, number: number): void => {
    if (numbers.size >= cachedMax) forgetCached();
    numbers.set(name, number);
    names.set(number, name);
  };
  const forgetCached = (): void => {
    numbers.clear();
    names.clear();
  };
  const find = (name: string): number | undefined => {
    const cached = numbers.get(name);
    if (cached !== undefined) return cached;
    const row = byName.get(name);
    if (row !== undefined) remember(name, row.number);
    return row?.number;
  };
  return {
    find,
    forgetCached,
    number(name) {
      const found = find(name);
      if (found !== undefined) return found;
      const number = Number(insert.run(name).lastInsertRowid);
      remember(name, number);
      return number;
    },
    name(number) {
      const cached = names.get(number);
      if (cached !== undefined) return cached;
      const row = byNumber.get(number);
      if (row === undefined) throw new KithError('corrupt');
      remember(row.name, number);
      return row.name;
    },
  };
}
