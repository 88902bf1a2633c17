/** Goal: a length of time is told in its largest whole unit, and never as one that is yet to come. */
import { expect, test } from 'vitest';
import { ago, roughly } from './ago.ts';

test.each([
  [0, '0 s'],
  [999, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [7_199_999, '1 h'],
  [86_400_000 * 3, '3 d'],
])('%d ms is %s', (ms, words) => {
  expect(roughly(ms)).toBe(words);
});

test('just now, and whatever a wrong clock puts in the future, is now', () => {
  const nowMs = Date.parse('2026-01-02T03:04:05.000Z');
  expect(ago('2026-01-02T03:04:04.000Z', nowMs)).toBe('now');
  expect(ago('2026-02-02T03:04:04.000Z', nowMs)).toBe('now');
  expect(ago('2026-01-02T03:03:00.000Z', nowMs)).toBe('1 min ago');
});
