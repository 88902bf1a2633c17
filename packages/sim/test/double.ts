/**
 * A scenario that only pretends: a grown graph, deaths, a partition and a message drawn from the seed, so that the tools
 * around scenarios can be tested, and looked at, without a world.
 */
import { createHash } from 'node:crypto';
import { seededRandom, type Random } from '@kith/core/base/random';
import type {
  Figure,
  NodeState,
  Scenario,
  ScenarioOutcome,
  ScenarioRequest,
  Snapshot,
} from '../src/scenario.ts';
import type { ScenarioTable } from '../src/scenarios/all.ts';

const groups = 4;

function grow(peers: number, random: Random): number[][] {
  const links = Array.from({ length: peers }, (): number[] => []);
  for (let id = 1; id < peers; id++) {
    for (let count = 0; count < 3; count++) {
      const isNear = random.next() < 0.7;
      const span = Math.ceil(peers / groups);
      const other = isNear
        ? Math.floor(id / span) * span + Math.floor(random.next() * (id % span || 1))
        : Math.floor(random.next() * id);
      if (other < id) links[id]?.push(other);
    }
  }
  return links;
}

function look(
  links: readonly number[][],
  at: { atMs: number; words: string },
  stateOf: (id: number) => NodeState,
): Snapshot {
  const span = Math.ceil(links.length / groups);
  const nodes = links.map((own, id) => ({
    id,
    state: stateOf(id),
    links: own,
    group: Math.floor(id / span),
  }));
  return { ...at, nodes };
}

function spreadOver(links: readonly number[][], random: Random): ScenarioOutcome['spread'] {
  const both = links.map((own) => [...own]);
  for (const [id, own] of links.entries()) for (const other of own) both[other]?.push(id);
  const spread: ScenarioOutcome['spread'] = [{ node: 0, from: undefined, atMs: 0 }];
  const seen = new Set([0]);
  for (const { node, atMs } of spread) {
    for (const other of both[node] ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      spread.push({ node: other, from: node, atMs: atMs + 20 + random.next() ** 2 * 120 });
    }
  }
  return spread;
}

function run({ peers, seed, progress }: ScenarioRequest): ScenarioOutcome {
  const random = seededRandom(seed);
  const links = grow(peers, random);
  const dead = links.map(() => random.next() < 0.3);
  const bad = links.map(() => random.next() < 0.06);
  const base = (id: number): NodeState => (bad[id] === true ? 'hostile' : 'up');
  const half = links.map((own, id) => own.filter((other) => id < peers / 2 === other < peers / 2));
  const spread = spreadOver(links, random);
  for (let step = 0; step <= 20; step++) progress(step / 20, step < 10 ? 'growing' : 'a "message" spreads');
  const early = new Set(spread.slice(0, Math.floor(spread.length / 3)).map(({ node }) => node));
  const figures: Figure[] = [
    { name: 'newcomer has its view', value: 1_240, unit: 'ms', goal: { atMost: 5_000 } },
    { name: 'honest share of views', value: 0.93, unit: 'share', goal: { atLeast: 0.8 } },
    { name: 'bytes a delivery', value: 643, unit: 'bytes', goal: { atMost: 700 } },
    { name: 'time to 99 %', value: spread.at(-1)?.atMs ?? 0, unit: 'ms', goal: undefined },
  ];
  return {
    traceHash: createHash('sha256')
      .update(JSON.stringify([links, dead, spread]))
      .digest('hex'),
    events: peers * 1_000,
    virtualMs: 95_000,
    violations: [],
    figures,
    snapshots: [
      look(
        links.map((own, id) => (id % 3 === 0 ? own : [])),
        { atMs: 1_000, words: 'the first third is in' },
        base,
      ),
      look(links, { atMs: 10_000, words: 'everybody is in' }, base),
      look(half, { atMs: 25_000, words: 'the network is parted' }, (id) =>
        id < peers / 2 ? base(id) : 'parted',
      ),
      look(links, { atMs: 41_000, words: 'it has healed' }, base),
      look(links, { atMs: 60_000, words: 'after 30 % were killed' }, (id) =>
        dead[id] === true ? 'down' : base(id),
      ),
      look(links, { atMs: 61_500, words: 'a third has the message' }, (id) =>
        dead[id] === true ? 'down' : early.has(id) ? 'reached' : base(id),
      ),
    ],
    spread,
  };
}

export const double: Scenario = {
  name: 'double',
  summary: 'A double that tells the story of a network without having one.',
  peers: { default: 300, min: 2, max: 10_000 },
  inTest: { peers: 20, seeds: [1] },
  run: async (request) => await Promise.resolve(run(request)),
};

/** Breaks a rule and misses a goal. */
export const broken: Scenario = {
  ...double,
  name: 'broken',
  summary: 'A double whose rules do not hold, with <b>markup</b> & worse in its words.',
  run: async (request) => {
    const outcome = await double.run(request);
    outcome.violations.push({
      checker: 'delivered',
      atMs: 61_500,
      detail: 'node 7 never got <script>alert(1)</script>',
    });
    outcome.figures.push({
      name: 'share that stays connected',
      value: 0.71,
      unit: 'share',
      goal: { atLeast: 0.9 },
    });
    return outcome;
  },
};

/** Gives another trace with every run. */
let runs = 0;
export const fickle: Scenario = {
  ...double,
  name: 'fickle',
  run: async (request) => {
    runs += 1;
    return { ...(await double.run(request)), traceHash: `abc${runs}` };
  },
};

/** Throws. */
export const dying: Scenario = {
  ...double,
  name: 'dying',
  run: async () => await Promise.reject(new Error('lost its way')),
};

/** Ends its process, without a word. */
export const gone: Scenario = {
  ...double,
  name: 'gone',
  run: async (request) => {
    process.kill(process.pid, 'SIGKILL');
    return await double.run(request);
  },
};

/** The table that processes started by a test read by name. @public */
export const scenarios: ScenarioTable = {
  double: async () => await Promise.resolve(double),
  broken: async () => await Promise.resolve(broken),
  fickle: async () => await Promise.resolve(fickle),
  dying: async () => await Promise.resolve(dying),
  gone: async () => await Promise.resolve(gone),
};
