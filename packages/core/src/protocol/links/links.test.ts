/**
 * Goal: one node keeps the order of frames, its places, its pings and its limits, whatever a neighbour does.
 * Method: one machine; the neighbours are puppets whose frames are made by hand.
 */
import { expect, test } from 'vitest';
import type { LinkId, PeerId } from '../../base/ids.ts';
import { seededKeySource, seededRandom } from '../../base/random.ts';
import type { Crypto } from '../../crypto/crypto.ts';
import { createNativeBackend } from '../../crypto/native/native-backend.ts';
import { decodeFrame, type Frame } from '../../wire/frame.ts';
import { goodbyeReasons } from '../../wire/goodbye.ts';
import { Acquaintances, type Recognisable } from './acquaintances.ts';
import { Links } from './links.ts';
import { linksDefaults, type LinksInput, type LinksOutput } from './links-contract.ts';
import { Recognition } from './recognition.ts';

const crypto: Crypto = { backend: createNativeBackend(), keys: seededKeySource(seededRandom(1)) };
const self = 'node-m' as PeerId;
const nonce = new Uint8Array(32).fill(7);
const pairKey = new Uint8Array(32).fill(1);
const friend: Recognisable = { id: 'friend', key: pairKey, lists: true, checks: true };
const hello: Frame = { type: 'hello', major: 1, minor: 1, nonce, purpose: 'neighbour' };

/** One machine on a clock that a test moves by hand. */
class Bench {
  readonly links: Links;
  nowMs = 1_000_000;
  #nextLink = 1;

  constructor(config = linksDefaults) {
    this.links = new Links(crypto, config, seededRandom(1));
    this.feed({ type: 'listening', self, addresses: ['/ip4/192.0.2.1/tcp/1'] });
    this.feed({ type: 'recognisable', entries: [friend] });
  }

  feed(input: LinksInput): LinksOutput[] {
    return this.links.handle(input, this.nowMs);
  }

  frame(link: LinkId, frame: Frame): LinksOutput[] {
    return this.feed({ type: 'frame', link, frame });
  }

  up(
    remote: string,
    more: { dialled?: boolean; address?: string } = {},
  ): { link: LinkId; outputs: LinksOutput[] } {
    const link = this.#nextLink++ as LinkId;
    const { dialled = false, address = `/ip4/198.51.100.1/tcp/${link}` } = more;
    const outputs = this.feed({
      type: 'linkUp',
      link,
      remote: remote as PeerId,
      address,
      path: 'lan',
      dialled,
    });
    return { link, outputs };
  }

  /** A link on which both hellos were said. @returns the link and our list on it. */
  open(remote: string, more: { dialled?: boolean; address?: string } = {}): Opened {
    const { link, outputs } = this.up(remote, more);
    const ours = frames(outputs).find((frame) => frame.type === 'hello');
    const list = frames(this.frame(link, hello)).find((frame) => frame.type === 'recognise');
    if (ours?.type !== 'hello' || list?.type !== 'recognise') throw new Error('expected a greeting');
    const context = { self: remote as PeerId, remote: self, selfNonce: nonce, remoteNonce: ours.nonce };
    return { link, list, theirs: new Recognition(crypto, context) };
  }

  /** As `open`, and the neighbour proves to be the friend. */
  openFriend(remote: string): Opened {
    const opened = this.open(remote);
    const known = new Acquaintances();
    known.replace([friend]);
    for (const hit of opened.theirs.receive(opened.list, known)) this.frame(opened.link, hit);
    expect(this.links.link(opened.link)?.recognised).toEqual(['friend']);
    return opened;
  }

  /** Moves the clock to the next wake. */
  wake(): LinksOutput[] {
    this.nowMs = Math.max(this.nowMs, this.links.nextWakeMs() ?? this.nowMs);
    return this.feed({ type: 'wake' });
  }
}

interface Opened {
  link: LinkId;
  list: Frame & { type: 'recognise' };
  theirs: Recognition;
}

