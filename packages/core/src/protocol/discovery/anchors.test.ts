/** Goal: anchors are nodes that proved themselves, of different networks, and survive restarts and damage. */
import { expect, test } from 'vitest';
import { encodeCbor } from '../../base/cbor.ts';
import { type Discoverer, discoverer, entryOf, nodeAt, type TestNode } from '../../../test/discoverer.ts';
import { anchorsDefaults, anchorsMax, decodeStored, encodeStored } from './anchors.ts';

const { ageMs, keepMs, storeEveryMs } = anchorsDefaults;
const [first, second, third] = [nodeAt(1), nodeAt(2), nodeAt(3)];

/** In the same subnet. */
const twinOf = ({ address }: TestNode): string => address.replace('.7.9', '.8.8');

function neighbours(one: Discoverer, nodes: TestNode[], path: 'direct' | 'lan' = 'direct'): void {
  for (const node of nodes) {
    one.link(node, path);
    one.do({ type: 'active', peer: node.peer, on: true });
    one.nowMs += 1;
  }
}

const many = (count: number): TestNode[] => Array.from({ length: count }, (_, at) => nodeAt(10 + at));
const names = (one: Discoverer): string[] => one.machine.anchors().map(({ peer }) => peer);
const stores = (one: Discoverer): string[][] =>
  one.take().flatMap((out) => (out.type === 'store' ? [out.anchors.map(({ peer }) => peer)] : []));

test('active links become anchors once they are old enough, and are stored', () => {
  const one = discoverer();
  neighbours(one, [first, second, third]);
  one.runTo(one.nowMs + ageMs - 1_000);
  expect(names(one)).toEqual([]);
  one.runTo(one.nowMs + 60_000);
  expect(names(one)).toEqual([first.peer, second.peer, third.peer]);
  expect(one.machine.anchors()[0]?.addresses).toEqual([first.address]);
  expect(stores(one)).toEqual([[first.peer, second.peer, third.peer]]);
  one.runTo(one.nowMs + 3_600_000);
  expect(stores(one)).toEqual([]);
});

test.each([
  ['of the same subnet', [first, { ...nodeAt(4), address: twinOf(first) }, third], [first.peer, third.peer]],
  ['alone in its subnet', [first, { ...nodeAt(4), address: twinOf(first) }], [first.peer]],
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

test('an anchor that went stays until its place is needed, and changes are stored rarely', () => {
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
  expect(names(one)).toEqual([second.peer, third.peer, first.peer]);
  expect(stores(one)).toHaveLength(1);
  neighbours(one, many(anchorsMax - 1));
  one.runTo(one.nowMs + ageMs + 60_000);
  expect(names(one)).not.toContain(first.peer);
  expect(names(one)).toHaveLength(anchorsMax);
  stores(one);
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
  expect(names(one)).toEqual([third.peer, first.peer, second.peer]);
});

test('whom we reached is remembered too, within seconds, where it was reached', () => {
  const nodes = many(12);
  const [lan, far, failed, twin] = [
    nodeAt(50),
    nodeAt(51),
    nodeAt(52),
    { ...nodeAt(53), address: twinOf(nodes[0]!) },
  ];
  const tried = [lan, far, failed, nodes[0]!, twin, ...nodes.slice(1)];
  const one = discoverer({ tried: () => tried.map(({ peer }) => peer) });
  one.link(lan, 'lan');
  for (const node of [failed, ...nodes, twin]) one.link(node);
  for (const { peer } of [failed, ...nodes, twin]) one.do({ type: 'linkClosed', peer, lost: false });
  // It came to us, and was only heard of.
  one.link(far, 'direct', false);
  one.do({ type: 'rated', peer: failed.peer, success: false });
  one.runTo(one.nowMs + 60_000);
  expect(names(one)).toEqual(nodes.slice(0, anchorsMax).map(({ peer }) => peer));
  expect(one.machine.anchors()[0]?.addresses).toEqual([nodes[0]!.address]);
  expect(stores(one).at(-1)).toEqual(names(one));
  const before = names(one);
  one.do({ type: 'rated', peer: nodes[0]!.peer, success: false });
  one.runTo(one.nowMs + 60_000);
  expect(
    names(one).filter((each) => before.includes(each)),
    'the others stay',
  ).toHaveLength(anchorsMax - 1);
});

test('who is met in the first hour leaves two places to those of before the restart', () => {
  const anchors = many(anchorsMax).map(({ peer, address }) => ({ peer, addresses: [address] }));
  const met = Array.from({ length: anchorsMax }, (_, at) => nodeAt(400 + at));
  const restored = encodeStored({ anchors, sequence: 7 });
  const one = discoverer({ restored, tried: () => met.map(({ peer }) => peer) });
  for (const node of met) one.link(node);
  const kept = (): number => names(one).filter((each) => anchors.some(({ peer }) => peer === each)).length;
  one.runTo(one.nowMs + 60_000);
  expect(kept()).toBe(2);
  one.runTo(one.nowMs + keepMs + 60_000);
  expect(kept()).toBe(0);
});

test('what is stored comes back; damage, another version and anything else give nothing', () => {
  const anchors = [first, second].map(({ peer, address }) => ({ peer, addresses: [address] }));
  const bytes = encodeStored({ anchors, sequence: 7 });
  expect(decodeStored(bytes)).toEqual({ anchors, sequence: 7 });
  const item = [first.peer, [first.address]];
  expect(decodeStored(encodeCbor([1, 7, [[first.peer, [first.address]]]])), 'as version 1 wrote it').toEqual({
    anchors: anchors.slice(0, 1),
    sequence: 7,
  });
  const full = many(anchorsMax).map(({ peer }, at) => ({
    peer,
    addresses: [1, 2, 3, 4].map(
      (end) => `/ip6/2a01:4f8:aaaa:bbbb:cccc:dddd:eeee:${at + 1}${end}/tcp/65535/ws`,
    ),
  }));
  expect(decodeStored(encodeStored({ anchors: full, sequence: 2 ** 48 }))?.anchors).toEqual(full);
  for (const other of [
    [3, 7, []],
    [2, -1, []],
    [1, 7, [item, item, item]],
    [2, 7, Array.from({ length: anchorsMax + 1 }, () => item)],
    [2, 7, [['somebody', [first.address]]]],
    [2, 7, [[first.peer, []]]],
    [2, 7, [[first.peer, ['/ip4/0.0.0.0/tcp/1']]]],
    [2, 7, [[first.peer, Array.from({ length: 5 }, (_, at) => `/ip4/11.0.0.${at + 1}/tcp/1`)]]],
    [2, 7, [], 0],
  ]) {
    expect(decodeStored(encodeCbor(other))).toBeUndefined();
  }
  // Every byte changed to every other: what is still understood says what its bytes say, in either version.
  for (let at = 0; at < bytes.length; at += 1) {
    for (let change = 1; change <= 255; change += 1) {
      const damaged = bytes.slice();
      damaged[at]! ^= change;
      const decoded = decodeStored(damaged);
      if (decoded === undefined) continue;
      const { anchors: list, sequence } = decoded;
      const written = encodeCbor([damaged[1]!, sequence, list.map((each) => [each.peer, each.addresses])]);
      expect(written, `byte ${at} changed by ${change}`).toEqual(damaged);
    }
  }
  expect(discoverer({ restored: bytes.subarray(1) }).machine.anchors()).toEqual([]);
});
