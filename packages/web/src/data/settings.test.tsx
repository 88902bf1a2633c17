/** Goal: a choice stands on the screen until the node answered it, whatever it says of others; a refusal takes back that one alone. */
import { QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, expect, test, vi } from 'vitest';
import { KithError } from '@kith/api/errors';
import type { Settings, SettingsInput } from '@kith/api/settings-shapes';
import { setLanguage } from '../i18n/language.ts';
import { keys, queryClient } from './query-client.ts';

/** What the page waits for, oldest first. Each is answered by the test. */
const node = vi.hoisted(() => {
  const asked: PromiseWithResolvers<unknown>[] = [];
  const ask = async (): Promise<unknown> => {
    const answer = Promise.withResolvers<unknown>();
    asked.push(answer);
    return await answer.promise;
  };
  return { asked, ask };
});

vi.mock('./connection.ts', () => ({
  api: { settings: { set: { mutate: node.ask }, get: { query: node.ask } } },
}));

vi.stubGlobal('document', { documentElement: {} });
await setLanguage('en');
const { firstSettings, useChangeSettings } = await import('./settings.ts');
const { queries } = await import('./queries.ts');

const shown = (): Settings | undefined => queryClient.getQueryData(keys.settings);

/** Lets what was answered arrive. */
const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** What the components drawn for the tests got, newest last. */
const caught: ((changes: SettingsInput) => void)[] = [];
beforeEach(() => {
  node.asked.length = 0;
  queryClient.clear();
  queryClient.setQueryData<Settings>(keys.settings, firstSettings);
  function Catcher(): null {
    caught.push(useChangeSettings());
    return null;
  }
  renderToStaticMarkup(
    <QueryClientProvider client={queryClient}>
      <Catcher />
    </QueryClientProvider>,
  );
});

async function choose(...choices: SettingsInput[]): Promise<void> {
  for (const each of choices) caught.at(-1)?.(each);
  await settled();
}

async function answer(index: number, settings: Partial<Settings>): Promise<void> {
  node.asked[index]?.resolve({ ...firstSettings, ...settings });
  await settled();
}

async function refuse(index: number): Promise<void> {
  node.asked[index]?.reject(new KithError('busy'));
  await settled();
}

test('the answer to one choice leaves the next as it was chosen', async () => {
  await choose({ readMarks: false }, { typingSigns: false });
  expect(shown()).toMatchObject({ readMarks: false, typingSigns: false });
  await answer(0, { readMarks: false });
  expect(shown()).toMatchObject({ readMarks: false, typingSigns: false });
  await answer(1, { readMarks: false, typingSigns: false });
  expect(shown()).toEqual({ ...firstSettings, readMarks: false, typingSigns: false });
});

test('of two choices of the same, the answer to the first does not bring it back', async () => {
  await choose({ theme: 'dark' }, { theme: 'light' });
  await answer(0, { theme: 'dark' });
  expect(shown()?.theme).toBe('light');
  await refuse(1);
  expect(shown()?.theme, 'what the node has').toBe('dark');
});

test('an answer that comes after a later one says nothing of that', async () => {
  await choose({ lan: 'off' }, { theme: 'dark' });
  await answer(1, { theme: 'dark' });
  expect(shown()).toMatchObject({ lan: 'off', theme: 'dark' });
  await answer(0, { lan: 'off' });
  expect(shown()).toMatchObject({ lan: 'off', theme: 'dark' });
});

test('a refusal takes back what was refused alone', async () => {
  await choose({ readMarks: false }, { typingSigns: false });
  queryClient.setQueryData<Settings>(keys.settings, (now) => now && { ...now, hasPin: true });
  await refuse(0);
  expect(shown()).toEqual({ ...firstSettings, typingSigns: false, hasPin: true });
  await refuse(1);
  expect(shown()).toEqual({ ...firstSettings, hasPin: true });
});

test('what is asked for meanwhile comes with what was chosen, and a refusal goes back to it', async () => {
  await choose({ readMarks: false });
  const asked = queryClient.fetchQuery({ ...queries.settings, staleTime: 0 });
  await settled();
  await answer(1, { language: 'de' });
  await asked;
  expect(shown()).toMatchObject({ readMarks: false, language: 'de' });
  await refuse(0);
  expect(shown()).toEqual({ ...firstSettings, language: 'de' });
});

test('while the settings are not known, nothing is made up beside a choice', async () => {
  queryClient.clear();
  await choose({ theme: 'dark' }, { density: 'compact' });
  expect(shown()).toBeUndefined();
  await refuse(0);
  expect(shown()).toBeUndefined();
  await answer(1, { density: 'compact', hasPin: true });
  expect(shown()).toEqual({ ...firstSettings, density: 'compact', hasPin: true });
});
