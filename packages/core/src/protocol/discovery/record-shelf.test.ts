/**
 * Goal: floods of records displace each other, never what we have a link to, and leave room for what other neighbours
 * tell, however many keys and addresses their makers claim.
 */
import { expect, test } from 'vitest';
import { type Discoverer, discoverer, entryOf, hashingBackend, nodeAt } from '../../../test/discoverer.ts';
import type { TestNode } from '../../../test/discoverer.ts';
import type { RecordEntry } from '../../wire/record-entries.ts';
import { discoveryDefaults } from './contract.ts';

const by = hashingBackend();
const { recordsMax, subnetMax, sourceMax } = discoveryDefaults.shelf;
const generous = { ...discoveryDefaults.intake, checks: { burst: 100_000, refillMs: 1 } };

interface Bringing {
  one: Discoverer;
  by: TestNode;
}

/** A neighbour with a link to the one, in a /16 of its own. */
function neighbourOf(one: Discoverer, index: number): TestNode {
  const node = {
    ...nodeAt(index, by),
    address: `/ip4/${120 + Math.floor(index / 200)}.${index % 200}.1.1/tcp/1`,
  };
  one.link(node);
  return node;
}

function bring({ one, by: bringer }: Bringing, entries: readonly RecordEntry[]): void {
  for (let at = 0; at < entries.length; at += 8) {
    one.machine.learn(entries.slice(at, at + 8), { peer: bringer.peer, scope: 'global' }, one.nowMs);
    one.nowMs += 100;
  }
}

/** `count` nodes from `first` on, each at the address that is given for it. */
function crowd(first: number, count: number, address: (index: number) => string): TestNode[] {
  return Array.from({ length: count }, (_, at) => ({
    ...nodeAt(first + at, by),
    address: address(first + at),
  }));
}

const entriesOf = (nodes: readonly TestNode[]): RecordEntry[] => nodes.map((node) => entryOf(node, {}, by));
const held = (one: Discoverer, nodes: readonly TestNode[]): number =>
  nodes.filter(({ peer }) => one.machine.record(peer) !== undefined).length;
/** Spread over all /16 there are for such a number. */
const anywhere = (index: number): string =>
  `/ip4/${20 + (index % 80)}.${Math.floor(index / 80) % 256}.3.3/tcp/4001`;
const inOneSubnet = (index: number): string =>
  `/ip4/66.66.6.${1 + (index % 250)}/tcp/${1 + (index % 65_000)}`;

test('100,000 records from one /24 get the room of one subnet, before and after honest ones came', () => {
  const one = discoverer({ by });
  const friends = [1, 2, 3, 4].map((index) => neighbourOf(one, index));
  const attacker = neighbourOf(one, 5);
  const honest = friends.map((friend, index) => ({
    friend,
    nodes: crowd(10_000 + index * 100, 60, anywhere),
  }));
  for (const { friend, nodes } of honest.slice(0, 2))
    bring({ one, by: friend }, entriesOf(nodes.slice(0, 60)));
  const before = by.verified;
  const startedMs = one.nowMs;
  for (let at = 0; at < 100_000; at += 1_000) {
    bring({ one, by: attacker }, entriesOf(crowd(200_000 + at, 1_000, inOneSubnet)));
  }
  const seconds = (one.nowMs - startedMs) / 1_000;
  const { burst, refillMs } = discoveryDefaults.intake.checks;
  expect(by.verified - before).toBeLessThanOrEqual(burst + (seconds * 1_000) / refillMs);
  // Most are refused before their signature is looked at: they have no place by rank.
  expect(by.verified - before).toBeLessThan(1_000);
  for (const { friend, nodes } of honest.slice(2)) bring({ one, by: friend }, entriesOf(nodes));
  for (const { nodes } of honest) expect(held(one, nodes)).toBe(60);
  expect(one.machine.sizes().records).toBe(240 + subnetMax);
}, 300_000);

