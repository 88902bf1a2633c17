import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { paceMs, PacedCount } from './paced-count.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('shows a flood once a second, and its last count in the end', () => {
  const shown: number[] = [];
  const count = new PacedCount((value) => shown.push(value));
  for (let value = 1; value <= 250; value += 1) {
    count.set(value);
    vi.advanceTimersByTime(10);
  }
  vi.runAllTimers();
  expect(shown).toEqual([1, 100, 200, 250]);
});

it('shows at once that nothing waits any more, and that something does', () => {
  const shown: number[] = [];
  const count = new PacedCount((value) => shown.push(value));
  for (const value of [0, 1, 2, 0, 3, 4]) count.set(value);
  expect(shown).toEqual([0, 1, 0, 3]);
  vi.advanceTimersByTime(paceMs);
  expect(shown).toEqual([0, 1, 0, 3, 4]);
});

it('shows nothing where the count is back at what is shown', () => {
  const shown: number[] = [];
  const count = new PacedCount((value) => shown.push(value));
  for (const value of [5, 6, 5]) count.set(value);
  vi.runAllTimers();
  expect(shown).toEqual([5]);
});
