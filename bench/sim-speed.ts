/** How fast the simulator runs the product's Peers, and what each of them takes of its memory. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from './harness/bench.ts';
import type { RestFigures } from './harness/resting-crowd.ts';

const nodes = 150;
/** Of a core, for each of 10,000 nodes in a virtual second, where all of it passes in a second of CPU. */
const realTimeMicros = 100;

export const bench: Bench = {
  about: `the simulator: ${nodes} nodes gather and rest; CPU time and memory of one process`,
  goals: [
    {
      what: 'microseconds of CPU a node and virtual second at rest (10,000 nodes at real time: at most 100)',
      value: ({ figures }) => figures['restingCpuMicrosPerNodeSecond'] ?? Number.NaN,
      sense: 'atMost',
      limit: realTimeMicros,
    },
  ],
  run: async () => {
    const program = join(import.meta.dirname, 'harness/resting-crowd.ts');
    const args = ['--expose-gc', program, String(nodes), '1'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const figures: RestFigures = JSON.parse(stdout);
    return { figures: { ...figures }, floors: {} };
  },
};
