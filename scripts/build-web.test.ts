/** The build of the web app as a person meets it: a copy of the script in a folder of its own, with a pretended Vite. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let checkout = '';
const at = (path: string): string => join(checkout, path);

function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

/** A Vite that builds what the source says, or fails as told. */
function vite(after = ''): void {
  write(
    'node_modules/vite/bin/vite.js',
    `const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
     const out = process.argv[process.argv.indexOf('--outDir') + 1];
     mkdirSync(out + '/assets', { recursive: true });
     writeFileSync(out + '/index.html', readFileSync('src/main.tsx'));
     ${after}`,
  );
}

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'kith-build-'));
  mkdirSync(at('scripts'));
  for (const script of ['build-web.js', 'alone.js'])
    copyFileSync(join(import.meta.dirname, script), at(`scripts/${script}`));
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', '{ "lockfileVersion": 3 }');
  write('packages/web/package.json', '{}');
  write('packages/web/src/main.tsx', 'one');
  write('packages/api/src/contract.ts', 'one');
  write('node_modules/vite/package.json', '{}');
  vite();
});
afterEach(() => rmSync(checkout, { recursive: true }));

function run(...args: string[]): { code: number | null; words: string } {
  const result = spawnSync(process.execPath, [at('scripts/build-web.js'), ...args], { encoding: 'utf8' });
  return { code: result.status, words: result.stdout + result.stderr };
}
const built = (): string => readFileSync(at('packages/web/dist/index.html'), 'utf8');

test('builds once, says so, and again only when something it is made of has changed', () => {
  expect(run('--if-stale')).toMatchObject({
    code: 0,
    words: expect.stringContaining('Building the web app'),
  });
  expect(built()).toBe('one');
  expect(run('--if-stale')).toEqual({ code: 0, words: '' });
  write('packages/web/src/main.test.ts', 'a test is no part of the app');
  expect(run('--if-stale').words).toBe('');
  for (const source of ['packages/web/src/new.ts', 'packages/api/src/contract.ts', 'package-lock.json']) {
    write(source, 'two');
    expect(run('--if-stale').words, source).toContain('Built in');
    expect(run('--if-stale').words, source).toBe('');
  }
  rmSync(at('packages/web/dist/index.html'));
  expect(run('--if-stale').words).toContain('Built in');
  expect(run().words, 'asked for, it always builds').toContain('Built in');
});

test('a build that fails leaves the one before, and keeps nobody from starting', () => {
  run();
  write('packages/web/src/main.tsx', 'two');
  vite("console.error('main.tsx: no such word'); process.exit(1);");
  const started = run('--if-stale');
  expect(started.code).toBe(0);
  expect(started.words).toContain('main.tsx: no such word');
  expect(started.words).toContain('could not be built');
  expect(started.words).toContain('as it was built before');
  expect(built()).toBe('one');
  expect(run().code).toBe(1);
  rmSync(at('packages/web/dist'), { recursive: true });
  expect(run('--if-stale')).toMatchObject({ code: 0, words: expect.stringContaining('There is no app.') });
  expect(existsSync(at('packages/web/dist'))).toBe(false);
  vite();
  expect(run('--if-stale').words).toContain('Built in');
  expect(built()).toBe('two');
});

test('a build that was killed is made anew, and what it left is swept away', () => {
  vite("process.kill(process.ppid, 'SIGKILL'); process.kill(process.pid, 'SIGKILL');");
  expect(run('--if-stale').code).not.toBe(0);
  expect(existsSync(at('packages/web/dist'))).toBe(false);
  const left = readdirSync(at('node_modules/.cache')).filter((name) => name.startsWith('web-new-'));
  expect(left.length).toBe(1);
  vite();
  expect(run('--if-stale').code).toBe(0);
  expect(built()).toBe('one');
  expect(readdirSync(at('node_modules/.cache'))).toEqual([]);
});

test('where there is no Vite the sentence says that the rest goes on', () => {
  rmSync(at('node_modules/vite'), { recursive: true });
  expect(run('--if-stale')).toMatchObject({
    code: 0,
    words: expect.stringContaining('Everything else goes on'),
  });
});
