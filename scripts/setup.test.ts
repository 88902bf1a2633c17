/**
 * The set-up as a person meets it: a copy of the script in a folder of its own, with an npm that only pretends.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
let checkout = '';
let programs = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kith-setup-'));
  checkout = join(folder, 'a checkout');
  programs = join(folder, 'programs');
  mkdirSync(join(checkout, 'scripts'), { recursive: true });
  mkdirSync(join(checkout, 'bin'));
  mkdirSync(programs);
  for (const script of ['setup.js', 'alone.js'])
    copyFileSync(join(import.meta.dirname, script), join(checkout, 'scripts', script));
  copyFileSync(join(import.meta.dirname, '../bin/kith'), join(checkout, 'bin/kith'));
  write(join(checkout, 'package.json'), '{ "type": "module", "devDependencies": { "node": "24.21.0" } }');
  write(join(checkout, 'package-lock.json'), '{ "lockfileVersion": 3 }');
  symlinkSync(process.execPath, join(programs, 'node'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/** An npm whose `ci` and `rebuild` do what the given shell lines say, and which writes down how it was called. */
function fakeNpm(ci: string, rebuild: string): void {
  const log = `echo "$@" >> '${join(folder, 'calls')}'`;
  const empty = 'rm -rf node_modules; mkdir -p node_modules/.bin';
  write(
    join(programs, 'npm'),
    `#!/bin/sh\n${log}\nif [ "$1" = ci ]; then ${empty}; ${ci}\nelse ${rebuild}\nfi\n`,
  );
}

/** Shell lines that leave a Node of that version where npm would. */
function bringNode(version: string): string {
  const script = `printf '#!/bin/sh\\necho v${version}\\n' > node_modules/.bin/node`;
  return `rm -f node_modules/.bin/node; ${script}; chmod +x node_modules/.bin/node`;
}

function run(command: string, ...args: string[]): { code: number | null; words: string; calls: string[] } {
  rmSync(join(folder, 'calls'), { force: true });
  const env = { PATH: `${programs}:/usr/bin:/bin` };
  const result = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  const calls = existsSync(join(folder, 'calls'))
    ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
    : [];
  return { code: result.status, words: result.stdout + result.stderr, calls };
}

/** As {@link setUp}, beside others. */
async function setUpBeside(
  onWords: (words: string) => void = () => undefined,
): Promise<{ code: number | null; words: string }> {
  const env = { PATH: `${programs}:/usr/bin:/bin` };
  const child = spawn(process.execPath, [join(checkout, 'scripts/setup.js')], { cwd: folder, env });
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => onWords((words += String(part))));
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, words };
}

