/** Friends who both went elsewhere while they were apart find each other again through the key space. */
import { decodeFrame } from '@kith/core/wire/frame';
import { frameTypes } from '@kith/core/wire/frame-type';
import { Judges } from '../checkers/judges.ts';
import { talkKinds } from '../checkers/coverage.ts';
import { quantile } from '../graph.ts';
import type { Scenario, ScenarioOutcome, ScenarioRequest } from '../scenario.ts';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';
import { acquaint, say } from './acquaint.ts';
import { Crowd } from './crowd.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
/** One of so many nodes is half of a pair of friends. */
const pairEvery = 10;
const pairsMax = 50;
/** They are friends for so long before they move: their addresses are told, and left in the key space. */
const friendsMs = 3 * minuteMs;
const awayMs = 10 * minuteMs;
const backMs = 5 * minuteMs;
const searchMs = 40 * minuteMs;
const lookMs = 10 * secondMs;

export const moving: Scenario = {
  name: 'moving',
  summary:
    'Friends who both changed their addresses while they were apart find each other and go on talking.',
  peers: { default: 300, min: 30, max: 2_000 },
  inTest: { peers: 40, seeds: [1] },
  megabytes: 2_048,
  run,
};

interface Pair {
  one: SimNode;
  other: SimNode;
  /** When the later of both was back, virtual ms. */
  backMs: number;
  texts: [string, string];
}

async function run(request: ScenarioRequest): Promise<ScenarioOutcome> {
  const crowd = await Crowd.plain(request);
  const { world, drawing } = crowd;
  const judges = new Judges(world);
  const arrivals = watchArrivals(world);
  const told = watchKeySpace(world);
  await crowd.gather(request.peers, [0, 0.3]);
  const pairs = await befriend(crowd, request.peers);
  drawing.look('friends have met');
  const movers = pairs.flatMap(({ one, other }) => [one, other]);
  world.kill(movers, 'goes');
  await crowd.pass(awayMs, [0.4, 0.5], 'away');
  drawing.look('friends are away');
  comeBack(world, pairs);
  await crowd.pass(backMs + minuteMs, [0.5, 0.6], 'coming back');
  const missing = (): Pair[] => pairs.filter(({ texts }) => texts.some((text) => !arrivals.has(text)));
  for (let passedMs = 0; passedMs < searchMs && missing().length > 0; passedMs += lookMs) {
    const done = 0.6 + (0.4 * passedMs) / searchMs;
    await crowd.pass(lookMs, [done, done], 'looking for each other');
  }
  await crowd.pass(minuteMs, [1, 1], 'acknowledging');
  drawing.look('they found each other');
  const found = pairs.filter((pair) => !missing().includes(pair));
  const waits = found.map(({ texts, backMs: sinceMs }) =>
    Math.max(0, ...texts.map((text) => arrivals.get(text)! - sinceMs)),
  );
  crowd.state('pairs of friends', pairs.length, 'pairs', { atLeast: 1 });
  crowd.state('pairs that found each other', found.length / pairs.length, 'share', { atLeast: 1 });
  // Others meet by chance: neighbours recognise their contacts among each other.
  const asked = pairs.filter(({ one, other }) => told.has(one) || told.has(other));
  crowd.state('pairs of whom one was told by the key space', asked.length / pairs.length, 'share');
  if (asked.length === 0) world.violate('coverage', 'the key space told nobody anything');
  crowd.state('both back to both messages arrived, median', quantile(waits, 0.5), 'ms');
  crowd.state('both back to both messages arrived, slowest', quantile(waits, 1), 'ms');
  judges.finish([...talkKinds, 'in/linkDown', 'in/dialFailed']);
  return { ...world.outcome(), figures: crowd.figures, snapshots: drawing.snapshots };
}

/** When each text was first on its recipient's disk, virtual ms. */
function watchArrivals(world: World): ReadonlyMap<string, number> {
  const arrivals = new Map<string, number>();
  world.observe({
    committed: (_, writes) => {
      for (const write of writes) {
        if (write.op !== 'putMessage' || write.row.direction !== 'in' || arrivals.has(write.row.text))
          continue;
        arrivals.set(write.row.text, world.nowMs);
      }
    },
  });
  return arrivals;
}

/** Who was given a value that it asked the key space for. */
function watchKeySpace(world: World): ReadonlySet<SimNode> {
  const told = new Set<SimNode>();
  world.observe({
    input: (node, input) => {
      if (input.type !== 'frame' || input.frame[0] !== frameTypes.found || told.has(node)) return;
      const frame = decodeFrame(input.frame);
      if (frame?.type === 'found' && frame.value !== undefined) told.add(node);
    },
  });
  return told;
}

async function befriend(crowd: Crowd, peers: number): Promise<Pair[]> {
  const { world } = crowd;
  const count = Math.min(pairsMax, Math.floor(peers / (2 * pairEvery)));
  const people = world.stream('friends').sample(world.nodes, 2 * count);
  const pairs = Array.from({ length: count }, (_, index): Pair => {
    const [one, other] = [people[2 * index]!, people[2 * index + 1]!];
    return { one, other, backMs: 0, texts: [`${index} to and`, `${index} fro`] };
  });
  for (const { one, other } of pairs) {
    if (!acquaint(one, other)) world.violate('moving', `${one.name} and ${other.name} do not meet`);
  }
  await crowd.pass(friendsMs, [0.3, 0.4], 'making friends');
  for (const { one, other } of pairs) {
    const isMet = one.store.devices().length > 0 && other.store.devices().length > 0;
    if (!isMet) world.violate('moving', `${one.name} and ${other.name} have not met`);
  }
  return pairs;
}

/** Each somewhere else than it was, and with something to say. They know one node of the network that is there. */
function comeBack(world: World, pairs: readonly Pair[]): void {
  const chance = world.stream('back');
  const there = world.nodes.filter(({ up }) => up);
  for (const pair of pairs) {
    for (const [node, to, text] of [
      [pair.one, pair.other, pair.texts[0]],
      [pair.other, pair.one, pair.texts[1]],
    ] as const) {
      world.internet.move(node.host);
      node.options = { ...node.options, bootstrap: chance.pick(there).addresses };
      const afterMs = chance.between(0, backMs);
      pair.backMs = Math.max(pair.backMs, world.nowMs + afterMs);
      world.after(afterMs, () => {
        node.start();
        say(node, { to: to.name, text });
      });
    }
  }
}
