/** A folder for a round, on the disk of the checkout: the system's temporary folder may be memory, where a commit costs nothing. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Gone when `work` ends, however it ends. */
export async function inWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const base = join(import.meta.dirname, '../../node_modules/.cache/bench');
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(join(base, 'round-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