/** The id of a process that is there no more. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

const setUp = () => run(process.execPath, join(checkout, 'scripts/setup.js'));

test('a fresh checkout is installed once, and again only when the lock file changes', () => {
  fakeNpm(':', bringNode('24.21.0'));
  const first = setUp();
  expect(first).toMatchObject({ code: 0, words: expect.stringContaining('Installing') });
  expect(first.calls.map((call) => call.split(' ')[0])).toEqual(['ci', 'rebuild']);
  expect(first.calls[0]).toContain('--ignore-scripts');

  expect(setUp()).toEqual({ code: 0, words: '', calls: [] });

  write(join(checkout, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }');
  expect(setUp().calls.map((call) => call.split(' ')[0])).toEqual(['ci', 'rebuild']);
  expect(setUp().calls).toEqual([]);
});

test('an interrupted installation heals, at whichever step it broke off', () => {
  for (const [ci, rebuild] of [
    ['kill -9 $PPID', ':'],
    [':', 'kill -9 $PPID'],
  ] as const) {
    fakeNpm(ci, rebuild);
    expect(setUp().code).not.toBe(0);
    fakeNpm(':', bringNode('24.21.0'));
    expect(setUp()).toMatchObject({ code: 0, words: expect.stringContaining('Installed') });
    rmSync(join(checkout, 'node_modules'), { recursive: true });
  }
});

test('of several at once one installs, and the others wait for it, also after one that died', async () => {
  fakeNpm('[ -e ../busy ] && exit 1; : > ../busy; sleep 1; rm ../busy', bringNode('24.21.0'));
  write(join(checkout, '.kith-setup.lock'), String(deadProcess()));
  const outcomes = await Promise.all([1, 2, 3].map(async () => await setUpBeside()));
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(outcomes.filter(({ words }) => words.includes('Installed'))).toHaveLength(1);
  expect(readFileSync(join(folder, 'calls'), 'utf8').match(/^ci/gm)).toHaveLength(1);
  expect(readdirSync(checkout).filter((name) => name.startsWith('.kith'))).toEqual([]);
});

test('an npm that outlives the set-up that started it is waited for', async () => {
  const at = (name: string): string => join(folder, name);
  fakeNpm(`: > ../npm-runs; while [ ! -e ../go ]; do sleep 0.05; done; : > ../npm-is-done`, ':');
  const first = spawn(process.execPath, [join(checkout, 'scripts/setup.js')], {
    env: { PATH: `${programs}:/usr/bin:/bin` },
    stdio: 'ignore',
  });
  await expect.poll(() => existsSync(at('npm-runs'))).toBe(true);
  const lock = join(checkout, '.kith-setup.lock');
  await expect.poll(() => readFileSync(lock, 'utf8')).toMatch(/^\d+ \d+$/);
  first.kill('SIGKILL');
  await once(first, 'close');
  fakeNpm(`[ -e ../npm-is-done ] || : > ../too-early`, bringNode('24.21.0'));
  const second = setUpBeside((words) => {
    if (words.includes('waiting until that is done')) writeFileSync(at('go'), '');
  });
  expect(await second).toMatchObject({ code: 0, words: expect.stringContaining('Installed') });
  expect(existsSync(at('too-early'))).toBe(false);
});

test.each(['', '1 of nobody', String(process.pid)])(
  'a lock that says "%s", from before the machine was started, keeps nobody waiting',
  (text) => {
    fakeNpm(':', bringNode('24.21.0'));
    const lock = join(checkout, '.kith-setup.lock');
    write(lock, text);
    utimesSync(lock, new Date(0), new Date(0));
    expect(setUp()).toMatchObject({ code: 0, words: expect.stringContaining('Installed') });
  },
);

test('each reason for failure is a plain sentence, and leaves nothing that looks installed', () => {
  const failures: [string, string][] = [
    ['echo "npm error code EAI_AGAIN" >&2; exit 1', 'needs a network'],
    ['echo "npm error code ENOSPC" >&2; exit 1', 'disk is full'],
    ['echo "npm error something new" >&2; exit 1', 'npm error something new'],
  ];
  for (const [ci, sentence] of failures) {
    fakeNpm(ci, ':');
    expect(setUp()).toMatchObject({ code: 1, words: expect.stringContaining(sentence) });
    expect(existsSync(join(checkout, 'node_modules/.kith-setup'))).toBe(false);
  }
  rmSync(join(programs, 'npm'));
  const env = { PATH: programs };
  const script = join(checkout, 'scripts/setup.js');
  const withoutNpm = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
  expect(withoutNpm).toMatchObject({ status: 1, stderr: expect.stringContaining('could not find npm') });
});

test('where the pinned Node does not run, a suitable one of the machine takes its place', () => {
  fakeNpm(':', 'ln -s ../nowhere node_modules/.bin/node; exit 1');
  const result = setUp();
  expect(result).toMatchObject({ code: 0, words: expect.stringContaining('does not run here; using') });
  const version = spawnSync(join(checkout, 'node_modules/.bin/node'), ['--version'], { encoding: 'utf8' });
  expect(version.stdout.trim()).toBe(process.version);
});

test('bin/kith sets up first, then runs the pinned Node with its flags, through links and from any folder', () => {
  const show = `printf '#!/bin/sh\\n[ "$1" = --version ] && echo v24.21.0 && exit\\necho "$@"\\n'`;
  fakeNpm(':', `${show} > node_modules/.bin/node; chmod +x node_modules/.bin/node`);
  mkdirSync(join(folder, 'links'));
  symlinkSync('../a checkout/bin/kith', join(folder, 'links/one'));
  symlinkSync(join(folder, 'links/one'), join(programs, 'kith'));
  const first = run(join(programs, 'kith'), 'send', 'two words');
  expect(first).toMatchObject({ code: 0, words: expect.stringContaining('Installed') });
  for (const way of [
    join(programs, 'kith'),
    'links/one',
    'a checkout/bin/kith',
    'a checkout/node_modules/.bin/kith',
  ]) {
    const { words, calls } = run(way, 'send', 'two words');
    expect(calls).toEqual([]);
    expect(words).toMatch(
      /^--disable-warning=ExperimentalWarning --max-semi-space-size=1 .*\/bin\/kith\.ts send two words\n$/,
    );
  }
});
