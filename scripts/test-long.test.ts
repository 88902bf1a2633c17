/** The long run itself, on planted parts in a folder of their own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-long-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A part of four steps that writes down which ones ran, and at step 2 does what is planted. */
function plant(name: string, atStepTwo: string, more = ''): void {
  const source = `import { appendFileSync } from 'node:fs';
    export const part = { about: 'a fake', steps: 4, ${more} step: async (index) => {
      appendFileSync(${JSON.stringify(join(folder, 'ran'))}, index + ' ');
      if (index === 2) { ${atStepTwo} }
      return { rounds: 10, lost: 0 };
    } };`;
  writeFileSync(join(folder, `${name}.ts`), source);
}

function run(...args: string[]): { code: number | null; words: string; ran: string } {
  writeFileSync(join(folder, 'ran'), '');
  const script = join(import.meta.dirname, 'test-long.ts');
  const options = ['--from', folder, '--state', join(folder, 'state'), ...args];
  const { status, stdout } = spawnSync(process.execPath, [script, ...options], { encoding: 'utf8' });
  return { code: status, words: stdout, ran: readFileSync(join(folder, 'ran'), 'utf8').trim() };
}

test('one line a part with its counts, and what is done is not done again', () => {
  plant('kill', '');
  const words = 'ok       kill: 4 of 4 steps, 40 rounds, 0 lost, 1 min\n1 passed, 0 failed\n';
  expect(run()).toEqual({ code: 0, words, ran: '0 1 2 3' });
  expect(run()).toEqual({ code: 0, words, ran: '' });
  expect(run('--afresh', 'kill')).toEqual({ code: 0, words, ran: '0 1 2 3' });
});

test('an interrupted part goes on at the step that was broken off', () => {
  plant('kill', 'process.kill(process.pid, "SIGKILL");');
  expect(run()).toMatchObject({ code: null, ran: '0 1 2' });
  plant('kill', '');
  expect(run()).toMatchObject({
    code: 0,
    words: expect.stringContaining('4 of 4 steps, 40 rounds'),
    ran: '2 3',
  });
});

test('a failed step is named, its part fails and begins anew the next time', () => {
  plant('kill', 'throw new Error("lost one, seed 7");');
  plant('rest', '', `unable: () => 'needs root',`);
  const { code, words, ran } = run();
  expect([code, ran]).toEqual([1, '0 1 2 3']);
  expect(words.split('\n')).toEqual([
    'FAILED   kill: 3 of 4 steps, 30 rounds, 0 lost, 1 min',
    '           --step 2: lost one, seed 7',
    'SKIPPED  rest: needs root',
    '0 passed, 1 failed, 1 skipped',
    '',
  ]);
  expect(run('kill', '--step', '1')).toMatchObject({ code: 0, ran: '1' });
  expect(run()).toMatchObject({ code: 1, ran: '0 1 2 3' });
});

test('what passed at another commit is forgotten', () => {
  plant('kill', '');
  run();
  const file = join(folder, 'state/kill.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"commit":"[^"]*"/, '"commit":"another"'));
  expect(run()).toMatchObject({ code: 0, ran: '0 1 2 3' });
});

test('no part at all fails, and a name that is none is refused', () => {
  expect(run().code).toBe(1);
  expect(run('kil').code).toBe(2);
});
