/**
 * `npm run test:long`: the runs that take hours, one line a part. Stop it at any time: what passed is remembered in
 * `.long/` for this commit, and the next call goes on from there. `--afresh` forgets; `--step N` repeats one step of the
 * named part. `--from FOLDER` and `--state FOLDER` take the parts from, and remember in, other folders.
 *
 * Ends like `npm test`, counting parts: `3 passed, 0 failed, 1 skipped`.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { LongPart } from '../test/long/part.ts';
import { finalLine } from './final-line.ts';

/** How far a part came at this commit. `failed` maps the number of a step to why. */
interface Progress {
  commit: string;
  done: number;
  seconds: number;
  counts: Record<string, number>;
  failed: Record<string, string>;
}

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: {
    afresh: { type: 'boolean', default: false },
    step: { type: 'string' },
    from: { type: 'string', default: join(root, 'test/long') },
    state: { type: 'string', default: join(root, '.long') },
  },
  allowPositionals: true,
});
const folder = resolve(values.from);
const state = resolve(values.state);
const names = globSync('*.ts', { cwd: folder })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'part' && !name.includes('.'))
  .toSorted();

async function load(name: string): Promise<LongPart> {
  const module: { part?: LongPart } = await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  if (module.part === undefined) throw new TypeError(`${name}.ts exports no part`);
  return module.part;
}

/** What passed at another commit proves nothing about this one; uncommitted work is taken as part of its commit. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'no history'; // A download without its history.
  }
}

function recall(name: string): Progress {
  const fresh = { commit: commit(), done: 0, seconds: 0, counts: {}, failed: {} };
  try {
    const known: Progress = JSON.parse(readFileSync(join(state, `${name}.json`), 'utf8'));
    return known.commit === fresh.commit ? known : fresh;
  } catch {
    return fresh; // Never begun, or broken off while writing on another system: then from the start.
  }
}

function remember(name: string, progress: Progress): void {
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, `${name}.new`), JSON.stringify(progress));
  renameSync(join(state, `${name}.new`), join(state, `${name}.json`));
}

async function runStep(part: LongPart, index: number, progress: Progress): Promise<void> {
  const startMs = performance.now();
  try {
    for (const [what, count] of Object.entries(await part.step(index))) {
      progress.counts[what] = (progress.counts[what] ?? 0) + count;
    }
  } catch (error) {
    progress.failed[index] = error instanceof Error ? error.message : String(error);
    console.error(`step ${index} failed:`, error);
  }
  progress.seconds += (performance.now() - startMs) / 1000;
}

/** Prints the part's line. */
async function runPart(name: string): Promise<'passed' | 'failed' | 'skipped'> {
  const part = await load(name);
  const reason = part.unable?.();
  if (reason !== undefined) {
    console.log(`SKIPPED  ${name}: ${reason}`);
    return 'skipped';
  }
  const progress = recall(name);
  if (progress.done > 0 && progress.done < part.steps)
    console.error(`${name}: goes on at step ${progress.done} of ${part.steps}`);
  for (; progress.done < part.steps; progress.done += 1, remember(name, progress)) {
    await runStep(part, progress.done, progress);
  }
  const failures = Object.entries(progress.failed);
  const counts = Object.entries(progress.counts).map(
    ([what, count]) => `, ${count.toLocaleString('en')} ${what}`,
  );
  const passed = `${part.steps - failures.length} of ${part.steps} steps${counts.join('')}, ${Math.ceil(progress.seconds / 60)} min`;
  console.log(`${failures.length === 0 ? 'ok      ' : 'FAILED  '} ${name}: ${passed}`);
  for (const [index, why] of failures) console.log(`           --step ${index}: ${why.split('\n')[0] ?? ''}`);
  // A failure is not remembered as done: the next call begins the part anew.
  if (failures.length > 0) rmSync(join(state, `${name}.json`), { force: true });
  return failures.length === 0 ? 'passed' : 'failed';
}

async function runAll(asked: readonly string[]): Promise<void> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const name of asked) {
    if (values.afresh) rmSync(join(state, `${name}.json`), { force: true });
    try {
      count[await runPart(name)] += 1;
    } catch (error) {
      console.error(`${name} broke:`, error);
      count.failed += 1;
    }
  }
  console.log(finalLine(count.passed, count.failed, count.skipped));
  process.exitCode = count.failed === 0 && asked.length > 0 ? 0 : 1;
}

const asked = positionals.length > 0 ? positionals : names;
const unknown = asked.filter((name) => !names.includes(name));
const [only] = asked;
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exitCode = 2;
} else if (values.step === undefined) {
  await runAll(asked);
} else if (asked.length !== 1 || only === undefined || !/^\d+$/.test(values.step)) {
  console.error('--step N wants a number and the name of one part');
  process.exitCode = 2;
} else {
  console.log(await (await load(only)).step(Number(values.step)));
}
