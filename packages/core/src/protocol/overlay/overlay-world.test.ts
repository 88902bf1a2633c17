/**
 * Goal: the overlay comes together, heals after most of it died at once, and after a cut; see docs/protocol/overlay.md.
 * Method: whole networks of machines on a virtual clock (test/overlay-world.ts), everything drawn from a seed.
 * NODES=1000 SEEDS=5 for the figures of the page; SEED=7 replays one.
 */
import { expect, test } from 'vitest';
import {
  components,
  grow,
  type MachineNode,
  OverlayWorld,
  type WorldNode,
  type WorldOptions,
} from '../../../test/overlay-world.ts';
import { type OverlayConfig, overlayDefaults } from './overlay-config.ts';

const nodes = Number(process.env['NODES'] ?? 100);
const only = process.env['SEED'];
const seedCount = Number(process.env['SEEDS'] ?? 1);
const seeds = only === undefined ? Array.from({ length: seedCount }, (_, at) => at + 1) : [Number(only)];

/** A thousand nodes take minutes. */
const timeoutMs = 60_000 + seeds.length * nodes * 1_000;

function grown(options: WorldOptions, settleMs = 180_000): OverlayWorld {
  const world = new OverlayWorld(options);
  grow(world, nodes, 50);
  world.run(settleMs);
  return world;
}

/** Groups of survivors that could find each other: whom one knows, and who knows it. */
function acquainted(world: OverlayWorld): number {
  const sets = ['tried', 'heard', 'told', 'lost'] as const;
  const known = (node: MachineNode): ReturnType<MachineNode['neighbours']> => [
    ...node.neighbours(),
    ...sets.flatMap((set) => node.overlay.passive(set)),
  ];
  return components(world.alive(), known).length;
}

function killSome(world: OverlayWorld, share: number): void {
  const order = world.nodes.map((node) => ({ node, key: world.random.next() }));
  order.sort((a, b) => a.key - b.key);
  for (const { node } of order.slice(0, Math.floor(nodes * share))) world.kill(node);
}

/** Each end counts the other, the bounds hold, and the subnets. */
function problems(world: OverlayWorld): string[] {
  const found: string[] = [];
  const { activeMax, cameMax, perSubnetMax } = overlayDefaults.active;
  for (const node of world.alive()) {
    const neighbours = node.overlay.neighbours();
    const came = neighbours.filter(({ chosen }) => !chosen);
    if (neighbours.length > activeMax || came.length > cameMax) found.push(`${node.peer} has too many`);
    for (const group of new Set(neighbours.map((each) => each.group))) {
      const same = came.filter((each) => each.group === group && !each.near);
      if (same.length > perSubnetMax) found.push(`${node.peer} has ${same.length} of ${group}`);
    }
    if (node.active.size !== neighbours.length) found.push(`${node.peer} said something else than it has`);
    for (const peer of node.neighbours()) {
      const other = world.nodes.find((each) => each.peer === peer);
      if (other?.alive === true && !other.neighbours().includes(node.peer))
        found.push(`${node.peer}-${peer}`);
    }
  }
  return found;
}

/** Seconds until survivors that could find each other are one, or Infinity. */
function healedAfter(world: OverlayWorld, secondsMax: number): number {
  const goal = acquainted(world);
  for (let second = 1; second <= secondsMax; second++) {
    world.run(1_000);
    if (components(world.alive()).length <= goal) return second;
  }
  return Infinity;
}

