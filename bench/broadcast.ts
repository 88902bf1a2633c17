/** What it costs thirty nodes to receive a broadcast, each. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from './harness/bench.ts';
import type { GroupFigures } from './harness/group-nodes.ts';
import { inWorkFolder } from './harness/work-folder.ts';

const nodes = 30;
const authors = 5;
const messages = 1_000;
const perSecond = 100;
const bytes = 300;

export const bench: Bench = {
  about: `CPU a delivery: ${nodes} nodes on loopback TCP, ${authors} authors, ${perSecond} messages/s of ${bytes} B`,
  goals: [
    {
      what: 'microseconds of CPU a delivery (docs/benchmarks.md: at most 130)',
      value: ({ figures }) => figures['cpuMicrosPerDelivery'] ?? Number.NaN,
      sense: 'atMost',
      limit: 130,
    },
    {
      what: 'deliveries that did not come',
      value: ({ figures }) => figures['missing'] ?? Number.NaN,
      sense: 'atMost',
      limit: 0,
    },
  ],
  run: async () =>
    await inWorkFolder(async (folder) => {
      const group = [folder, nodes, authors, messages, perSecond, bytes];
      const { cpuMicrosPerDelivery, missing, medianMs } = await printed<GroupFigures>(
        'harness/group-nodes.ts',
        group,
      );
      const floor = await printed<{ cpuMicrosPerDelivery: number }>('floors/broadcast-tcp.ts', [
        nodes,
        messages,
        perSecond,
        bytes,
      ]);
      return { figures: { cpuMicrosPerDelivery, missing, medianMs }, floors: floor };
    }),
};

/** Runs a program of this folder. @returns the object it printed. */
async function printed<Figures>(program: string, args: (string | number)[]): Promise<Figures> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, program), ...args.map(String)],
    { env: { ...process.env, KITH_KEYCHAIN: 'file' } },
  );
  return JSON.parse(stdout);
}
