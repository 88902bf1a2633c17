/** Goal: the invariants of routing-table.ts. Method: random notes, failures and removals beside plain counts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PeerId } from '../../base/ids.ts';
import { seededRandom } from '../../base/random.ts';
import { distance, sharedBits } from './distance.ts';
import { RoutingTable, tableDefaults } from './routing-table.ts';

const random = seededRandom(7);
const places = new Map<PeerId, Uint8Array>();
for (let node = 0; node < 2_000; node++) {
  places.set(
    `n${node}` as PeerId,
    Uint8Array.from({ length: 32 }, () => Math.floor(random.next() * 256)),
  );
}
const peers = [...places.keys()];
const self = new Uint8Array(32).fill(0x55);
const subnetOf = (peer: PeerId): string => `subnet ${Number(peer.slice(1)) % 300}`;
const make = (subnet: (peer: PeerId) => string | undefined = subnetOf): RoutingTable =>
  new RoutingTable(self, tableDefaults, { place: (peer) => places.get(peer), subnet });

test('distance and shared bits', () => {
  const near = self.slice();
  near[1]! ^= 1;
  expect(sharedBits(self, near)).toBe(15);
  expect(sharedBits(self, self)).toBe(256);
  expect(distance(self, near)).toBe(2 ** 32);
  expect(distance(self, self)).toBe(0);
});

test('no bucket goes beyond its bounds, nor a subnet in it, whatever comes', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('known', 'proven', 'fail', 'remove'), fc.nat(1_999)), {
    minLength: 200,
    maxLength: 3_000,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const table = make();
      for (const [what, node] of all) {
        const peer = peers[node]!;
        if (what === 'fail') table.fail(peer);
        else if (what === 'remove') table.remove(peer);
        else table.note(peer, what === 'proven');
      }
      const held = table.nearest(self, 10_000);
      expect(held.length).toBe(table.size);
      expect(new Set(held).size).toBe(held.length);
      const buckets = Map.groupBy(held, (peer) => sharedBits(self, places.get(peer)!));
      for (const bucket of buckets.values()) {
        expect(bucket.length).toBeLessThanOrEqual(tableDefaults.entriesMax);
        for (const same of Map.groupBy(bucket, subnetOf).values()) {
          expect(same.length).toBeLessThanOrEqual(tableDefaults.subnetEntriesMax);
        }
      }
      const remembered = table.nearest(self, 10_000, true).length;
      const perBucket = tableDefaults.entriesMax + 2 * tableDefaults.sparesMax;
      expect(remembered).toBeLessThanOrEqual(table.depth * perBucket);
    }),
    { numRuns: 60, verbose: true },
  );
});

test('the nearest are the nearest of all entries, in order', () => {
  const table = make(() => undefined);
  for (const peer of peers) table.note(peer, false);
  const all = table.nearest(self, 10_000);
  for (let count = 0; count < 200; count++) {
    const key = Uint8Array.from({ length: 32 }, () => Math.floor(random.next() * 256));
    const byHand = all.toSorted((a, b) => distance(places.get(a)!, key) - distance(places.get(b)!, key));
    expect(table.nearest(key, 20)).toEqual(byHand.slice(0, 20));
  }
});

test('an answer names those that answered us, and others only where these are too few', () => {
  const table = make(() => undefined);
  for (const peer of peers) table.note(peer, false);
  const key = self.slice();
  const near = table.nearest(key, 40);
  expect(table.named(key, 20), 'nobody answered yet').toEqual(near.slice(0, 20));
  const answered = near.filter((_, at) => at % 4 === 3);
  for (const peer of answered) table.note(peer, true);
  const others = near.filter((peer) => !answered.includes(peer));
  expect(table.named(key, 20)).toEqual([...answered, ...others].slice(0, 20));
  for (const peer of near) table.note(peer, true);
  expect(table.named(key, 20)).toEqual(near.slice(0, 20));
});

test('a bucket is full with its last entry, and has room where one failed without a spare', () => {
  const table = make(() => undefined);
  const far = peers.filter((peer) => sharedBits(self, places.get(peer)!) === 0);
  const key = places.get(far[0]!)!;
  const { entriesMax } = tableDefaults;
  for (const peer of far.slice(0, entriesMax - 1)) table.note(peer, false);
  expect(table.isFull(key)).toBe(false);
  table.note(far[entriesMax]!, true);
  expect(table.isFull(key)).toBe(true);
  expect(table.isFull(self), 'nearer ones').toBe(false);
  table.fail(far[3]!);
  expect(table.isFull(key)).toBe(false);
});

test('a flood of newcomers moves nobody; who fails makes room for a spare', () => {
  const table = make(() => undefined);
  const far = peers.filter((peer) => sharedBits(self, places.get(peer)!) === 0);
  for (const peer of far.slice(0, 20)) table.note(peer, false);
  for (const peer of far.slice(20)) table.note(peer, true);
  expect(new Set(table.nearest(self, 99))).toEqual(new Set(far.slice(0, 20)));
  table.fail(far[0]!);
  expect(table.size).toBe(20);
  expect(table.nearest(self, 99)).not.toContain(far[0]);
  expect(table.nearest(self, 99, true)).toContain(far[0]);
});

test('when all fail, they are remembered', () => {
  const table = make(() => undefined);
  for (const peer of peers.slice(0, 8)) table.note(peer, true);
  for (const peer of peers.slice(0, 8)) table.fail(peer);
  expect(table.size).toBe(0);
  expect(table.nearest(self, 99, true).length).toBe(8);
});