test.each(seeds)(
  'a mesh comes together, and a newcomer has its neighbours in five seconds (seed %i)',
  (seed) => {
    const world = grown({ seed });
    expect(components(world.nodes)).toEqual([nodes]);
    const took: number[] = [];
    for (let number = 0; number < 20; number++) {
      const contact = world.nodes[Math.floor(world.random.next() * nodes)]!;
      const newcomer = world.node(`230.${number}`);
      newcomer.feed({ type: 'candidates', peers: [contact.peer], source: 'bootstrap' });
      world.run(5_000);
      took.push(newcomer.fullAfterMs ?? Infinity);
    }
    expect(Math.max(...took)).toBeLessThanOrEqual(5_000);
    world.run(60_000);
    // What is on its way between two ends at this very moment may differ.
    expect(problems(world).filter((each) => !each.includes('-'))).toEqual([]);
    expect(problems(world).length).toBeLessThan(nodes / 20);
    const kinds = ['connect', 'hold', 'release', 'send', 'active', 'starving', 'walk', 'neighbour'];
    for (const kind of [...kinds, 'shuffle', 'shuffled']) expect(world.kinds).toContain(kind);
    expect(world.counts.misbehaved, 'nobody honest is taken for a flood').toBe(0);
  },
);

test.each(seeds)('on a LAN all find each other within two seconds (seed %i)', (seed) => {
  const world = new OverlayWorld({ seed, latencyMs: [1, 5] });
  const all = Array.from({ length: 12 }, () => world.node('lan'));
  for (const node of all) {
    const peers = all.filter((each) => each !== node).map(({ peer }) => peer);
    node.feed({ type: 'candidates', peers, source: 'lan' });
  }
  world.run(2_000);
  expect(components(all)).toEqual([12]);
  for (const node of all) expect(node.active.size).toBeGreaterThanOrEqual(5);
});

test.each([0.3, 0.5, 0.8, 0.95])(
  'survivors of %f killed at once find each other',
  { timeout: timeoutMs },
  (share) => {
    for (const seed of seeds) {
      const world = grown({ seed });
      killSome(world, share);
      const seconds = healedAfter(world, 240);
      expect(seconds, `replay with SEED=${seed}`).toBeLessThanOrEqual(240);
      world.run(60_000);
      expect(components(world.alive()).length, `SEED=${seed}`).toBeLessThanOrEqual(acquainted(world));
    }
  },
);

test('the best connected are removed one by one, and the rest stays whole', { timeout: timeoutMs }, () => {
  const world = grown({ seed: seeds[0]! });
  for (let count = 0; count < nodes * 0.3; count++) {
    const best = world
      .alive()
      .toSorted((a, b) => b.active.size - a.active.size || b.links.size - a.links.size);
    world.kill(best[0]!);
    world.run(500);
  }
  expect(healedAfter(world, 60)).toBeLessThanOrEqual(60);
});

test('halves that were cut apart for five minutes find each other again', { timeout: timeoutMs }, () => {
  const world = grown({ seed: seeds[0]! });
  const sides = new Map(world.nodes.map(({ peer }) => [peer, world.random.next() < 0.5 ? 0 : 1]));
  const sideOf = ({ peer }: WorldNode): number => sides.get(peer) ?? 0;
  world.cut(sideOf);
  world.run(300_000);
  expect(components(world.alive()).length, 'each half is whole').toBe(2);
  world.cut(() => 0);
  expect(healedAfter(world, 60)).toBeLessThanOrEqual(60);
  world.run(300_000);
  const across = world.nodes.filter((node) =>
    node.neighbours().some((peer) => sides.get(peer) !== sides.get(node.peer)),
  );
  expect(across.length, 'not by a thread').toBeGreaterThan(nodes / 10);
});

test('planted: without whom it lost and whom it heard of, it stays broken', () => {
  const forgetful: OverlayConfig = {
    ...overlayDefaults,
    passive: { ...overlayDefaults.passive, triedSlots: 1, heardSlots: 1, toldSlots: 1, lostSlots: 1 },
  };
  const world = grown({ seed: 1, config: forgetful });
  killSome(world, 0.8);
  world.run(240_000);
  expect(components(world.alive()).length).toBeGreaterThan(1);
});

test('a seed replays to the same trace', () => {
  const traces = [0, 1].map(() => {
    const world = new OverlayWorld({ seed: 5 });
    grow(world, 40, 50);
    world.run(60_000);
    return [world.trace, world.counts];
  });
  expect(traces[0]).toEqual(traces[1]);
});
