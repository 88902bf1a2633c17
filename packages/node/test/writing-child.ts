/** Runs storage-child.ts and tells what it has acknowledged. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Database } from '../src/driver/adapters.ts';
import { partsOf } from './storage-child-rows.ts';

export interface WritingChild {
  /** Resolves when transaction `number` was acknowledged. Rejects when the process ends before. */
  acknowledged(number: number): Promise<void>;
  /** Stops the process where it is. The numbers it has acknowledged end here. */
  freeze(): void;
  /** Kills it without warning. Resolves with the highest number it acknowledged, -1 when none. */
  kill(): Promise<number>;
}

export function startWriting(path: string, mode: 'safe' | 'unsafe', first: number): WritingChild {
  const program = fileURLToPath(new URL('storage-child.ts', import.meta.url));
  const child = spawn(process.execPath, [program, path, mode, String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const waiting = new Map<number, () => void>();
  let last = -1;
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    last = Number(line);
    for (const [number, resolve] of waiting) if (number <= last) resolve();
  });
  const drained = once(lines, 'close');
  return {
    acknowledged(number) {
      return new Promise((resolve, reject) => {
        if (last >= number) return resolve();
        waiting.set(number, resolve);
        child.once('exit', () => reject(new Error(`the child ended: ${complaint}`)));
      });
    },
    freeze: () => void child.kill('SIGSTOP'),
    async kill() {
      child.kill('SIGKILL');
      await drained;
      return last;
    },
  };
}

/** Throws unless transactions 0 to `last` are whole, and the one after is whole or absent. @returns how many. */
export function countWhole(database: Database, last: number): number {
  for (let number = 0; ; number++) {
    const found = partsOf(number).filter(({ key, value }) => {
      const stored = database.store.setting(key);
      return stored !== undefined && Buffer.compare(stored, value) === 0;
    });
    if (found.length === 3) continue;
    if (found.length > 0) throw new Error(`transaction ${number} is torn`);
    if (number <= last) throw new Error(`transaction ${number} was acknowledged and is lost`);
    return number;
  }
}
