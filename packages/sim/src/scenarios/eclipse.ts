/** Fifty adversaries who know where one node is surround it, in many small worlds. */
import type { PeerId } from '@kith/core/base/ids';
import { Bounds } from '../checkers/bounds.ts';
import { expectKinds } from '../checkers/coverage.ts';
import { quantile } from '../graph.ts';
import { recordOf } from '../hostile/forged-crowd.ts';
import { HostileNode } from '../hostile/hostile-node.ts';
import { type Attack, pressing } from '../hostile/presser.ts';
import type { Figure, Scenario, ScenarioOutcome, ScenarioParts, ScenarioRequest } from '../scenario.ts';
import { runParts, together } from '../scenario-parts.ts';
import { streamOf } from '../world/chance.ts';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';
import { Drawing } from './drawing.ts';
import { everybodyTopic, Neighbourhood } from './neighbourhood.ts';
import { newWideWorld, someRegion } from './wide-world.ts';

const secondMs = 1_000;
/** With fewer, fifty adversaries in fifty subnets are most of the network, and nobody can tell them from people. */
const honestEach = 100;
const attackers = 50;
const growthMs = 10 * secondMs;
const settleMs = 60 * secondMs;
const siegeMs = 180 * secondMs;
const everyMs = 2 * secondMs;
/** In the drawing. */
const hostileGroup = 5;

/** So many worlds share a process: half of them with a newcomer. */
const worldsOfPart = 20;

const parts: ScenarioParts = {
  count: (peers) => Math.ceil(worldsOf(peers) / worldsOfPart),
  run: runPart,
  join(outcomes, { peers }) {
    const shares = outcomes.flatMap(({ figures }) => figures.map(({ value }) => value));
    const figures: Figure[] = [{ name: 'worlds', value: worldsOf(peers), unit: '', goal: undefined }];
    for (const who of ['a settled node', 'a newcomer']) {
      const these = shares.filter((_, world) => isNewcomerIn(world) === (who === 'a newcomer'));
      if (these.length === 0) continue;
      const value = these.filter((share) => share > 0).length / these.length;
      const median = quantile(these, 0.5);
      figures.push(
        { name: `worlds in which ${who} reaches honest ones`, value, unit: 'share', goal: { atLeast: 0.95 } },
        {
          name: `honest share of neighbours of ${who}, median`,
          value: median,
          unit: 'share',
          goal: undefined,
        },
      );
    }
    const all = together(outcomes);
    return { ...all, traceHash: combined(outcomes.map(({ traceHash }) => traceHash)), figures };
  },
};

export const eclipse: Scenario = {
  name: 'eclipse',
  summary: `Fifty adversaries surround a node whose id they know; ${honestEach} honest nodes make a world, and each world is a case.`,
  peers: { default: 200 * honestEach, min: honestEach, max: 1_000 * honestEach },
  // One of each kind; the machine's own test (overlay-hostile.test.ts) runs more.
  inTest: { peers: 2 * honestEach, seeds: [1] },
  parts,
  run: async (request) => await runParts(parts, request),
};

function worldsOf(peers: number): number {
  return Math.floor(peers / honestEach);
}

/** It comes while the adversaries wait for it. */
function isNewcomerIn(world: number): boolean {
  return world % 2 === 1;
}

interface Siege {
  /** The share of honest ones among its neighbours at the end. */
  honestShare: number;
  outcome: ScenarioOutcome;
}

/** Some of the worlds; a figure each: the share of honest ones among the neighbours of the besieged. */
async function runPart(request: ScenarioRequest, part: number): Promise<ScenarioOutcome> {
  const seeds = streamOf(request.seed, 'eclipse');
  const first = part * worldsOfPart;
  const count = Math.min(worldsOfPart, worldsOf(request.peers) - first);
  for (let skipped = 0; skipped < first; skipped++) seeds.word();
  const sieges: Siege[] = [];
  for (let index = 0; index < count; index++) {
    const isNewcomer = isNewcomerIn(first + index);
    const words = isNewcomer ? 'a newcomer' : 'a node that is settled';
    const progress = (done: number): void => request.progress((index + done) / count, words);
    sieges.push(await besiege({ seed: seeds.word(), peers: honestEach, progress }, isNewcomer));
  }
  const outcomes = sieges.map(({ outcome }) => outcome);
  return {
    ...together(outcomes),
    figures: sieges.map(({ honestShare: value }, index) => {
      return { name: `honest share in world ${first + index}`, value, unit: 'share', goal: undefined };
    }),
    snapshots: part > 0 ? [] : outcomes.slice(0, 2).flatMap(({ snapshots }) => snapshots),
  };
}

