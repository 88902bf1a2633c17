/** `npm test` itself, on planted tests in a folder of their own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function runOn(
  files: { [name: string]: string },
  ...args: string[]
): { code: number | null; lines: string[] } {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
  const script = join(import.meta.dirname, 'test.ts');
  const options = ['--root', folder, '--globals', '--maxWorkers', '1', ...args];
  const result = spawnSync(process.execPath, [script, ...options], { encoding: 'utf8' });
  return { code: result.status, lines: result.stdout.trimEnd().split('\n') };
}

const passing = `test('good', () => {});`;

test('all passing: exit 0, and the last line counts', () => {
  const { code, lines } = runOn({ 'a.test.js': passing, 'b.test.js': passing });
  expect([code, lines.at(-1)]).toEqual([0, '2 passed, 0 failed']);
});

test('what is skipped is listed with its reason, and is no failure', () => {
  const aloud = `import { skipAloud } from '${join(import.meta.dirname, '../test/skip.ts')}';
    skipAloud('two namespaces', 'needs root'); test.skip('silent', () => {}); ${passing}`;
  const { code, lines } = runOn({ 'a.test.js': aloud });
  expect(code).toBe(0);
  expect(lines.slice(-3)).toEqual([
    'SKIPPED  a.test.js > two namespaces: needs root',
    'SKIPPED  a.test.js > silent: no reason given',
    '1 passed, 0 failed, 2 skipped',
  ]);
});

test('everything that goes wrong fails the run, by name', () => {
  const { code, lines } = runOn(
    {
      'failing.test.js': `test('bad', () => { throw new Error('planted'); });`,
      'broken.test.js': `throw new Error('planted');`,
      'late.test.js': `test('late', () => { Promise.reject(new Error('planted')); });`,
      'hook.test.js': `describe('s', () => { afterAll(() => { throw new Error('planted'); }); test('t', () => {}); });`,
      'only.test.js': `test.only('alone', () => {});`,
      'good.test.js': passing,
    },
    '--allowOnly=false',
  );
  expect(code).toBe(1);
  expect(lines.filter((line) => line.startsWith('FAILED   ')).toSorted()).toEqual([
    'FAILED   an error outside any test: planted',
    'FAILED   broken.test.js (outside its tests)',
    'FAILED   failing.test.js > bad',
    'FAILED   hook.test.js > s (outside its tests)',
    'FAILED   only.test.js > alone',
  ]);
  expect(lines.at(-1)).toBe('3 passed, 5 failed');
});

test('no test at all fails', () => {
  const { code, lines } = runOn({});
  expect([code, lines.at(-1)]).toEqual([1, '0 passed, 1 failed']);
});