test('one neighbour that claims addresses everywhere gets the room of one source', () => {
  const one = discoverer({ by, intake: generous });
  const [friend, attacker] = [neighbourOf(one, 1), neighbourOf(one, 2)];
  const honest = crowd(10_000, 200, anywhere);
  bring({ one, by: attacker }, entriesOf(crowd(200_000, 2_000, anywhere)));
  expect(one.machine.sizes().records).toBe(sourceMax);
  bring({ one, by: friend }, entriesOf(honest));
  bring({ one, by: attacker }, entriesOf(crowd(300_000, 2_000, anywhere)));
  expect(held(one, honest)).toBe(200);
  expect(one.machine.sizes().records).toBe(sourceMax + 200);
});

test('when all is full, who brought little takes from who brought most, and not the other way round', () => {
  const one = discoverer({ by, intake: generous });
  const attackers = [2, 3, 4, 5].map((index) => neighbourOf(one, index));
  for (const [index, attacker] of attackers.entries()) {
    bring({ one, by: attacker }, entriesOf(crowd(200_000 + index * 2_000, 500, anywhere)));
  }
  expect(one.machine.sizes().records).toBe(recordsMax);
  const friend = neighbourOf(one, 1);
  const honest = crowd(10_000, 180, anywhere);
  bring({ one, by: friend }, entriesOf(honest));
  for (const [index, attacker] of attackers.entries()) {
    bring({ one, by: attacker }, entriesOf(crowd(300_000 + index * 2_000, 500, anywhere)));
  }
  expect(one.machine.sizes().records).toBe(recordsMax);
  expect(held(one, honest)).toBe(180);
});

test('among sources that brought as much, who brings more pays with its own', () => {
  const shelf = { recordsMax: 20, subnetMax: 5, sourceMax: 19 };
  const one = discoverer({ by, intake: generous, shelf });
  const crowds = [1, 2, 3, 4].map((index) => {
    const nodes = crowd(10_000 * index, 5, anywhere);
    bring({ one, by: neighbourOf(one, index) }, entriesOf(nodes));
    return nodes;
  });
  bring({ one, by: nodeAt(4, by) }, entriesOf(crowd(200_000, 300, anywhere)));
  expect(crowds.map((nodes) => held(one, nodes))).toEqual([5, 5, 5, 0]);
});

test('a node with a link keeps its record in any flood, and gets room in a full subnet', () => {
  const one = discoverer({ by, intake: generous });
  const attacker = neighbourOf(one, 2);
  const linked = { ...nodeAt(1, by), address: inOneSubnet(1) };
  bring({ one, by: attacker }, entriesOf(crowd(200_000, 200, inOneSubnet)));
  one.link(linked, 'direct', false);
  bring({ one, by: linked }, entriesOf([linked]));
  bring({ one, by: attacker }, entriesOf(crowd(300_000, 2_000, inOneSubnet)));
  expect(held(one, [linked])).toBe(1);
  expect(one.machine.sizes().records).toBe(subnetMax);
});

test('a node that a dial of ours reached stays before strangers, of its subnet and of its source', () => {
  // More of them than ranks could favour by chance.
  const reached = crowd(1, 8, inOneSubnet);
  const one = discoverer({ by, intake: generous });
  for (const node of reached) {
    one.link(node);
    bring({ one, by: node }, [entryOf(node, { remainingSeconds: 3_000 }, by)]);
    one.do({ type: 'linkClosed', peer: node.peer, lost: false });
  }
  const attacker = neighbourOf(one, 200);
  bring({ one, by: attacker }, entriesOf(crowd(200_000, 1_000, inOneSubnet)));
  expect(held(one, reached)).toBe(8);
  const [besides] = crowd(500, 1, inOneSubnet);
  one.link(besides!);
  bring({ one, by: besides! }, entriesOf(crowd(300_000, 1_000, anywhere)));
  expect(held(one, reached)).toBe(8);
});

