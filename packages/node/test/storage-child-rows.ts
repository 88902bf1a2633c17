/** What storage-child.ts writes, for the test that reads it back. */
import { bytesOf } from '../../core/test/store-rows.ts';

export const childKey: Uint8Array = bytesOf(77, 32);

/** The settings of one transaction: all of them are there, or none. */
export function partsOf(number: number): { key: string; value: Uint8Array }[] {
  return [0, 1, 2].map((part) => ({ key: `${number}/${part}`, value: bytesOf(number + part, 700) }));
}