async function besiege(request: ScenarioRequest, isNewcomer: boolean): Promise<Siege> {
  const world = await newWideWorld(request);
  const neighbours = new Neighbourhood(world, everybodyTopic);
  const bounds = new Bounds(world);
  bounds.watch(60 * secondMs);
  const groups = new Map<SimNode, number>();
  const drawing = new Drawing(world, {
    peers: honestEach,
    groupOf: (node) => groups.get(node) ?? hostileGroup,
    linksOf: (node) => neighbours.of(node),
  });
  const join = (): SimNode => joinOne(world, groups);
  const early = honestEach - (isNewcomer ? 1 : 0);
  const chance = world.stream('growth');
  for (let index = 0; index < early; index++)
    world.after(chance.between(0, Math.min(growthMs, index * secondMs)), join);
  await world.runFor(growthMs + settleMs);
  const victim = isNewcomer ? join() : world.stream('victim').pick(world.nodes);
  drawing.look(isNewcomer ? 'a newcomer is there' : 'settled');
  const hostile = surround(world, victim);
  await world.runFor(siegeMs, (done) => request.progress(done, 'besieged'));
  drawing.look('besieged for three minutes', (node) => (node === victim ? 'reached' : undefined));
  bounds.check();
  expectKinds(world, ['in/linkUp', 'in/linkDown', 'out/dial', 'out/close']);
  const all = victim.peer?.neighboursIn(everybodyTopic) ?? [];
  const honest = all.filter((peer) => !hostile.has(peer)).length;
  const outcome = { ...world.outcome(), snapshots: drawing.snapshots };
  return { honestShare: honest / Math.max(1, all.length), outcome };
}

function joinOne(world: World, groups: Map<SimNode, number>): SimNode {
  const chance = world.stream(`join/${world.nodes.length}`);
  const region = someRegion(chance);
  const [known] = chance.sample(world.nodes, 1);
  const node = world.addNode({ region, bootstrap: known?.addresses.slice(0, 1) ?? [] });
  groups.set(node, region);
  return node;
}

/** Each of the adversaries stands in a subnet of its own, as nobody else does. */
function surround(world: World, victim: SimNode): ReadonlySet<PeerId> {
  const kind: HostileNode[] = [];
  const own = new Map<HostileNode, ReturnType<typeof recordOf>>();
  const random = world.stream('attack');
  const attack: Attack = {
    victims: () => (victim.peerId === undefined ? [] : [{ id: victim.peerId, addresses: victim.addresses }]),
    kin: () => own.get(random.pick(kind))!,
    own: (self) => own.get(self)!,
    everyMs,
  };
  for (let number = 0; number < attackers; number++) {
    const node = new HostileNode(world, pressing(attack), { number });
    kind.push(node);
    own.set(node, recordOf(node));
  }
  for (const node of kind) node.start();
  return new Set(kind.map(({ id }) => id));
}

/** One hash of many: hundreds of worlds would make a line of pages. */
function combined(hashes: readonly string[]): string {
  let [high, low] = [0x9e3779b9, 0x85ebca6b];
  for (const hash of hashes) {
    for (let at = 0; at < hash.length; at += 8) {
      const word = Number.parseInt(hash.slice(at, at + 8), 16);
      low = Math.imul(low ^ word, 0x85ebca6b) ^ (low >>> 13);
      high = Math.imul((high + word) | 0, 0xc2b2ae35) ^ (high >>> 15) ^ low;
    }
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
