import { expect, test } from 'vitest';
import { systemClock } from './system-clock.ts';

test('time does not run backwards, and what was asked for runs once unless forgotten', async () => {
  const clock = systemClock();
  let last = clock.monotonicMs();
  for (let count = 0; count < 10_000; count++) {
    const now = clock.monotonicMs();
    expect(now >= last).toBe(true);
    last = now;
  }
  const ran: string[] = [];
  const forget = clock.after(0, () => ran.push('forgotten'));
  forget();
  forget();
  clock.soon(() => ran.push('soon'));
  await new Promise<void>((resolve) => {
    clock.after(1, () => {
      ran.push('after');
      resolve();
    });
  });
  expect(ran.toSorted()).toEqual(['after', 'soon']);
});
