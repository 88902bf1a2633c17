/**
 * Goal: floods of records and fifty attackers who know their victim change little; see docs/protocol/overlay.md.
 * Method: attackers (test/overlay-attacker.ts) among the nodes of a world. SEEDS=200 for the figures of the page.
 */
import { expect, test } from 'vitest';
import type { PeerId } from '../../base/ids.ts';
import { Attacker } from '../../../test/overlay-attacker.ts';
import { grow, type MachineNode, OverlayWorld, peerAt } from '../../../test/overlay-world.ts';
import { type OverlayConfig, overlayDefaults } from './overlay-config.ts';

const only = process.env['SEED'];
const seedCount = Number(process.env['SEEDS'] ?? 2);
const seeds = only === undefined ? Array.from({ length: seedCount }, (_, at) => at + 1) : [Number(only)];
const nodes = Number(process.env['NODES'] ?? 100);
const attackersCount = 50;
/** A siege takes a second or two; beside other work many times that. */
const timeoutMs = 60_000 + seeds.length * 20_000;

interface Siege {
  world: OverlayWorld;
  victim: MachineNode;
  hostile: Set<PeerId>;
}

/** Fifty attackers in as many subnets as said press on one node: one that is settled, or one that just came. */
function besieged(seed: number, more: { subnets: number; newcomer: boolean; config?: OverlayConfig }): Siege {
  const { config = overlayDefaults } = more;
  const world = new OverlayWorld({ seed, config });
  grow(world, nodes, 100);
  world.run(60_000);
  const victim = more.newcomer ? world.node('99.99') : world.nodes[10]!;
  if (more.newcomer) victim.feed({ type: 'candidates', peers: [world.nodes[3]!.peer], source: 'bootstrap' });
  else world.run(120_000);
  const kin = Array.from({ length: attackersCount }, (_, at) => {
    return peerAt(`${230 + (at % more.subnets)}.${at % more.subnets}`, 100_000 + at);
  });
  const any = (): PeerId => kin[Math.floor(world.random.next() * kin.length)]!;
  for (const peer of kin) {
    const attacker = new Attacker(world, peer, { victims: [victim.peer], kin: any, everyMs: 2_000 });
    world.add(attacker);
    attacker.begin();
  }
  world.run(180_000);
  return { world, victim, hostile: new Set(kin) };
}

function honestChosen({ victim, hostile }: Siege): number {
  return victim.overlay.neighbours().filter(({ chosen, peer }) => chosen && !hostile.has(peer)).length;
}

const sieges = [
  { subnets: 50, newcomer: false },
  { subnets: 50, newcomer: true },
  { subnets: 5, newcomer: true },
];

test.each(sieges)(
  'who is surrounded still reaches honest nodes that it chose (%o)',
  { timeout: timeoutMs },
  (how) => {
    const failed = seeds.filter((seed) => honestChosen(besieged(seed, how)) === 0);
    expect(failed.length, `seeds ${failed.join()}`).toBeLessThanOrEqual(seeds.length * 0.05);
  },
);

test('planted: without a share for those who come, they take all', { timeout: timeoutMs }, () => {
  const { active } = overlayDefaults;
  const config = { ...overlayDefaults, active: { ...active, cameMax: 8, chosenMin: 0, activeMin: 0 } };
  expect(honestChosen(besieged(1, { subnets: 50, newcomer: true, config }))).toBe(0);
});

/** Twenty nodes of one subnet press on everybody with records of 100,000 of their kind. */
function flooded(seed: number, perSubnetMax: number): { honestShare: number; records: number; held: number } {
  const active = { ...overlayDefaults.active, perSubnetMax };
  const world = new OverlayWorld({ seed, config: { ...overlayDefaults, active } });
  grow(world, nodes, 100);
  world.run(60_000);
  const victims = world.nodes.map(({ peer }) => peer);
  let number = 0;
  const kin = (): PeerId => peerAt('66.6', 1_000_000 + (number++ % 100_000));
  const attackers = Array.from({ length: 20 }, (_, at) => {
    const attacker = new Attacker(world, peerAt('66.6', 1_000_000 + at), { victims, kin, everyMs: 20_000 });
    world.add(attacker);
    attacker.begin();
    return attacker;
  });
  // Whoever of the hundred thousand is dialled answers: the worst case.
  world.stranger = (peer) => (peer.startsWith('66.6|') ? attackers[0] : undefined);
  world.run(180_000);
  let honest = 0;
  let all = 0;
  let held = 0;
  for (const node of world.nodes) {
    for (const { group } of node.overlay.neighbours()) {
      all++;
      if (group !== '66.6') honest++;
    }
    const sets = (['tried', 'heard', 'told', 'lost'] as const).map((set) => node.overlay.passive(set).length);
    held = Math.max(
      held,
      sets.reduce((sum, each) => sum + each, 0),
    );
  }
  return { honestShare: honest / all, records: attackers.reduce((sum, { spread }) => sum + spread, 0), held };
}

test('a flood of 100,000 records of one subnet leaves four fifths honest', { timeout: timeoutMs }, () => {
  const { honestShare, records, held } = flooded(seeds[0]!, overlayDefaults.active.perSubnetMax);
  expect(records).toBeGreaterThan(100_000);
  expect(honestShare).toBeGreaterThanOrEqual(0.8);
  const { triedSlots, heardSlots, toldSlots, lostSlots } = overlayDefaults.passive;
  expect(held).toBeLessThanOrEqual(triedSlots + heardSlots + toldSlots + lostSlots);
});

test('planted: without the bound on a subnet it takes more', { timeout: timeoutMs }, () => {
  expect(flooded(1, 100).honestShare).toBeLessThan(0.8);
});