function frames(outputs: LinksOutput[]): Frame[] {
  return outputs.flatMap((output) => (output.type === 'send' ? [decodeFrame(output.frame)!] : []));
}

function closed(outputs: LinksOutput[]): string[] {
  return outputs.flatMap((output) => (output.type === 'close' ? [output.reason] : []));
}

test('a friend is recognised, announced, remembered, and lost when the link goes', () => {
  const bench = new Bench();
  const opened = bench.open('node-a');
  const known = new Acquaintances();
  known.replace([friend]);
  const hit = opened.theirs.receive(opened.list, known)[0]!;
  const outputs = bench.frame(opened.link, hit);
  expect(outputs).toContainEqual({ type: 'recognised', link: opened.link, id: 'friend' });
  expect(frames(outputs).map(({ type }) => type)).toEqual(['confirmed']);
  expect(
    bench.frame(opened.link, hit).map(({ type }) => type),
    'said once',
  ).toEqual(['send']);
  expect(bench.links.linksOf('friend')).toEqual([opened.link]);
  expect(bench.links.link(opened.link)).toMatchObject({
    remote: 'node-a',
    path: 'lan',
    recognised: ['friend'],
  });
  const down = bench.feed({ type: 'linkDown', link: opened.link });
  expect(down).toContainEqual({ type: 'lost', link: opened.link, id: 'friend' });
  expect(down).toContainEqual({ type: 'peer', remote: 'node-a', path: 'none' });
  expect([bench.links.linksOf('friend'), bench.links.nodes]).toEqual([[], 1]);
});

test('frames out of order close the link with a word, and nothing is recognised', () => {
  const proof = new Uint8Array(32);
  const early: Frame[] = [
    { type: 'recognise', round: 0, nonce, entries: new Uint8Array(512) },
    { type: 'confirm', round: 0, index: 0, mac: proof },
    { type: 'ping', token: 1 },
    { type: 'envelope', bytes: new Uint8Array(60) },
    { type: 'bundleOffer', identityHead: proof, bundle: proof },
  ];
  for (const frame of early) {
    const bench = new Bench();
    const { link } = bench.up('node-a');
    const outputs = bench.frame(link, frame);
    expect(closed(outputs), frame.type).toEqual(['order']);
    expect(frames(outputs)).toEqual([{ type: 'goodbye', reason: goodbyeReasons.misbehaved }]);
    expect(bench.frame(link, hello), 'a closed link says nothing more').toEqual([]);
    expect(bench.links.size).toBe(0);
  }
  const bench = new Bench();
  expect(closed(bench.frame(bench.open('node-a').link, hello)), 'a second hello').toEqual(['order']);
  expect(
    closed(bench.frame(bench.open('node-a').link, { type: 'confirmed', round: 0, index: 0, mac: proof })),
  ).toEqual(['proof']);
  expect(
    closed(bench.feed({ type: 'dismiss', link: bench.open('node-a').link, reason: 'malformed' })),
  ).toEqual(['malformed']);
});

test('another major version is refused by name, a newer minor is not', () => {
  const bench = new Bench();
  const { link } = bench.up('node-a');
  const outputs = bench.frame(link, { ...hello, major: 2 });
  expect(closed(outputs)).toEqual(['version']);
  expect(frames(outputs)).toEqual([{ type: 'goodbye', reason: goodbyeReasons.version }]);
  const newer = bench.up('node-b');
  expect(closed(bench.frame(newer.link, { ...hello, minor: 9 }))).toEqual([]);
});

test('a mirror of ours and a link to ourselves are closed', () => {
  const bench = new Bench();
  const { link, outputs } = bench.up('node-a');
  expect(closed(bench.frame(link, frames(outputs)[0]!))).toEqual(['order']);
  expect(closed(bench.up(self).outputs)).toEqual(['self']);
});

