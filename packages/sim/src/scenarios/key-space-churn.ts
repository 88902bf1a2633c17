/**
 * A key space that comes about by itself: nodes join one by one, 30 % of them hostile, and know 50 others from gossip.
 * Then half of all leave within an hour, gossip going on, while authors say their values again every 20 minutes.
 */
import { setImmediate } from 'node:timers/promises';
import { seededRandom } from '@kith/core/base/random';
import { keySpaceDefaults } from '@kith/core/protocol/key-space/contract';
import { figuresOf, measureLookups, noMeasures, valueTtlMs } from '../key-space-measure.ts';
import { drawnPlace } from '../key-space-places.ts';
import { makeValue } from '../key-space-values.ts';
import { KeySpaceWorld } from '../key-space-world.ts';
import type { Figure, Scenario, ScenarioOutcome, ScenarioRequest, Violation } from '../scenario.ts';

const hostile = 0.3;
const heardOf = 50;
/** Gossip goes on: a minute's worth of it. */
const heardEachStep = 2;
const joinEveryMs = 50;
const settleMs = 120_000;
const hourMs = 3_600_000;
const saysAgain = 3;
const stepsBetween = 20;
const valuesMax = 200;
/** Of each value, by different nodes at once: a hundred searches cannot tell 98 % from 99. */
const readers = 10;

interface Author {
  node: number;
  place: Uint8Array;
}

export const keySpaceChurn: Scenario = {
  name: 'key-space-churn',
  summary:
    'a key space that nodes, 30 % of them hostile, join one by one, and of which half leaves within an hour',
  peers: { default: 2_000, min: 200, max: 10_000 },
  inTest: undefined,
  run: runChurn,
};

async function runChurn(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const { peers, seed } = request;
  const options = { nodes: peers, seed, hostile, crowded: 0.3, pressing: 0, filled: false };
  const world = new KeySpaceWorld({ ...options, config: keySpaceDefaults });
  const startMs = world.nowMs;
  const figures: Figure[] = [];
  const violations: Violation[] = [];
  const order = await joinAll(world, (done) => request.progress(done * 0.3, 'nodes join'));
  const joinDials = world.dials;
  const values = Math.min(valuesMax, Math.ceil(peers / 20));
  const random = seededRandom(seed ^ 0xc0de);
  const authors = Array.from({ length: values }, () => ({
    node: world.someone(),
    place: drawnPlace(random),
  }));
  const measure = (what: string, sequence: number): void => {
    const measures = noMeasures();
    const places = authors.flatMap(({ place }) => Array.from({ length: readers }, () => place));
    measureLookups(world, measures, { places, sequence });
    figures.push(...figuresOf(what, measures));
    violations.push(...measures.violations);
  };
  keepAll(world, authors, 1);
  measure('after the joins', 1);
  const churnDials = world.dials;
  const staying = new Set(authors.map(({ node }) => node));
  const leaving = order.filter((node) => !staying.has(node)).slice(0, peers / 2);
  const steps = saysAgain * stepsBetween;
  for (let step = 1; step <= steps; step++) {
    const before = Math.floor((leaving.length * (step - 1)) / steps);
    for (const node of leaving.slice(before, Math.floor((leaving.length * step) / steps))) world.stop(node);
    for (let node = 0; node < peers; node++) {
      for (let told = 0; told < heardEachStep; told++) world.tell(node, world.anyone());
    }
    world.run(world.nowMs + hourMs / steps);
    // The last leave after the last time that authors spoke.
    if (step % stepsBetween === stepsBetween / 2) keepAll(world, authors, 1 + Math.ceil(step / stepsBetween));
    request.progress(0.3 + (0.7 * step) / steps, 'half of them leave');
    await setImmediate();
  }
  measure('after half left', 1 + saysAgain);
  const perNode = (dials: number): number => Math.round((dials / (peers * (1 - hostile))) * 10) / 10;
  figures.push(
    { name: 'dials of a node to join', value: perNode(joinDials), unit: '', goal: undefined },
    {
      name: 'dials of a node in the hour',
      value: perNode(world.dials - churnDials),
      unit: '',
      goal: undefined,
    },
  );
  const { traceHash, events } = world;
  const virtualMs = world.nowMs - startMs;
  return { traceHash, events, virtualMs, violations, figures, snapshots: [], spread: [] };
}

/** @returns the nodes in the order in which they came. */
async function joinAll(world: KeySpaceWorld, progress: (done: number) => void): Promise<number[]> {
  const { nodes, seed } = world.options;
  const random = seededRandom(seed ^ 0x701);
  const order = Array.from({ length: nodes }, (_, node) => node);
  for (let at = nodes - 1; at > 0; at--) {
    const other = Math.floor(random.next() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  for (const [at, node] of order.entries()) {
    if (!world.places.isHostile(node)) {
      const others = Math.min(heardOf, at);
      for (let told = 0; told < others; told++) world.tell(node, order[Math.floor(random.next() * at)]!);
    }
    world.run(world.nowMs + joinEveryMs);
    if (at % 50 > 0) continue;
    progress(at / nodes);
    await setImmediate();
  }
  world.run(world.nowMs + settleMs);
  return order;
}

function keepAll(world: KeySpaceWorld, authors: readonly Author[], sequence: number): void {
  world.keeps(
    authors.map(({ node, place }) => ({ node, value: makeValue({ place, sequence, ttlMs: valueTtlMs }) })),
  );
}
