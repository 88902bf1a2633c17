/**
 * What passed already: results of `--scenario all`, kept in the checkout so that a run that was stopped goes on where it
 * was. A result counts for exactly the sources and options it was made with.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from './run.ts';

const root = join(import.meta.dirname, '../../..');

/** Beside what `npm run test:long` remembers. */
export const stateFolder: string = join(root, '.long/sim');

/** The commit, `+` when something is not committed; `unknown` in a download without its history. */
export function commitOf(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty=+', '--exclude=*'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

/** Stands for all code that a run depends on: what is not committed counts as well. */
export function sourcesOf(folder: string = root): string {
  const hash = createHash('sha256').update(process.versions.node);
  for (const file of globSync('packages/{core,node,sim}/src/**/*.ts', { cwd: folder }).toSorted()) {
    if (file.endsWith('.test.ts')) continue;
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The results of one set of sources and options. */
export class Remembered {
  private readonly folder: string;

  /**
   * @param state - Folder of this file alone.
   * @param key - Of sources and options. Results of other keys are deleted: nobody asks for them again.
   */
  constructor(state: string, key: string) {
    this.folder = join(state, key);
    mkdirSync(this.folder, { recursive: true });
    for (const name of readdirSync(state)) {
      if (name !== key && /^[0-9a-f]{16}-/.test(name))
        rmSync(join(state, name), { recursive: true, force: true });
    }
  }

  forget(): void {
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name), { force: true });
  }

  /** @param name - of the scenario, or of a part of it. */
  recall(name: string): RunResult | undefined {
    try {
      const result: RunResult = JSON.parse(readFileSync(join(this.folder, `${name}.json`), 'utf8'));
      return result;
    } catch {
      return undefined; // Never run, or broken off while it was written.
    }
  }

  /** Only what passed: a failure is run again. */
  keep(name: string, result: RunResult): void {
    if (!result.ok) return;
    const file = join(this.folder, `${name}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(result));
    renameSync(`${file}.new`, file);
  }
}
