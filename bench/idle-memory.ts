/** Resident memory of a node that has nothing to do, some time after its start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as quiet } from 'node:timers/promises';
import type { Bench } from './harness/bench.ts';
import { startTimed } from './harness/started.ts';
import { inWorkFolder } from './harness/work-folder.ts';

const kith = join(import.meta.dirname, '../bin/kith');
const bareNode = join(import.meta.dirname, 'floors/bare-node.ts');
/** Longer than the start's garbage lives: V8 gives memory back when it has been idle for some seconds. */
const quietMs = 20_000;

export const bench: Bench = {
  about: `resident memory of an idle node ${quietMs / 1_000} s after it was ready; beside it, a bare Node (Linux)`,
  goals: [
    {
      what: 'megabytes (docs/benchmarks.md: at most 120)',
      value: ({ figures }) => figures['residentMegabytes'] ?? Number.NaN,
      sense: 'atMost',
      limit: 120,
    },
  ],
  run: async () =>
    await inWorkFolder(async (folder) => {
      const listen = ['--listen', '/ip4/127.0.0.1/tcp/0', '--lan', 'off'];
      const command = [kith, 'up', '--headless', '--json', '--data', join(folder, 'data'), ...listen];
      const node = await startTimed(command, { KITH_KEYCHAIN: 'file' });
      const floor = await startTimed([process.execPath, '--max-semi-space-size=1', bareNode]);
      try {
        await quiet(quietMs);
        return {
          figures: { residentMegabytes: residentMegabytes(node.pid), peakMegabytes: peakMegabytes(node.pid) },
          floors: { bareNodeMegabytes: residentMegabytes(floor.pid) },
        };
      } finally {
        await Promise.all([node.stop(), floor.stop()]);
      }
    }),
};

function residentMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmRSS');
}

function peakMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmHWM');
}

/** proc_pid_status(5), in MB of a million bytes as docs/benchmarks.md counts them. */
function statusMegabytes(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(line?.[1]) * 1_024) / 1e6;
}
