/** `kith app` as a process, with browsers that only write down how they were called. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { World } from './world.ts';

let world: World;
let programs = '';

beforeEach(async () => {
  world = new World();
  await world.serve();
  programs = join(world.dataDir, 'programs');
  mkdirSync(programs);
});
afterEach(async () => {
  await world.close();
});

function program(name: string, end = 'exit 0'): void {
  const script = `#!/bin/sh\necho "$@" >> '${programs}/${name}.called'\n${end}\n`;
  writeFileSync(join(programs, name), script, { mode: 0o755 });
}
const called = (name: string): string => readFileSync(join(programs, `${name}.called`), 'utf8').trim();
const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  PATH: `${programs}:/usr/bin/none`,
  DISPLAY: ':0',
  CI: '',
  ...more,
});
const link = /http:\/\/127\.0\.0\.1:\d+\/\?code=[\w-]{43}/;

test('a window of its own where there is a browser for it, its files in the profile', async () => {
  program('chromium');
  program('xdg-open');
  const outcome = await world.kith(['app', '--json'], { environment: environment() });
  expect(outcome.json()).toEqual([{ opened: 'window', url: null }]);
  expect(called('chromium')).toMatch(new RegExp(`^--app=${link.source} --user-data-dir=${world.dataDir}/`));
  expect(outcome.stdout + outcome.stderr, 'a code that was used stands nowhere else').not.toContain('code=');
});

test('else a tab, also where the window does not come up', async () => {
  program('chromium', 'exit 1');
  program('xdg-open');
  const outcome = await world.kith(['app'], { environment: environment() });
  expect(outcome).toMatchObject({ code: 0, stdout: 'The app opens in your browser.\n' });
  expect(called('xdg-open')).toMatch(link);
});

test.each([
  ['no desktop', { DISPLAY: '' }],
  ['told not to', { KITH_NO_OPEN: '1' }],
  ['no browser', {}],
])('else the link, with the reason: %s', async (_name, more) => {
  if (_name !== 'no browser') program('xdg-open');
  const outcome = await world.kith(['app'], { environment: environment(more) });
  expect(outcome.code).toBe(0);
  expect(outcome.stdout.trim()).toMatch(new RegExp(`^${link.source}$`));
  expect(outcome.stderr).toContain('No browser was opened');
});

test('starts no node, and says how', async () => {
  await world.silence();
  const outcome = await world.kith(['app'], { environment: environment() });
  expect(outcome).toMatchObject({ code: 3, stderr: expect.stringContaining('kith up') });
});
