import { expect, test, vi } from 'vitest';
import { retried } from './retried.ts';

test('one serves until it fails, and another after that', async () => {
  const load = vi.fn<() => Promise<string>>();
  load.mockRejectedValueOnce(new Error('gone'));
  load.mockResolvedValueOnce('here');
  const current = retried(load, (attempt) => ({ attempt }));
  const first = current();
  expect(current()).toBe(first);
  const failing = first.attempt();
  expect(current(), 'it may still come').toBe(first);
  await expect(failing).rejects.toThrow('gone');
  const second = current();
  expect(second).not.toBe(first);
  expect(current()).toBe(second);
  expect(await second.attempt()).toBe('here');
  expect(current(), 'it has come').toBe(second);
  expect(load).toHaveBeenCalledTimes(2);
});
