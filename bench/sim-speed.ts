/** How fast the simulator runs the product's Peers, and what each of them takes of its memory. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from './harness/bench.ts';
import type { RestFigures } from './harness/resting-crowd.ts';

const nodes = 150;
/** Of a core, for each of 10,000 nodes in a virtual second, where all of it passes in a second of CPU. */
const realTimeMicros = 100;
/** What was asked for; an event of a whole Peer is an input that it handles. */
const eventsMin = 300_000;

export const bench: Bench = {
  about: `the simulator: ${nodes} nodes gather and rest; CPU time and memory of one process`,
  goals: [
    {
      what: 'microseconds of CPU a node and virtual second at rest (10,000 nodes at real time: at most 100)',
      value: ({ figures }) => figures['restingCpuMicrosPerNodeSecond'] ?? Number.NaN,
      sense: 'atMost',
      limit: realTimeMicros,
    },
    {
      what: 'inputs of whole Peers a second of CPU, while they gather (at least 300,000)',
      value: ({ figures }) => figures['gatheringEventsPerCpuSecond'] ?? Number.NaN,
      sense: 'atLeast',
      limit: eventsMin,
    },
    {
      what: 'inputs of broadcast machines a second of CPU (at least 300,000)',
      value: ({ figures }) => figures['machineEventsPerCpuSecond'] ?? Number.NaN,
      sense: 'atLeast',
      limit: eventsMin,
    },
  ],
  run: async () => {
    const program = join(import.meta.dirname, 'harness/resting-crowd.ts');
    const args = ['--expose-gc', program, String(nodes), '1'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const told: RestFigures = JSON.parse(stdout);
    const { agendaEventsPerCpuSecond, ...figures } = told;
    return { figures, floors: { agendaEventsPerCpuSecond } };
  },
};
