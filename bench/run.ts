/**
 * `npm run bench` lists the benchmarks; `npm run bench -- NAME…` (or `all`) runs them one after another and prints one
 * JSON object a benchmark on stdout. Exits 1 when a goal was missed or a benchmark broke, 2 for a name that is none.
 *
 * `--from FOLDER` takes the benchmarks from another folder.
 */
import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, type Bench } from './harness/bench.ts';

const { values, positionals } = parseArgs({
  options: { from: { type: 'string', default: import.meta.dirname } },
  allowPositionals: true,
});
const folder = resolve(values.from);
const names = globSync('*.ts', { cwd: folder })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'run' && !name.includes('.'))
  .toSorted();

/** Only what a figure depends on: nothing that tells whose machine it is. */
function machine(): Record<string, string | number> {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

/** `+` at the end: with changes that are not committed. */
function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty=+', '--exclude=*'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown'; // A download without its history.
  }
}

async function load(name: string): Promise<Bench> {
  const module: { bench?: Bench } = await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  if (module.bench === undefined) throw new TypeError(`${name}.ts exports no bench`);
  return module.bench;
}

/** @returns whether every goal was reached */
async function runOne(name: string): Promise<boolean> {
  const bench = await load(name);
  console.error(`${name}: ${bench.about}`);
  const { figures, floors, goals } = await measure(bench);
  const date = new Date().toISOString();
  console.log(JSON.stringify({ name, machine: machine(), commit: commit(), date, figures, floors, goals }));
  for (const goal of goals) {
    console.error(`  ${goal.ok ? 'reached' : 'MISSED '} ${goal.what}: ${goal.value} (limit ${goal.limit})`);
  }
  return goals.every((goal) => goal.ok);
}

const asked = positionals.includes('all') ? names : positionals;
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exitCode = 2;
} else if (asked.length === 0) {
  for (const name of names) console.log(`${name.padEnd(16)} ${(await load(name)).about}`);
} else {
  for (const name of asked) {
    try {
      if (!(await runOne(name))) process.exitCode = 1;
    } catch (error) {
      console.error(`${name} broke:`, error);
      process.exitCode = 1;
    }
  }
}
