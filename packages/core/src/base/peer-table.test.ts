/** Goal: who was reached is remembered before who was only heard of, and nobody for ever. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PeerId } from './ids.ts';
import { PeerTable, peerTableDefaults } from './peer-table.ts';

const dayMs = 86_400_000;
const id = (index: number): PeerId => `node ${index}` as PeerId;

function tableWith(live: Set<PeerId> = new Set(), peersMax = 4): PeerTable {
  return new PeerTable({ ...peerTableDefaults, peersMax }, (peer) => live.has(peer));
}

test('the score is success times freshness, one half without experience', () => {
  const table = tableWith();
  const { entry } = table.note(id(1), [], 0)!;
  expect(table.score(entry, 0)).toBe(0.5);
  table.rate(id(1), true);
  expect(table.score(entry, 0)).toBeCloseTo(2 / 3);
  expect(table.score(entry, dayMs)).toBeCloseTo(1 / 3);
  for (let times = 0; times < 3; times++) table.rate(id(1), false);
  expect(table.score(entry, 0)).toBeCloseTo(1 / 3);
});

test('old experience weighs less: who was good for long and fails now sinks', () => {
  const table = tableWith();
  const { entry } = table.note(id(1), [], 0)!;
  for (let times = 0; times < 1_000; times++) table.rate(id(1), true);
  for (let times = 0; times < 32; times++) table.rate(id(1), false);
  expect(table.score(entry, 0)).toBeLessThan(0.5);
  expect(entry.successes + entry.failures).toBeLessThan(32);
});

test('a newcomer displaces the worst, none that fares better than an unknown node, none with a link', () => {
  const live = new Set<PeerId>([id(1)]);
  const table = tableWith(live);
  for (let index = 0; index < 4; index++) table.note(id(index), ['somewhere'], 0);
  for (const index of [0, 2]) table.rate(id(index), true);
  for (const index of [1, 3]) table.rate(id(index), false);
  expect(table.note(id(9), ['somewhere'], 0)?.gone).toBe(id(3)); // Worse than 1 is none, but that has a link.
  table.rate(id(9), true);
  expect(table.note(id(10), [], 0)).toBeUndefined();
  expect(table.get(id(1))).toBeDefined();
});

test('who only came to us, however well, makes room for anybody', () => {
  const table = tableWith();
  for (let index = 0; index < 4; index++) {
    table.note(id(index), [], 0);
    table.rate(id(index), true);
  }
  for (const index of [10, 11, 12, 13]) {
    expect(table.note(id(index), ['somewhere'], 0)).toBeDefined();
    table.rate(id(index), true);
  }
  expect(table.note(id(14), [], 0), 'but not for its like').toBeUndefined();
});

test('addresses are kept newest first, eight at most', () => {
  const table = tableWith();
  for (let index = 0; index < 20; index++) table.note(id(1), [`address ${index}`, 'same'], index);
  const { addresses } = table.get(id(1))!;
  expect(addresses).toHaveLength(8);
  expect(addresses.slice(0, 3)).toEqual(['address 19', 'same', 'address 18']);
});

test('after a week unseen a node is forgotten, unless it has a link or is on the LAN', () => {
  const live = new Set<PeerId>([id(1)]);
  const table = tableWith(live);
  for (const index of [1, 2, 3]) table.note(id(index), [], 0);
  table.get(id(3))!.lan = true;
  expect(table.prune(peerTableDefaults.forgetMs - 1)).toEqual([]);
  expect(table.prune(peerTableDefaults.forgetMs)).toEqual([id(2)]);
  expect(table.size).toBe(2);
});

test('whatever comes, the bound holds and a node with a link stays', () => {
  const steps = fc.array(fc.record({ at: fc.nat(30), what: fc.nat(3) }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (all) => {
      const live = new Set<PeerId>([id(0)]);
      const table = tableWith(live, 5);
      table.note(id(0), [], 0);
      for (const [nowMs, { at, what }] of all.entries()) {
        if (what === 0) table.note(id(at), [`address ${nowMs}`], nowMs);
        else table.rate(id(at), what === 1);
        expect(table.size).toBeLessThanOrEqual(5);
        expect(table.get(id(0))).toBeDefined();
      }
    }),
  );
});
