/**
 * Goal: our own record is there when somebody could use it, new before it ends, and tells nobody of the network at
 * home; what was reached is remembered and told as it is.
 */
import { expect, test } from 'vitest';
import { discoverer, entryOf, nodeAt, wallOffsetMs } from '../../../test/discoverer.ts';
import type { Discoverer } from '../../../test/discoverer.ts';
import { readPeerRecord } from '../../crypto/record/peer-record.ts';
import { encodeStored } from './anchors.ts';
import type { DiscoveryInput } from './contract.ts';

const self = nodeAt(1_000_000);
const minuteMs = 60_000;
const hourMs = 3_600_000;
const public1 = '/ip4/11.0.0.1/tcp/4001';
const home = '/ip4/192.168.1.2/tcp/4001';

function listen(one: Discoverer, addresses: string[], listed = true): void {
  one.do({ type: 'listening', self: self.peer, addresses, listed });
}

/** What a link of that scope is told about us. */
function told(one: Discoverer, scope: 'loopback' | 'site' | 'global' = 'global'): string[] | undefined {
  const own = one.machine.own(scope, one.nowMs);
  const [offered] = one.machine.offer([self.peer], scope, one.nowMs);
  expect(offered).toEqual(own);
  return own && readPeerRecord(own.record)?.addresses;
}

test('our record has the widest addresses only, TCP first, four at most, in the form that others take', () => {
  const one = discoverer();
  listen(one, [
    '/ip4/127.0.0.1/tcp/1',
    home,
    '/ip4/11.0.0.1/tcp/2/ws',
    `${public1}/p2p/${self.peer}`,
    'rubbish',
  ]);
  expect(one.take()).toContainEqual({ type: 'recordChanged' });
  expect(told(one)).toEqual([public1, '/ip4/11.0.0.1/tcp/2/ws']);
  expect(one.machine.own('global', one.nowMs)).toMatchObject({ hops: 0, remainingSeconds: 7_200 });
  const many = Array.from({ length: 9 }, (_, index) => `/ip4/11.0.0.${index + 1}/tcp/1`);
  const another = discoverer();
  listen(another, many);
  expect(told(another)).toEqual(many.slice(0, 4));
});

test('a node that only its site can reach tells the site only', () => {
  const one = discoverer();
  listen(one, ['/ip4/127.0.0.1/tcp/1', home]);
  expect([told(one, 'global'), told(one, 'site'), told(one, 'loopback')]).toEqual([
    undefined,
    [home],
    [home],
  ]);
  const hidden = discoverer();
  listen(hidden, ['/ip4/127.0.0.1/tcp/1']);
  expect([told(hidden, 'site'), told(hidden, 'loopback')]).toEqual([undefined, ['/ip4/127.0.0.1/tcp/1']]);
});

test('who is unlisted, or can be dialled nowhere, publishes nothing, and stops at once', () => {
  const one = discoverer();
  listen(one, [public1], false);
  expect(told(one)).toBeUndefined();
  listen(one, []);
  expect(told(one)).toBeUndefined();
  expect(one.take()).toEqual([]);
  listen(one, [public1]);
  expect(told(one)).toEqual([public1]);
  one.take();
  listen(one, [public1], false);
  expect(told(one)).toBeUndefined();
  expect(one.take()).toContainEqual({ type: 'recordChanged' });
});

test('it is made anew after two thirds of its lifetime, with a higher number each time', () => {
  const one = discoverer({ recordTtlMs: 90 * minuteMs });
  const startMs = one.nowMs;
  listen(one, [public1]);
  const sequence = (): number => readPeerRecord(one.machine.own('global', one.nowMs)!.record)!.sequence;
  const first = sequence();
  expect(first).toBe(startMs + wallOffsetMs);
  one.runTo(startMs + hourMs - 1);
  expect(sequence()).toBe(first);
  expect(one.machine.own('global', one.nowMs)?.remainingSeconds).toBe(1_800);
  one.runTo(startMs + hourMs);
  expect(sequence()).toBe(first + hourMs);
  expect(one.machine.own('global', one.nowMs)?.remainingSeconds).toBe(5_400);
});

test('numbers rise although the clock on the wall was set back, also over a restart', () => {
  const one = discoverer();
  listen(one, [public1]);
  const [kept] = one.take().flatMap((output) => (output.type === 'store' ? [output.bytes] : []));
  const again = discoverer(kept === undefined ? {} : { restored: kept });
  const input: DiscoveryInput = { type: 'listening', self: self.peer, addresses: [public1], listed: true };
  again.machine.handle(input, again.nowMs, 5);
  const { sequence } = readPeerRecord(again.machine.own('global', again.nowMs)!.record)!;
  expect(sequence).toBe(one.nowMs + wallOffsetMs + 1);
});

