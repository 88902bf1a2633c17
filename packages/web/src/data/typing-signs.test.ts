import { expect, test } from 'vitest';
import {
  afterKey,
  afterPause,
  notTyping,
  typingPauseMs,
  typingShownMs,
  withoutEnded,
  withSign,
} from './typing-signs.ts';

test('typing is told at the first key, again every eight seconds, and its end once', () => {
  let state = notTyping;
  const told: (boolean | null)[] = [];
  for (const [now, isWriting] of [
    [0, true],
    [1_000, true],
    [8_000, true],
    [9_000, false],
    [10_000, false],
  ] as const) {
    const step = afterKey(state, isWriting, now);
    state = step.state;
    told.push(step.tell);
  }
  expect(told).toEqual([true, null, true, false, null]);
});

test('a pause ends it', () => {
  const { state } = afterKey(notTyping, true, 0);
  expect(afterPause(state, typingPauseMs - 1).tell).toBeNull();
  const over = afterPause(state, typingPauseMs);
  expect(over.tell).toBe(false);
  expect(afterPause(over.state, typingPauseMs * 2).tell).toBeNull();
});

test('a sign that is not repeated ends by itself', () => {
  const sign = { conversation: 'c', person: 'ana', typing: true };
  const shown = withSign(new Map(), sign, 0);
  expect(withoutEnded(shown, typingShownMs - 1)).toBe(shown);
  expect(withoutEnded(shown, typingShownMs).size).toBe(0);
  expect(withSign(shown, { ...sign, typing: false }, 1).size).toBe(0);
});
