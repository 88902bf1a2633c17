/** Runs `floors/durable-tcp.ts`. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Load } from './node-pair.ts';

/** @returns seconds that the floor took for the same load */
export async function tcpFloor(folder: string, { window, messages, bytes }: Load): Promise<number> {
  const own = join(folder, `floor-${window}-${performance.now()}`);
  mkdirSync(own);
  const program = join(import.meta.dirname, '../floors/durable-tcp.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    own,
    ...[window, messages, bytes].map(String),
  ]);
  const { seconds }: { seconds: number } = JSON.parse(stdout);
  return seconds;
}