test('addresses that change make it anew at once, but flapping ones wait', () => {
  const one = discoverer();
  const changes = (): number => one.take().filter(({ type }) => type === 'recordChanged').length;
  for (let index = 1; index <= 10; index++) listen(one, [`/ip4/11.0.0.${index}/tcp/1`]);
  expect(changes()).toBe(4);
  expect(told(one)).toEqual(['/ip4/11.0.0.4/tcp/1']);
  one.runTo(one.nowMs + minuteMs);
  expect(changes()).toBe(1);
  expect(told(one)).toEqual(['/ip4/11.0.0.10/tcp/1']);
  listen(one, ['/ip4/11.0.0.10/tcp/1']);
  expect(changes()).toBe(0);
});

test('after a long sleep the record that ended is not told', () => {
  const one = discoverer();
  listen(one, [public1]);
  one.nowMs += 3 * hourMs;
  expect(told(one)).toBeUndefined();
  one.do({ type: 'wake' });
  expect(told(one)).toEqual([public1]);
});

test('LAN finds are candidates while they are heard, and near', () => {
  const one = discoverer();
  const node = nodeAt(1);
  one.do({ type: 'lanFound', peer: node.peer, addresses: [home] });
  expect(one.machine.candidate(node.peer)).toMatchObject({ addresses: [home], scope: 'site', lan: true });
  one.take();
  one.do({ type: 'lanLost', peer: node.peer });
  expect(one.take()).toEqual([{ type: 'forgotten', peer: node.peer }]);
  one.do({ type: 'lanFound', peer: self.peer, addresses: [home] });
  expect(one.machine.candidate(self.peer)).toBeUndefined();
});

test('a node whose link went is forgotten where no record tells of it, and remembered as one that was reached', () => {
  const one = discoverer();
  const [good, bad, recorded] = [nodeAt(1), nodeAt(2), nodeAt(3)];
  for (const node of [good, bad, recorded]) one.link(node);
  one.machine.learn([entryOf(recorded)], { peer: recorded.peer, scope: 'global' }, one.nowMs);
  one.take();
  for (const { peer } of [good, bad, recorded]) one.do({ type: 'linkClosed', peer, lost: false });
  const forgotten = one.take().flatMap((output) => (output.type === 'forgotten' ? [output.peer] : []));
  expect(forgotten).toEqual([good.peer, bad.peer]);
  for (let times = 0; times < 3; times++) one.do({ type: 'rated', peer: bad.peer, success: false });
  expect(one.machine.remembered(2, one.nowMs)).not.toContain(bad.peer);
  expect(one.machine.remembered(5, one.nowMs).at(-1)).toBe(bad.peer);
});

test('two links to one node are one: the last that closes counts', () => {
  const one = discoverer();
  const node = nodeAt(1);
  one.link(node, 'direct', false);
  expect(one.machine.candidate(node.peer)).toBeUndefined(); // Nobody listens where it came from.
  one.link(node);
  expect(one.machine.candidate(node.peer)?.addresses).toEqual([node.address]);
  one.take();
  one.do({ type: 'linkClosed', peer: node.peer, lost: false });
  expect(one.take()).toEqual([]);
  one.do({ type: 'linkClosed', peer: node.peer, lost: false });
  expect(one.take()).toContainEqual({ type: 'forgotten', peer: node.peer });
});

test('what people see of a node: score, record, link, and whether it is an anchor', () => {
  const anchor = nodeAt(1);
  const restored = encodeStored({
    anchors: [{ peer: anchor.peer, addresses: [anchor.address] }],
    sequence: 1,
  });
  const one = discoverer({ restored });
  const stranger = nodeAt(2);
  one.link(anchor);
  one.do({ type: 'active', peer: anchor.peer, on: true });
  const from = { peer: anchor.peer, scope: 'global' } as const;
  one.machine.learn([entryOf(stranger, { hops: 3, remainingSeconds: 60 })], from, one.nowMs);
  for (let times = 0; times < 3; times++) one.do({ type: 'rated', peer: stranger.peer, success: false });
  const views = new Map(one.machine.peers(one.nowMs).map((view) => [view.peer, view]));
  expect(views.get(anchor.peer)).toMatchObject({
    link: 'direct',
    active: true,
    anchor: true,
    record: undefined,
  });
  expect(views.get(anchor.peer)?.score).toBeCloseTo(2 / 3);
  const { score, record, link, addresses } = views.get(stranger.peer)!;
  expect([score, link, addresses]).toEqual([1 / 5, 'none', [stranger.address]]);
  expect(record).toMatchObject({ hops: 3, remainingMs: minuteMs, sequence: 1 });
});