test('a node that only came to us is a stranger again when its link is gone', () => {
  const guests = crowd(1, 20, inOneSubnet);
  const one = discoverer({ by, intake: generous });
  for (const node of guests) {
    one.link(node, 'direct', false);
    bring({ one, by: node }, entriesOf([node]));
    one.do({ type: 'linkClosed', peer: node.peer, lost: false });
  }
  bring({ one, by: neighbourOf(one, 200) }, entriesOf(crowd(200_000, 1_000, inOneSubnet)));
  expect(held(one, guests)).toBeLessThan(10);
});

test('what ended leaves its room to others', () => {
  const one = discoverer({ by, intake: generous });
  const friend = neighbourOf(one, 1);
  for (const first of [10_000, 20_000, 30_000]) {
    const nodes = crowd(first, subnetMax, inOneSubnet);
    bring({ one, by: friend }, entriesOf(nodes));
    expect(held(one, nodes)).toBe(subnetMax);
    one.runTo(one.nowMs + 7_200_000);
  }
});

test('where room alone is short the fresh take the place of those that end soonest', () => {
  const one = discoverer({ by, intake: generous });
  const friend = neighbourOf(one, 1);
  const old = crowd(10_000, sourceMax, anywhere);
  bring(
    { one, by: friend },
    old.map((node, index) => entryOf(node, { remainingSeconds: 3_000 + index }, by)),
  );
  const fresh = crowd(20_000, 100, anywhere);
  bring({ one, by: friend }, entriesOf(fresh));
  expect([held(one, fresh), held(one, old.slice(0, 100)), held(one, old.slice(100))]).toEqual([100, 0, 156]);
});

test('what a view or a routing table names stays before strangers', () => {
  const needed = nodeAt(10_003, by).peer;
  const one = discoverer({ by, intake: generous, needed: (peer) => peer === needed });
  const friend = neighbourOf(one, 1);
  bring({ one, by: friend }, entriesOf(crowd(10_000, 2_000, anywhere)));
  bring({ one, by: friend }, entriesOf(crowd(20_000, 500, inOneSubnet)));
  expect(one.machine.record(needed)).toBeDefined();
  expect(one.machine.record(nodeAt(10_004, by).peer)).toBeUndefined();
});

test('who stays in a flood is drawn anew at every start: no key can be made to win', () => {
  const winners = [1, 2].map((seed) => {
    const one = discoverer({ by, intake: generous, seed });
    const attacker = neighbourOf(one, 2);
    const nodes = crowd(200_000, 500, inOneSubnet);
    bring({ one, by: attacker }, entriesOf(nodes));
    return nodes.filter(({ peer }) => one.machine.record(peer) !== undefined).map(({ peer }) => peer);
  });
  expect(winners[0]).toHaveLength(subnetMax);
  expect(winners[0]).not.toEqual(winners[1]);
});

test('records cannot move into a full subnet by a newer number', () => {
  const one = discoverer({ by, intake: generous });
  const attacker = neighbourOf(one, 2);
  const nodes = crowd(200_000, 200, anywhere);
  bring({ one, by: attacker }, entriesOf(nodes));
  expect(one.machine.sizes().records).toBe(200);
  const moved = nodes.map((node, index) => ({ ...node, address: inOneSubnet(index) }));
  bring(
    { one, by: attacker },
    moved.map((node) => entryOf(node, { sequence: 2 }, by)),
  );
  const there = one.machine
    .peers(one.nowMs)
    .filter(({ addresses }) => addresses[0]?.startsWith('/ip4/66.66.'));
  expect(there).toHaveLength(subnetMax);
});

test('a LAN has no bound for its one subnet', () => {
  const one = discoverer({ by, intake: generous });
  const home = crowd(20_000, 100, (index) => `/ip4/192.168.1.${index % 250}/tcp/1`);
  const near = { ...nodeAt(3, by), address: '/ip4/192.168.1.77/tcp/1' };
  one.link(near, 'lan');
  for (const entry of entriesOf(home)) {
    one.machine.learn([entry], { peer: near.peer, scope: 'site' }, one.nowMs);
  }
  expect(held(one, home)).toBe(100);
});
