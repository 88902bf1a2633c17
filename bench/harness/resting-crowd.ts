/**
 * A simulated network that comes to rest, and what it costs the processor and the memory to gather it and to let it rest.
 * A process of its own, so that nothing else is on its heap. Started by `bench/sim-speed.ts`.
 *
 *   node --expose-gc bench/harness/resting-crowd.ts NODES SEED      prints one JSON object
 */
import { crowdAtRest } from '@kith/sim/scenarios/idle';
import { agendaEventsPerCpuSecond } from '../floors/agenda.ts';

export interface RestFigures {
  /** Events that real protocol code handled, by seconds of CPU: while all came and found each other, and at rest. */
  gatheringEventsPerCpuSecond: number;
  restingEventsPerCpuSecond: number;
  /** CPU of the simulator and all in it, for one node and one virtual second at rest. */
  restingCpuMicrosPerNodeSecond: number;
  restingEventsPerNodeSecond: number;
  /** Heap and buffers of a node with its disk and its network, after eight virtual minutes. */
  kilobytesPerNode: number;
  /** The floor: events that do nothing. */
  agendaEventsPerCpuSecond: number;
}

const [nodes = 200, seed = 1] = process.argv.slice(2).map(Number);
const restMs = 300_000;

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function bytesInUse(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const emptyBytes = bytesInUse();
const startSeconds = cpuSeconds();
const { world } = await crowdAtRest({ peers: nodes, seed, progress: () => undefined });
const gatheredSeconds = cpuSeconds();
const gatheredEvents = world.figures.inputs;
const kilobytesPerNode = (bytesInUse() - emptyBytes) / nodes / 1_000;
const restSeconds = cpuSeconds();
await world.runFor(restMs);
const restedSeconds = cpuSeconds() - restSeconds;
const restedEvents = world.figures.inputs - gatheredEvents;
const nodeSeconds = nodes * (restMs / 1_000);
const figures: RestFigures = {
  gatheringEventsPerCpuSecond: gatheredEvents / (gatheredSeconds - startSeconds),
  restingEventsPerCpuSecond: restedEvents / restedSeconds,
  restingCpuMicrosPerNodeSecond: (restedSeconds * 1e6) / nodeSeconds,
  restingEventsPerNodeSecond: restedEvents / nodeSeconds,
  kilobytesPerNode,
  agendaEventsPerCpuSecond: agendaEventsPerCpuSecond(),
};
console.log(JSON.stringify(figures));
