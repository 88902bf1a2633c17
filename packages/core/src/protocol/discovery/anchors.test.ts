/** Goal: anchors are neighbours that proved themselves, of different networks, and survive restarts and damage. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCbor } from '../../base/cbor.ts';
import { type Discoverer, discoverer, entryOf, nodeAt, type TestNode } from '../../../test/discoverer.ts';
import { anchorsDefaults, decodeStored, encodeStored } from './anchors.ts';

const { ageMs, storeEveryMs } = anchorsDefaults;
const [first, second, third] = [nodeAt(1), nodeAt(2), nodeAt(3)];
const sameNet = { ...nodeAt(4), address: first.address.replace('.7.9', '.8.8') };

function neighbours(one: Discoverer, nodes: TestNode[], path: 'direct' | 'lan' = 'direct'): void {
  for (const node of nodes) {
    one.link(node, path);
    one.do({ type: 'active', peer: node.peer, on: true });
    one.nowMs += 1;
  }
}

const names = (one: Discoverer): string[] => one.machine.anchors().map(({ peer }) => peer);
const stores = (one: Discoverer): string[][] =>
  one.take().flatMap((out) => (out.type === 'store' ? [out.anchors.map(({ peer }) => peer)] : []));

test('the two oldest active links become anchors once they are old enough, and are stored', () => {
  const one = discoverer();
  neighbours(one, [first, second, third]);
  one.runTo(one.nowMs + ageMs - 1_000);
  expect(names(one)).toEqual([]);
  one.runTo(one.nowMs + 60_000);
  expect(names(one)).toEqual([first.peer, second.peer]);
  expect(one.machine.anchors()[0]?.addresses).toEqual([first.address]);
  expect(stores(one)).toEqual([[first.peer, second.peer]]);
  one.runTo(one.nowMs + 3_600_000);
  expect(stores(one)).toEqual([]);
});

test.each([
  ['of the same subnet', [first, sameNet, third], [first.peer, third.peer]],
  ['alone in its subnet', [first, sameNet], [first.peer]],
])('never two of one subnet: %s', (_, nodes, expected) => {
  const one = discoverer();
  neighbours(one, nodes);
  one.runTo(one.nowMs + ageMs + 60_000);
  expect(names(one)).toEqual(expected);
});

test('none from the LAN, none that only came to us, none that is in no active view', () => {
  const one = discoverer();
  neighbours(one, [first], 'lan');
  one.link(second, 'direct', false);
  one.do({ type: 'active', peer: second.peer, on: true });
  one.link(third);
  one.runTo(one.nowMs + ageMs * 3);
  expect(names(one)).toEqual([]);
  // With a record of its own, too: it would choose what is dialled after every restart.
  one.machine.learn([entryOf(second)], { peer: second.peer, scope: 'global' }, one.nowMs);
  one.runTo(one.nowMs + ageMs);
  expect(names(one)).toEqual([]);
});

test('an anchor that went stays until another neighbour earned its place, and changes are stored rarely', () => {
  const one = discoverer();
  neighbours(one, [first, second]);
  one.runTo(one.nowMs + ageMs + 60_000);
  stores(one);
  one.do({ type: 'linkClosed', peer: first.peer, lost: true });
  neighbours(one, [third]);
  one.runTo(one.nowMs + ageMs - 60_000);
  expect(names(one)).toEqual(expect.arrayContaining([first.peer, second.peer]));
  expect(stores(one)).toEqual([]);
  one.runTo(one.nowMs + 180_000);
  expect(names(one)).toEqual([second.peer, third.peer]);
  expect(stores(one)).toHaveLength(1);
  const startMs = one.nowMs;
  for (let times = 0; times < 60; times++) {
    // Addresses that change with every record of a neighbour must not write to the disk each time.
    one.link({ ...third, address: `/ip4/77.77.7.${times + 1}/tcp/1` });
    one.runTo(one.nowMs + 5_000);
  }
  const atMost = Math.ceil((one.nowMs - startMs) / storeEveryMs) + 1;
  expect(stores(one).length).toBeLessThanOrEqual(atMost);
});

test('they come back after a restart, as candidates to begin with', () => {
  const anchors = [first, second].map(({ peer, address }) => ({ peer, addresses: [address] }));
  const one = discoverer({ restored: encodeStored({ anchors, sequence: 7 }) });
  expect(one.machine.anchors()).toEqual(anchors);
  neighbours(one, [third]);
  one.runTo(one.nowMs + ageMs + 60_000);
  expect(names(one)).toEqual([third.peer, first.peer]);
});

test('what is stored comes back; damage, another version and anything else give nothing', () => {
  const anchors = [first, second].map(({ peer, address }) => ({ peer, addresses: [address] }));
  const bytes = encodeStored({ anchors, sequence: 7 });
  expect(decodeStored(bytes)).toEqual({ anchors, sequence: 7 });
  const item = [first.peer, [first.address]];
  for (const other of [
    [2, 7, []],
    [1, -1, []],
    [1, 7, [item, item, item]],
    [1, 7, [['somebody', [first.address]]]],
    [1, 7, [[first.peer, []]]],
    [1, 7, [[first.peer, ['/ip4/0.0.0.0/tcp/1']]]],
    [1, 7, [[first.peer, Array.from({ length: 5 }, (_, at) => `/ip4/11.0.0.${at + 1}/tcp/1`)]]],
    [1, 7, [], 0],
  ]) {
    expect(decodeStored(encodeCbor(other))).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = bytes.slice();
      damaged[at]! ^= change;
      const decoded = decodeStored(damaged);
      if (decoded !== undefined) expect(encodeStored(decoded)).toEqual(damaged);
    }),
  );
  expect(discoverer({ restored: bytes.subarray(1) }).machine.anchors()).toEqual([]);
});
