/** Goal: the invariants of keeper.ts, and what its answers mean. */
import { expect, test } from 'vitest';
import { Keeper, keeperDefaults } from './keeper.ts';

const self = new Uint8Array(32);
const place = (first: number, second = 0): Uint8Array => {
  const bytes = new Uint8Array(32);
  bytes.set([first, second]);
  return bytes;
};
const value = Uint8Array.of(1, 2, 3);
const facts = (
  where: Uint8Array,
  sequence = 1,
  ttlMs = 1_000,
): { place: Uint8Array; sequence: number; ttlMs: number } => ({
  place: where,
  sequence,
  ttlMs,
});

test('the newest stays, an older one is refused, the same one does not live longer', () => {
  const keeper = new Keeper(self, keeperDefaults);
  expect(keeper.keep(value, facts(place(1), 5), 'a', 0)).toBe('kept');
  expect(keeper.keep(Uint8Array.of(9), facts(place(1), 4), 'a', 0)).toBe('old');
  expect(keeper.keep(value, facts(place(1), 5), 'a', 900)).toBe('kept');
  expect(keeper.get(place(1), 999)).toEqual(value);
  expect(keeper.get(place(1), 1_000)).toBeUndefined();
  expect(keeper.keep(Uint8Array.of(7), facts(place(1), 6), 'b', 999)).toBe('kept');
  expect(keeper.get(place(1), 1_500)).toEqual(Uint8Array.of(7));
  expect(keeper.size).toBe(1);
  keeper.expire(5_000);
  expect(keeper.size).toBe(0);
});

test('what it keeps is a copy', () => {
  const keeper = new Keeper(self, keeperDefaults);
  const bytes = value.slice();
  keeper.keep(bytes, facts(place(1)), 'a', 0);
  bytes.fill(0);
  expect(keeper.get(place(1), 1)).toEqual(value);
});

test('no life beyond the longest, and none of zero', () => {
  const keeper = new Keeper(self, keeperDefaults);
  keeper.keep(value, facts(place(1), 1, Number.MAX_SAFE_INTEGER), 'a', 0);
  expect(keeper.get(place(1), keeperDefaults.ttlMsMax)).toBeUndefined();
  expect(keeper.keep(value, facts(place(2), 1, 0), 'a', 0)).toBe('refused');
  expect(keeper.keep(value, facts(place(2), 1, Number.NaN), 'a', 0)).toBe('refused');
});

test('a subnet fills no more than its share; when full, the farthest goes', () => {
  const keeper = new Keeper(self, { ...keeperDefaults, valuesMax: 6, subnetValuesMax: 4 });
  for (let near = 1; near <= 4; near++) expect(keeper.keep(value, facts(place(near)), 'a', 0)).toBe('kept');
  expect(keeper.keep(value, facts(place(5)), 'a', 0)).toBe('full');
  expect(keeper.keep(value, facts(place(200)), 'b', 0)).toBe('kept');
  expect(keeper.keep(value, facts(place(6)), 'b', 0)).toBe('kept');
  expect(keeper.keep(value, facts(place(201)), 'c', 0)).toBe('full');
  expect(keeper.keep(value, facts(place(7)), 'c', 0)).toBe('kept');
  expect(keeper.get(place(200), 1)).toBeUndefined();
  expect(keeper.size).toBe(6);
});
