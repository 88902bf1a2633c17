/** What one table's module gives: the part of the Store it answers, and the writes it carries out. */
import type { Store, StoreWrite } from '@kith/core/base/store';

export type Writers = {
  [Op in Exclude<StoreWrite['op'], 'forget'>]: (write: Extract<StoreWrite, { op: Op }>) => void;
};

export type Forget = Extract<StoreWrite, { op: 'forget' }>;

export interface Table<Reads extends keyof Store, Writes extends keyof Writers> {
  reads: Pick<Store, Reads>;
  writes: Pick<Writers, Writes>;
}

/** @throws RangeError: asking for more than a page at a time is a programmer's mistake. */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    throw new RangeError(`limit must be an integer from 1 to 1000, not ${limit}`);
  }
}

/** The bytes of a column as a plain Uint8Array that belongs to the caller. */
export function plainBytes(column: Uint8Array): Uint8Array {
  // The module hands out a Buffer over memory of its own; Buffer's `slice` would share where ours copies.
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/**
 * A number below 2^45 for a random id, to be looked up instead of the id: random 26-character keys spread
 * over three times the pages, and every page touched is encrypted anew. Different ids may share a number,
 * so the id itself is compared as well.
 */
export function lookupKey(id: string): number {
  let key = 0;
  const length = Math.min(id.length, 9);
  for (let index = 0; index < length; index++) key = key * 32 + (id.charCodeAt(index) & 31);
  return key;
}

/** The same for a hash: its first six bytes. */
export function lookupKeyOfBytes(hash: Uint8Array): number {
  let key = 0;
  for (let index = 0; index < 6; index++) key = key * 256 + (hash[index] ?? 0);
  return key;
}
