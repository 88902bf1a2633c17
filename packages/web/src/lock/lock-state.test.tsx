/** Goal: whoever was away for long is shown nothing at the first drawing already, and nobody without a PIN is shut out. */
import { QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Settings } from '@kith/api/settings-shapes';
import { keys, queryClient } from '../data/query-client.ts';

const kept = vi.hoisted(() => new Map<string, string>());

vi.mock('../data/connection.ts', () => ({ api: {} }));
vi.stubGlobal('localStorage', {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
});
vi.stubGlobal('document', { documentElement: {} });

const { touch, unlocked, useIsShut } = await import('./lock-state.ts');
const { firstSettings } = await import('../data/settings.ts');

const minuteMs = 60_000;

function isShut(settings: Partial<Settings> | undefined): boolean {
  if (settings !== undefined)
    queryClient.setQueryData<Settings>(keys.settings, { ...firstSettings, ...settings });
  return (
    renderToStaticMarkup(
      <QueryClientProvider client={queryClient}>
        <Probe />
      </QueryClientProvider>,
    ) === 'shut'
  );
}

function Probe() {
  return useIsShut() ? 'shut' : 'open';
}

beforeEach(() => {
  queryClient.clear();
  unlocked();
});

test('whoever was away for longer than they chose is shut out before anything was drawn', () => {
  const chosen = { hasPin: true, lockAfterMinutes: 5 };
  expect(isShut(chosen)).toBe(false);
  touch(Date.now() - 4 * minuteMs);
  expect(isShut(chosen)).toBe(false);
  touch(Date.now() - 6 * minuteMs);
  expect(isShut(chosen)).toBe(true);
  expect(isShut({ hasPin: true })).toBe(false);
  expect(isShut({ hasPin: false, lockAfterMinutes: 5 })).toBe(false);
  unlocked();
  expect(isShut(chosen)).toBe(false);
});

test('while the settings are not known a minute is the limit, and none where nobody ever chose one', () => {
  touch(Date.now() - 2 * minuteMs);
  expect(isShut(undefined)).toBe(true);
  kept.delete('kith.touched');
  expect(isShut(undefined)).toBe(false);
});
