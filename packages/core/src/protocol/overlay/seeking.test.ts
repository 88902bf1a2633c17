/**
 * Goal: whoever is first at a newcomer does not choose its neighbours, and nobody stays in the hands of the first.
 * Method: one machine, puppets for neighbours, frames made by hand.
 */
import { expect, test } from 'vitest';
import type { PeerId } from '../../base/ids.ts';
import { Bench, sent, wishes } from '../../../test/overlay-bench.ts';
import { peerAt, recordOf } from '../../../test/overlay-world.ts';
import { overlayDefaults } from './overlay-config.ts';
import type { OverlayOutput } from './overlay-state.ts';

const { hearsayAfterMs, mixYoungMs, mixYoungForMs } = overlayDefaults;
const kin = Array.from({ length: 8 }, (_, at) => recordOf(peerAt(`66.${at}`, at)));

function sought(outputs: OverlayOutput[]): PeerId[] {
  return outputs.flatMap((out) => (out.type === 'connect' && out.why === 'neighbour' ? [out.peer] : []));
}

/** Everything it does within that time. */
function pass(bench: Bench, ms: number): OverlayOutput[] {
  const untilMs = bench.nowMs + ms;
  const outputs: OverlayOutput[] = [];
  while (bench.nowMs < untilMs) {
    bench.nowMs = Math.min(untilMs, Math.max(bench.nowMs + 1, bench.overlay.nextWakeMs()));
    outputs.push(...bench.feed({ type: 'wake' }));
  }
  return outputs;
}

test('whom those name that came is dialled only when whom we know had time to answer', () => {
  const bench = new Bench();
  const outputs = bench.say(bench.open(peerAt('6.6', 6)), 'join', kin);
  expect(wishes(outputs)).toEqual(['yes']);
  expect(sought([...outputs, ...pass(bench, hearsayAfterMs - 10)])).toEqual([]);
  expect(sought(pass(bench, 2_000)).length).toBeGreaterThan(0);
});

test('whom one names that we dialled is dialled at once, and before whom those name that came', () => {
  const bench = new Bench();
  const named = peerAt('7.1', 1);
  bench.say(bench.open(peerAt('6.6', 6)), 'join', kin);
  const link = bench.open(peerAt('7.7', 7), true);
  expect(sought(bench.say(link, 'no', [recordOf(named)]))).toEqual([named]);
});

/** All places are taken by whom it dialled or who came before. */
function surrounded(): Bench {
  const bench = new Bench();
  for (let number = 0; number < 3; number++)
    bench.say(bench.open(peerAt(`66.${number}`, number), true), 'yes');
  for (let number = 3; number < 8; number++) bench.say(bench.open(peerAt(`66.${number}`, number)), 'ask');
  expect(bench.overlay.neighbours().length).toBe(8);
  return bench;
}

test('whom our person named is asked, and takes the place of another we chose, however late it answers', () => {
  const bench = surrounded();
  const named = peerAt('7.7', 7);
  const link = bench.open(named, true);
  const outputs = bench.feed({ type: 'candidates', peers: [named], source: 'bootstrap' });
  expect(wishes(outputs)).toEqual(['ask']);
  expect(sent(outputs).map(({ type }) => type)).toContain('shuffle');
  expect(wishes(bench.say(link, 'yes'))).toEqual(['leave']);
  const chosen = bench.overlay.neighbours().filter((each) => each.chosen);
  expect(chosen.map(({ peer }) => peer)).toContain(named);
  expect(bench.overlay.neighbours().length).toBe(8);
});

test('a link that we dialled and that stands is exchanged for a neighbour too, and tells of others', () => {
  const bench = surrounded();
  const link = bench.open(peerAt('7.7', 7), true);
  const outputs = pass(bench, mixYoungForMs);
  const theirs = outputs.flatMap((out) => (out.type === 'send' && out.link === link ? [out.frame] : []));
  const count = (type: string): number => theirs.filter((each) => each.type === type).length;
  expect(count('neighbour')).toBeGreaterThan(1);
  expect(count('neighbour')).toBeLessThanOrEqual(mixYoungForMs / (mixYoungMs / 2));
  expect(count('shuffle')).toBeGreaterThan(1);
});

test('who came from our own LAN is asked before one more stranger is dialled', () => {
  const bench = new Bench();
  const strangers = sought(bench.say(bench.open(peerAt('lan', 2), true), 'yes', kin));
  expect(strangers.length).toBeGreaterThan(1);
  expect(wishes(bench.feed(bench.opening(peerAt('lan', 3), false)))).toEqual([]);
  const outputs = bench.feed({ type: 'unreachable', peer: strangers[0]!, dialled: true });
  expect(wishes(outputs)).toEqual(['ask']);
  expect(sought(outputs)).toEqual([]);
});

test('a node of our LAN that was dialled by a public address is near as soon as mDNS names it', () => {
  const bench = new Bench();
  const [first, second] = [peerAt('99.1', 2), peerAt('99.1', 3)];
  bench.say(bench.open(first, true), 'yes');
  const link = bench.open(second, true);
  expect(wishes(pass(bench, 5_000)), 'one of a subnet is enough').toEqual([]);
  const outputs = bench.feed({ type: 'candidates', peers: [second], source: 'lan' });
  expect(wishes(outputs)).toEqual(['ask']);
  bench.say(link, 'yes');
  bench.feed({ type: 'candidates', peers: [first], source: 'lan' });
  // Who is a neighbour already stays what it was taken for.
  expect(bench.overlay.neighbours().map(({ peer, near }) => [peer, near])).toEqual([
    [first, false],
    [second, true],
  ]);
});

test('a link that came from far is not made near by a word of mDNS', () => {
  const bench = new Bench();
  bench.say(bench.open(peerAt('99.1', 2)), 'ask');
  const second = peerAt('99.1', 3);
  const link = bench.open(second);
  bench.feed({ type: 'candidates', peers: [second], source: 'lan' });
  expect(wishes(bench.say(link, 'ask')), 'two of a subnet').toEqual(['no']);
});

test('whoever calls from the LAN and answers nothing keeps nobody from being dialled', () => {
  const bench = new Bench();
  for (let number = 2; number < 12; number++) bench.open(peerAt('lan', number));
  const peers = Array.from({ length: 12 }, (_, at) => peerAt(`77.${at}`, 100 + at));
  const dialled = new Set<PeerId>();
  let latest = sought(bench.feed({ type: 'candidates', peers, source: 'bootstrap' }));
  for (let second = 0; second < 60; second++) {
    for (const peer of latest) {
      dialled.add(peer);
      latest.push(...sought(bench.feed({ type: 'unreachable', peer, dialled: true })));
    }
    for (const number of [0, 1]) bench.open(peerAt('lan', 1_000 + second * 2 + number));
    latest = sought(pass(bench, 1_000));
  }
  expect(dialled.size, 'of twelve that are known').toBeGreaterThan(7);
});

test('neighbours of our LAN at public addresses are no way out of it: others are looked for', () => {
  const bench = new Bench();
  const mates = [peerAt('99.1', 5), peerAt('99.2', 6)];
  for (const peer of [peerAt('lan', 2), peerAt('lan', 3), peerAt('lan', 4), ...mates])
    bench.say(bench.open(peer, true), 'yes');
  const beyond = [peerAt('77.1', 7), peerAt('77.2', 8)];
  expect(sought(bench.feed({ type: 'candidates', peers: beyond, source: 'bootstrap' }))).toEqual([]);
  expect(sought(bench.feed({ type: 'candidates', peers: mates, source: 'lan' })).toSorted()).toEqual(beyond);
});