test('a flood of lists, or of anything, ends the link; the pace of an honest neighbour does not', () => {
  const bench = new Bench();
  const list: Frame = { type: 'recognise', round: 0, nonce, entries: new Uint8Array(512) };
  const lists = bench.open('node-a');
  const untilClosed = (link: LinkId, frame: Frame): number => {
    for (let count = 1; count < 200; count++)
      if (closed(bench.frame(link, frame))[0] === 'flood') return count;
    return Infinity;
  };
  expect(untilClosed(lists.link, list)).toBe(linksDefaults.times.theirLists.burst + 1);
  const pings = bench.open('node-a');
  expect(untilClosed(pings.link, { type: 'ping', token: 1 })).toBe(linksDefaults.times.control.burst);
  const honest = bench.open('node-a');
  for (let round = 0; round < 100; round++) {
    bench.nowMs += linksDefaults.times.ourLists.refillMs;
    expect(closed(bench.frame(honest.link, list))).toEqual([]);
  }
});

test.each([
  { dialled: true, firstMs: 30_000 },
  // Else both ends would ask at the same moment, every time.
  { dialled: false, firstMs: 35_000 },
])('a silent neighbour is asked twice, then given up; dialled by us: $dialled', ({ dialled, firstMs }) => {
  const bench = new Bench();
  const { link } = bench.open('node-a', { dialled });
  const heardMs = bench.nowMs;
  expect(frames(bench.wake())).toMatchObject([{ type: 'ping' }]);
  expect(bench.nowMs - heardMs).toBe(firstMs);
  expect(frames(bench.wake())).toMatchObject([{ type: 'ping' }]);
  expect(bench.nowMs - heardMs).toBe(60_000);
  // Any frame is a sign of life.
  bench.frame(link, { type: 'envelope', bytes: new Uint8Array(60) });
  const again: string[] = [];
  for (let wake = 0; wake < 20 && bench.links.size > 0; wake++) {
    again.push(...frames(bench.wake()).map(({ type }) => type));
  }
  expect(again).toEqual(['ping', 'ping', 'goodbye']);
  expect(bench.nowMs - heardMs).toBe(60_000 + 75_000);
});

test('a machine that slept asks before it gives its links up', () => {
  const bench = new Bench();
  const { link } = bench.open('node-a');
  bench.nowMs += 3_600_000;
  expect(frames(bench.feed({ type: 'wake' }))).toMatchObject([{ type: 'ping' }]);
  bench.nowMs += 200;
  expect(bench.frame(link, { type: 'pong', token: 1 })).toEqual([]);
  expect(bench.links.size).toBe(1);
});

test('who says no hello in time is closed', () => {
  const bench = new Bench();
  bench.up('node-a');
  expect(closed(bench.wake())).toEqual(['silent']);
  expect(bench.nowMs).toBe(1_000_000 + 10_000);
});

test('pings are answered with their number', () => {
  const bench = new Bench();
  const { link } = bench.open('node-a');
  expect(frames(bench.frame(link, { type: 'ping', token: 77 }))).toEqual([{ type: 'pong', token: 77 }]);
});

test('a new contact is looked for on links that stand, at a bounded pace', () => {
  const bench = new Bench();
  const { link } = bench.open('node-a');
  const added: Recognisable[] = [friend];
  const sentMs: number[] = [];
  for (let number = 0; number < 12; number++) {
    added.push({ id: `new ${number}`, key: new Uint8Array(32).fill(number + 2), lists: true, checks: true });
    bench.nowMs += 100;
    const outputs = bench.feed({ type: 'recognisable', entries: [...added] });
    if (frames(outputs).some(({ type }) => type === 'recognise')) sentMs.push(bench.nowMs);
  }
  expect(sentMs.length, 'the first at once, one of the four was the greeting').toBe(3);
  const later = bench.wake();
  expect(frames(later).filter(({ type }) => type === 'recognise').length, 'the rest in one list').toBe(1);
  expect(bench.links.link(link)?.open).toBe(true);
});

