import { expect, test } from 'vitest';
import { InboundBudget } from './budget.ts';
import { inboundBytesBurstMax, inboundFramesBurstMax, inboundFramesPerSecondMax } from './limits.ts';

test('a burst is free, what is beyond must be waited for, and waiting pays it off', () => {
  const budget = new InboundBudget(1_000);
  expect(budget.spend(inboundFramesBurstMax, 1_000, 1_000)).toBe(0);
  expect(budget.spend(inboundFramesPerSecondMax / 2, 1_000, 1_000)).toBe(500);
  expect(budget.spend(0, 0, 1_400)).toBe(100);
  expect(budget.spend(0, 0, 1_500)).toBe(0);
});

test('bytes count as well as frames', () => {
  const budget = new InboundBudget(0);
  expect(budget.spend(1, inboundBytesBurstMax + 64 * 1024 * 1024, 0)).toBe(1_000);
});

test('a quiet day saves up no more than a burst, and a clock that stands or falls back gives nothing', () => {
  const budget = new InboundBudget(0);
  expect(budget.spend(inboundFramesBurstMax, 0, 86_400_000)).toBe(0);
  expect(budget.spend(100, 0, 0)).toBe(1);
});
