/** What a person types after `kith up` and cannot be meant: said at once, with nothing made, changed or left running. */
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createStage, type Finished, type Home } from './node-process.ts';

const stage = createStage();
afterEach(stage.clear);

const quiet = ['--json', '--headless', '--lan', 'off', '--listen', '/ip4/127.0.0.1/tcp/0'];

function refusalOf(finished: Finished): { code: string; message: string } {
  expect(`${finished.text}${finished.talk}`).not.toMatch(/\bat .+:\d+:\d+|node:internal/);
  expect(finished.rows).toHaveLength(1);
  return (finished.rows[0] as { error: { code: string; message: string } }).error;
}

/** The profile in a folder that is not there yet. */
function fresh(name: string): Home {
  const home: Home = stage.home(name, { data: () => join(home.folder, 'profile') });
  return home;
}

test.each([
  [['--name', 'a\u001b[31mb'], 'bad-name', 1, /^A name has/],
  [['--name', ' '], 'bad-name', 1, /^A name has/],
  [['--bootstrap', '192.0.2.7:4001'], 'bad-address', 2, /^Kith cannot dial "192.0.2.7:4001"/],
  [['--lan', 'only', '--bootstrap', '/ip4/192.0.2.7/tcp/4001'], 'bad-address', 2, /^With --lan only/],
  [['--listen', 'everywhere'], 'bad-address', 2, /^Kith cannot listen on "everywhere"/],
] as const)('up %j: %s', async (args, code, exit, sentence) => {
  const home = fresh('ann');
  const lan = args[0] === '--lan' ? quiet.filter((word) => word !== '--lan' && word !== 'off') : quiet;
  const finished = await home.run(['up', ...lan, ...args]);
  expect(finished.code).toBe(exit);
  expect(refusalOf(finished)).toMatchObject({ code, message: expect.stringMatching(sentence) });
  expect(existsSync(home.data)).toBe(false);
});

test('a folder that cannot hold a profile gets a sentence', async () => {
  const home = fresh('ann');
  mkdirSync(home.folder, { recursive: true });
  writeFileSync(home.data, 'a file');
  const finished = await home.run(['up', ...quiet]);
  expect(finished.code).toBe(1);
  expect(refusalOf(finished)).toMatchObject({
    code: 'disk-failed',
    message: `The folder ${home.data} cannot be used for a profile (EEXIST).`,
  });
});

test('a folder that others use is not closed to them', async () => {
  const home = fresh('ann');
  mkdirSync(home.data, { recursive: true });
  writeFileSync(join(home.data, 'theirs'), '');
  chmodSync(home.data, 0o777);
  const finished = await home.run(['up', ...quiet]);
  expect(finished.code).toBe(2);
  expect(refusalOf(finished)).toMatchObject({ code: 'usage', message: expect.stringContaining(home.data) });
  expect(statSync(home.data).mode & 0o777).toBe(0o777);
  expect(readdirSync(home.data)).toEqual(['theirs']);
});