test('a contact that comes later is found in the list that is already here', () => {
  const bench = new Bench();
  const { link, theirs } = bench.open('node-a');
  const known = new Acquaintances();
  const later: Recognisable = { id: 'later', key: new Uint8Array(32).fill(9), lists: true, checks: true };
  known.replace([later]);
  expect(frames(bench.frame(link, theirs.list(known)))).toEqual([]);
  const found = frames(bench.feed({ type: 'recognisable', entries: [friend, { ...later, lists: false }] }));
  expect(found.map(({ type }) => type)).toEqual(['confirm']);
  const result = theirs.confirm(found[0] as Frame & { type: 'confirm' }, known);
  if (result.is !== 'recognised' || result.answer === undefined) throw new Error('expected an answer');
  expect(bench.frame(link, result.answer)).toEqual([{ type: 'recognised', link, id: 'later' }]);
});

test('who is recognised on a link is not dialled anywhere else, and is when the link goes', () => {
  const bench = new Bench();
  const { link } = bench.openFriend('node-a');
  bench.feed({ type: 'want', id: 'friend', addresses: ['/ip4/203.0.113.9/tcp/9'], why: 'bootstrap' });
  expect(bench.feed({ type: 'wake' })).toEqual([]);
  bench.nowMs += 20_000;
  expect(bench.feed({ type: 'wake' })).toEqual([]);
  bench.feed({ type: 'linkDown', link });
  expect(bench.links.nextWakeMs()! - bench.nowMs).toBeLessThanOrEqual(linksDefaults.dialling.retryMsMin);
  expect(bench.wake().map(({ type }) => type)).toEqual(['dial']);
});

test('an entry that is taken away, or gets another key, is lost', () => {
  const bench = new Bench();
  const { link } = bench.openFriend('node-a');
  const lost: LinksOutput = { type: 'lost', link, id: 'friend' };
  expect(bench.feed({ type: 'recognisable', entries: [friend] })).toEqual([]);
  const other = { ...friend, key: new Uint8Array(32).fill(2) };
  expect(bench.feed({ type: 'recognisable', entries: [other] })).toContainEqual(lost);
  bench.feed({ type: 'linkDown', link });
  bench.feed({ type: 'recognisable', entries: [friend] });
  const again = bench.openFriend('node-a');
  expect(bench.feed({ type: 'recognisable', entries: [] })).toEqual([{ ...lost, link: again.link }]);
});

test('when all places are taken a stranger goes, never a friend, and never one that just came', () => {
  const bench = new Bench();
  const { link: friendly } = bench.openFriend('node-a');
  const alive = (): unknown => bench.frame(friendly, { type: 'pong', token: 0 });
  for (let number = 1; number < linksDefaults.linksMax; number++) bench.open(`node-b${number}`);
  const early = bench.up('node-c');
  expect(closed(early.outputs)).toEqual(['full']);
  expect(frames(early.outputs)).toEqual([{ type: 'goodbye', reason: goodbyeReasons.full }]);
  bench.nowMs += linksDefaults.graceMs;
  const late = bench.up('node-c');
  expect(closed(late.outputs)).toEqual(['full']);
  expect(late.outputs).toContainEqual({ type: 'peer', remote: 'node-b1', path: 'none' });
  expect(bench.links.size).toBe(linksDefaults.linksMax);
  for (let number = 0; number < 200; number++) {
    bench.up(`node-d${number}`);
    bench.nowMs += linksDefaults.graceMs / 8;
    alive();
    expect(bench.links.size).toBeLessThanOrEqual(linksDefaults.linksMax);
  }
  expect(bench.links.link(friendly)?.recognised).toEqual(['friend']);
});

