/** The tests that stand beside the code, once more, with more cases than an everyday run takes. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Test files, from the root, that mention one of the words: the setting by which they take more cases. */
export function testFilesWith(...words: string[]): string[] {
  const files = globSync('packages/*/{src,test}/**/*.test.ts', { cwd: root }).toSorted();
  return files.filter((file) => {
    const source = readFileSync(join(root, file), 'utf8');
    return words.some((word) => source.includes(word));
  });
}

/** Runs one file with the settings. Throws with the end of what it said, where the seed stands. */
export function runTestFile(file: string, settings: Record<string, string>): void {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  // An hour: the count of cases decides how long it takes, not the clock.
  const args = [vitest, 'run', file, '--project', 'unit', '--testTimeout', '3600000', '--no-color'];
  try {
    execFileSync(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...settings },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 28,
    });
  } catch (error) {
    // What vitest said last names the test, the counterexample and its seed; the error itself repeats all of it.
    const talk = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(`${file} failed with ${JSON.stringify(settings)}: ${talk.slice(0, 2_000)}`, {
      cause: 'vitest',
    });
  }
}
