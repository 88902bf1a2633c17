import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  dismissToast,
  dismissToasts,
  holdToast,
  pauseToasts,
  releaseToast,
  showToast,
  undoToast,
  useToasts,
} from './toast-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  dismissToasts();
  vi.useRealTimers();
});

const texts = (): string[] => useToasts.getState().toasts.map(({ text }) => text);

it('leaves by itself, and what it held back happens then, once', () => {
  const commit = vi.fn();
  showToast({ text: 'a', undo: () => undefined, commit });
  expect(commit).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(texts()).toEqual([]);
  expect(commit).toHaveBeenCalledTimes(1);
});

it('undone, what it held back never happens', () => {
  const commit = vi.fn();
  const undo = vi.fn();
  undoToast(showToast({ text: 'a', undo, commit }));
  vi.runAllTimers();
  expect(undo).toHaveBeenCalledTimes(1);
  expect(commit).not.toHaveBeenCalled();
});

it('shows three; the oldest makes room, and its act happens', () => {
  const commit = vi.fn();
  showToast({ text: 'a', commit });
  for (const text of ['b', 'c', 'd']) showToast({ text });
  expect(texts()).toEqual(['b', 'c', 'd']);
  expect(commit).toHaveBeenCalledTimes(1);
});

it('closed by somebody, those that are left and those that come leave by themselves', () => {
  const commit = vi.fn();
  const first = showToast({ text: 'a', undo: () => undefined });
  showToast({ text: 'b', commit });
  holdToast(first);
  undoToast(first);
  vi.runAllTimers();
  expect(texts()).toEqual([]);
  expect(commit).toHaveBeenCalledTimes(1);
  const second = showToast({ text: 'c' });
  holdToast(second);
  dismissToast(second);
  showToast({ text: 'd', commit });
  vi.runAllTimers();
  expect(commit).toHaveBeenCalledTimes(2);
});

it('stays while somebody looks at it', () => {
  const id = showToast({ text: 'a' });
  holdToast(id);
  // Others that come and go are not looked at.
  dismissToast(showToast({ text: 'b' }));
  vi.runAllTimers();
  expect(texts()).toEqual(['a']);
  releaseToast(id);
  vi.runAllTimers();
  expect(texts()).toEqual([]);
});

it('says the same once, for as long as the last time it was said', () => {
  const first = showToast({ text: 'a', look: 'bad' });
  showToast({ text: 'b' });
  vi.advanceTimersByTime(5_000);
  expect(showToast({ text: 'a', look: 'bad' }), 'it is told again').not.toBe(first);
  expect(texts()).toEqual(['b', 'a']);
  vi.advanceTimersByTime(5_000);
  expect(texts()).toEqual(['a']);
  vi.advanceTimersByTime(2_000);
  expect(texts()).toEqual([]);
  showToast({ text: 'a', look: 'bad' });
  expect(texts()).toEqual(['a']);
});

it('of the same words about different acts says each', () => {
  const undo = vi.fn();
  const commit = vi.fn();
  for (let n = 0; n < 2; n++) undoToast(showToast({ text: 'a', undo }));
  expect(undo).toHaveBeenCalledTimes(2);
  showToast({ text: 'a' });
  showToast({ text: 'a', commit });
  showToast({ text: 'a' });
  expect(texts()).toEqual(['a', 'a']);
});

it('one that fades out and is pointed at holds nothing up', () => {
  const commit = vi.fn();
  const gone = showToast({ text: 'a' });
  dismissToast(gone);
  holdToast(gone);
  showToast({ text: 'b', commit });
  vi.runAllTimers();
  expect(commit).toHaveBeenCalledTimes(1);
});

it('what comes while none is drawn is shown for its whole time afterwards', () => {
  pauseToasts(true);
  showToast({ text: 'a' });
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(['a']);
  pauseToasts(false);
  vi.advanceTimersByTime(5_000);
  expect(texts()).toEqual(['a']);
  vi.runAllTimers();
  expect(texts()).toEqual([]);
});
