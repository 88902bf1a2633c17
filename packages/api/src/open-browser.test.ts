/** The start of a browser, with programs that only write down how they were called. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findChromium, noBrowserBecause, openTab, openWindow, type Desktop } from './open-browser.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-open-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Hostile on purpose: a shell would make two commands of it. */
const url = 'http://127.0.0.1:4000/?code=a_b-C;touch$IFS/tmp/x&$(id)';

function program(name: string, end = 'exit 0'): void {
  const lines = ['#!/bin/sh', `for word in "$@"; do echo "$word" >> '${folder}/called'; done`];
  lines.push(`env > '${folder}/environment'`, end);
  writeFileSync(join(folder, 'bin', name), `${lines.join('\n')}\n`, { mode: 0o755 });
}

function desktop(environment: NodeJS.ProcessEnv = {}): Desktop {
  const path = `${join(folder, 'bin')}:/usr/bin:/bin`;
  return { platform: 'linux', environment: { PATH: path, DISPLAY: ':0', ...environment } };
}

function called(): string[] {
  return readFileSync(join(folder, 'called'), 'utf8').trim().split('\n');
}

test('a tab: the address goes to the opener as it is, and our own environment does not', async () => {
  program('xdg-open');
  expect(await openTab(url, desktop({ KITH_DATA: 'x', npm_config_y: 'y', HOME: folder }))).toBe(true);
  expect(called()).toEqual([url]);
  const environment = readFileSync(join(folder, 'environment'), 'utf8');
  expect(environment).toContain('HOME=');
  expect(environment).not.toMatch(/KITH_|npm_/);
});

test('an opener that is missing or fails is no opened tab', async () => {
  expect(await openTab(url, { platform: 'linux', environment: { PATH: join(folder, 'bin') } })).toBe(false);
  program('xdg-open', 'exit 3');
  expect(await openTab(url, desktop())).toBe(false);
});

test('a window of its own, with a lasting folder that nobody else may enter', async () => {
  program('google-chrome');
  const own = join(folder, 'profile', 'window');
  expect(await openWindow(url, own, desktop())).toBe(true);
  expect(called().slice(0, 2)).toEqual([`--app=${url}`, `--user-data-dir=${own}`]);
  expect(statSync(own).mode & 0o777).toBe(0o700);
});

test('a browser that may not write into a profile keeps to its own folder', async () => {
  mkdirSync(join(folder, 'usr'));
  writeFileSync(join(folder, 'usr/snap'), `#!/bin/sh\necho "$@" > '${folder}/called'\n`, { mode: 0o755 });
  symlinkSync(join(folder, 'usr/snap'), join(folder, 'bin/google-chrome'));
  expect(await openWindow(url, join(folder, 'window'), desktop())).toBe(true);
  expect(called()).toEqual([`--app=${url}`]);
  expect(existsSync(join(folder, 'window'))).toBe(false);
});

test('only absolute folders of PATH are looked into', () => {
  program('google-chrome');
  const relative = { PATH: `:.:bin:${join(folder, 'nowhere')}` };
  const here = process.cwd();
  process.chdir(folder);
  try {
    expect(findChromium({ platform: 'linux', environment: relative })).toBeUndefined();
  } finally {
    process.chdir(here);
  }
});

test.each<[string, NodeJS.Platform, NodeJS.ProcessEnv, boolean]>([
  ['a desktop', 'linux', { DISPLAY: ':0' }, true],
  ['Wayland', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['no desktop', 'linux', {}, false],
  ['an empty display', 'linux', { DISPLAY: '' }, false],
  ['told not to', 'linux', { DISPLAY: ':0', KITH_NO_OPEN: '1' }, false],
  ['told not not to', 'linux', { DISPLAY: ':0', KITH_NO_OPEN: '0' }, true],
  ['CI', 'linux', { DISPLAY: ':0', CI: 'true' }, false],
  ['a Mac', 'darwin', {}, true],
  ['a Mac from afar', 'darwin', { SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, false],
  ['Windows', 'win32', {}, true],
])('%s', (_name, platform, environment, opens) => {
  expect(noBrowserBecause({ platform, environment }) === undefined).toBe(opens);
});
