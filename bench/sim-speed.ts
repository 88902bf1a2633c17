/** How fast the simulator runs the product's Peers, and what each of them takes of its memory. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from './harness/bench.ts';
import type { RestFigures } from './harness/resting-crowd.ts';

const nodes = 150;
/** Of a core, for each of 10,000 nodes in a virtual second, where all of it passes in a second of CPU. */
const realTimeMicros = 100;
/** What was asked for of real protocol code; an event is an input that a machine, or a whole Peer of some twenty, handles. */
const eventsMin = 300_000;

export const bench: Bench = {
  about: `the simulator: ${nodes} nodes gather and rest, 100 and 1,000 broadcast machines; CPU time and memory of one process`,
  goals: [
    {
      what: 'microseconds of CPU a node and virtual second at rest (10,000 nodes at real time: at most 100)',
      value: ({ figures }) => figures['restingCpuMicrosPerNodeSecond'] ?? Number.NaN,
      sense: 'atMost',
      limit: realTimeMicros,
    },
    {
      what: 'inputs of 100 broadcast machines a second of CPU (at least 300,000)',
      value: ({ figures }) => figures['fewMachinesEventsPerCpuSecond'] ?? Number.NaN,
      sense: 'atLeast',
      limit: eventsMin,
    },
    {
      what: 'inputs of 1,000 broadcast machines a second of CPU (at least 300,000)',
      value: ({ figures }) => figures['manyMachinesEventsPerCpuSecond'] ?? Number.NaN,
      sense: 'atLeast',
      limit: eventsMin,
    },
    {
      what: 'inputs of whole Peers a second of CPU, while they gather (at least 300,000)',
      value: ({ figures }) => figures['gatheringEventsPerCpuSecond'] ?? Number.NaN,
      sense: 'atLeast',
      limit: eventsMin,
    },
  ],
  run: async () => {
    const crowd = await output(['--expose-gc', 'resting-crowd.ts', String(nodes), '1']);
    const { agendaEventsPerCpuSecond, ...resting }: RestFigures = JSON.parse(crowd);
    const figures = {
      ...resting,
      fewMachinesEventsPerCpuSecond: Number(await output(['broadcast-machines.ts', '100', '1'])),
      manyMachinesEventsPerCpuSecond: Number(await output(['broadcast-machines.ts', '1000', '1'])),
    };
    return { figures, floors: { agendaEventsPerCpuSecond } };
  },
};

/** What a program of the harness prints. */
async function output(args: readonly string[]): Promise<string> {
  const cwd = join(import.meta.dirname, 'harness');
  const { stdout } = await promisify(execFile)(process.execPath, [...args], { cwd });
  return stdout;
}
