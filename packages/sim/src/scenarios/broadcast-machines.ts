/** Broadcasts at the size at which whole nodes take hours: their machine alone, over a graph that stands still. */
import { setImmediate } from 'node:timers/promises';
import { BroadcastWorld, type Said } from '../broadcast-world.ts';
import { quantile } from '../graph.ts';
import type { Figure, Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import { streamOf } from '../world/chance.ts';
import { someRegion, wideLatency } from './wide-world.ts';

const secondMs = 1_000;
const bodyBytes = 300;
const authors = 5;
const rounds = 20;
/** Longer than the last digest waits. */
const restMs = 10 * secondMs;
const share = 0.99;

export const broadcastMachines: Scenario = {
  name: 'broadcast-machines',
  summary:
    'Messages of 300 bytes to ten thousand machines, each author’s first included, beside what flooding takes.',
  peers: { default: 10_000, min: 100, max: 50_000 },
  inTest: { peers: 300, seeds: [1] },
  megabytes: 2_560,
  run,
};

async function run(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const { peers, seed } = request;
  const world = new BroadcastWorld({
    nodes: peers,
    seed,
    latency: wideLatency(seed),
    regionOf: someRegion,
    jitter: 0.2,
  });
  world.run(restMs);
  const [startBytes, writers] = [
    world.bytes,
    streamOf(seed, 'authors').sample([...Array(peers).keys()], authors),
  ];
  const bodies = streamOf(seed, 'bodies');
  const said: { said: Said; floodMs: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const writer of writers) {
      said.push({ floodMs: world.floodMs(writer, share), said: world.say(writer, bodies.bytes(bodyBytes)) });
      world.run(world.nowMs + secondMs / authors);
      request.progress((said.length - 1) / (rounds * authors), 'broadcasting');
      await setImmediate();
    }
  }
  world.run(world.nowMs + restMs);
  return {
    traceHash: world.traceHash,
    events: world.events,
    virtualMs: world.nowMs,
    violations: world.violations,
    figures: figuresOf(said, peers, world.bytes - startBytes),
    snapshots: [],
    spread: [],
  };
}

function figuresOf(said: readonly { said: Said; floodMs: number }[], peers: number, bytes: number): Figure[] {
  const arrived = said.map(({ said: { tookMs } }) => tookMs.filter((ms) => !Number.isNaN(ms)));
  const deliveries = arrived.reduce((sum, { length }) => sum + length - 1, 0);
  const times = said.map(({ said: { tookMs } }) => timeOf(tookMs));
  const ratios = times.map((ms, index) => ms / said[index]!.floodMs);
  const floods = said.map(({ floodMs }) => floodMs);
  return [
    { name: 'messages', value: said.length, unit: 'messages', goal: undefined },
    {
      name: 'deliveries',
      value: deliveries / (said.length * (peers - 1)),
      unit: 'share',
      goal: { atLeast: 1 },
    },
    { name: 'time to 99 %', value: quantile(times, 0.5), unit: 'ms', goal: undefined },
    { name: 'time to 99 % by flooding', value: quantile(floods, 0.5), unit: 'ms', goal: undefined },
    { name: 'time to 99 %, times flooding', value: quantile(ratios, 0.5), unit: '', goal: { atMost: 1.2 } },
    {
      name: 'bytes a delivery',
      value: bytes / Math.max(1, deliveries),
      unit: 'bytes',
      goal: { atMost: 700 },
    },
  ];
}

/** Until 99 % of all had it; Infinity when they never had. */
function timeOf(tookMs: Float64Array): number {
  const sorted = tookMs.map((ms) => (Number.isNaN(ms) ? Infinity : ms)).toSorted();
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Infinity;
}
