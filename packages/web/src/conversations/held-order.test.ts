import { expect, test } from 'vitest';
import { inOrder } from './held-order.ts';

const rows = (ids: string): { id: string }[] => [...ids].map((id) => ({ id }));
const shown = (now: string, held: string): string =>
  inOrder(rows(now), [...held])
    .map(({ id }) => id)
    .join('');

test('what is held keeps its place, what is new comes behind in its own order, what is gone is gone', () => {
  expect(shown('cab', 'abc')).toBe('abc');
  expect(shown('xcyab', 'abc')).toBe('abcxy');
  expect(shown('ca', 'abc')).toBe('ac');
  expect(shown('', 'abc')).toBe('');
  expect(shown('ba', '')).toBe('ba');
});