test('of two links to one node the end with the lower id closes one, and more than four are not kept', () => {
  const bench = new Bench();
  bench.open('node-z'); // Higher than ours: we decide.
  expect(closed(bench.up('node-z').outputs)).toEqual(['duplicate']);
  bench.wake();
  expect(closed(bench.up('node-z').outputs), 'the old one is silent: it goes').toEqual(['duplicate']);
  expect(bench.links.size).toBe(1);
  bench.open('node-a'); // Lower than ours: it decides, within reason.
  for (let count = 2; count <= 4; count++) expect(closed(bench.up('node-a').outputs)).toEqual([]);
  expect(closed(bench.up('node-a').outputs)).toEqual(['duplicate']);
});

test('beyond 1,024 listed entries and wants the caller is told how many found no room', () => {
  const bench = new Bench();
  const many = Array.from({ length: 1_100 }, (_, number): Recognisable => {
    return { id: `entry ${number}`, key: pairKey, lists: true, checks: true };
  });
  expect(bench.feed({ type: 'recognisable', entries: many })).toEqual([
    { type: 'dropped', what: 'listed', count: 76 },
  ]);
  let dropped = 0;
  for (const { id } of many) {
    for (const output of bench.feed({ type: 'want', id, addresses: [], why: 'bootstrap' })) {
      if (output.type === 'dropped') dropped += output.count;
    }
  }
  expect(dropped).toBe(76);
});

test('inputs about links and dials that are not there change nothing', () => {
  const bench = new Bench();
  const link = 99 as LinkId;
  expect(bench.feed({ type: 'linkDown', link })).toEqual([]);
  expect(bench.frame(link, hello)).toEqual([]);
  expect(bench.feed({ type: 'dismiss', link, reason: 'x' })).toEqual([]);
  expect(bench.feed({ type: 'dialFailed', dial: 99 })).toEqual([]);
  expect(bench.feed({ type: 'unwant', id: 'nobody' })).toEqual([]);
  expect(bench.feed({ type: 'lanLost', remote: 'node-a' as PeerId })).toEqual([]);
});

test('whatever a stranger sends, in whatever order, nothing throws and nobody is recognised', () => {
  const random = seededRandom(5);
  const keys = seededKeySource(random);
  const upTo = (limit: number): number => Math.floor(random.next() * limit);
  const proof = (): { round: number; index: number; mac: Uint8Array } => {
    return { round: upTo(3), index: upTo(64), mac: keys.bytes(32) };
  };
  const reasons = new Set<string>();
  for (let world = 0; world < 300; world++) {
    const bench = new Bench();
    const { link, outputs } = bench.up('node-a');
    const [said] = frames(outputs);
    const heard: Frame[] = said === undefined ? [] : [said];
    if (upTo(4) > 0) bench.frame(link, hello);
    for (let step = 0; step < 60 && bench.links.size > 0; step++) {
      const any: Frame[] = [
        { type: 'recognise', round: upTo(256), nonce: keys.bytes(32), entries: keys.bytes(512) },
        { type: 'confirm', ...proof() },
        { type: 'confirmed', ...proof() },
        { type: 'ping', token: upTo(9) },
        { type: 'pong', token: upTo(9) },
        { type: 'goodbye', reason: upTo(256) },
        { type: 'envelope', bytes: keys.bytes(40) },
        { ...hello, major: upTo(3), nonce: keys.bytes(32) },
        heard[upTo(heard.length)] ?? hello, // What we said ourselves, in a mirror.
      ];
      // Most steps do no harm, so that some worlds get far.
      const frame = upTo(8) === 0 ? any[upTo(any.length)]! : any[[0, 3, 4, 6][upTo(4)]!]!;
      bench.nowMs += upTo(500);
      const answers = bench.frame(link, frame);
      heard.push(...frames(answers));
      for (const reason of closed(answers)) reasons.add(reason.split(' ')[0]!);
      expect(answers.some(({ type }) => type === 'recognised')).toBe(false);
    }
  }
  expect([...reasons].toSorted()).toEqual(['flood', 'goodbye', 'order', 'proof', 'version']);
});
