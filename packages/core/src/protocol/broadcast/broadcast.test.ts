/**
 * Goal: what one machine says to each frame, in order; what hostile neighbours and authors cannot do; that it is bounded.
 * Method: one machine with a few links, and a signature that is the author's key and a sum over the rest.
 */
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { a, ada, b, bob, c, eve, said, signed, text, topic } from '../../../test/broadcast-words.ts';
import type { LinkId } from '../../base/ids.ts';
import { seededRandom } from '../../base/random.ts';
import { type BroadcastFrame, broadcastSequenceEnd } from '../../wire/broadcast.ts';
import type { BroadcastIdsFrame, BroadcastIdsKind } from '../../wire/broadcast-ids.ts';
import { decodeFrame } from '../../wire/frame.ts';
import { Broadcast, type BroadcastInput } from './broadcast.ts';
import { type BroadcastConfig, broadcastDefaults } from './config.ts';

type Fields = Omit<BroadcastFrame, 'type'>;

let machine: Broadcast;
let nowMs = 0;
let verified = 0;

function verify(fields: Fields): boolean {
  verified++;
  const { signature } = signed(fields.author, fields.sequence, fields.body);
  return signature.every((byte, at) => byte === fields.signature[at] || at > 34);
}

function start(config: Partial<BroadcastConfig> = {}, links: LinkId[] = [a, b, c]): void {
  nowMs = 1_000;
  verified = 0;
  machine = new Broadcast({ config: { ...broadcastDefaults, ...config }, random: seededRandom(1), verify });
  feed({ type: 'follow', topic });
  for (const link of links) feed({ type: 'neighbour', topic, link, on: true });
}

beforeEach(() => start());

function feed(input: BroadcastInput): string[] {
  return machine.handle(input, nowMs).map(said);
}

const comes = (link: LinkId, frame: BroadcastFrame): string[] => feed({ type: 'frame', link, frame });

function names(link: LinkId, type: BroadcastIdsKind, ids: [Uint8Array, number, number?][]): string[] {
  const list = ids.map(([author, sequence, run = 0]) => ({ handle: author.subarray(0, 8), sequence, run }));
  return feed({ type: 'frame', link, frame: { type, topic, ids: list } });
}

/** Wakes the machine whenever it wants, for so long. */
function wait(ms: number): string[] {
  const endMs = nowMs + ms;
  const lines: string[] = [];
  for (let step = 0; step < 1_000; step++) {
    const wakeMs = machine.nextWakeMs() ?? Infinity;
    if (wakeMs > endMs) break;
    nowMs = Math.max(nowMs, wakeMs);
    lines.push(...feed({ type: 'wake' }));
  }
  nowMs = endMs;
  return lines;
}

test('a first message goes to all other neighbours, once', () => {
  expect(comes(a, signed(ada, 1, text(1)))).toEqual([
    '2 broadcast 1:1',
    '3 broadcast 1:1',
    'received 1:1 from 1',
  ]);
  expect(comes(a, signed(ada, 1, text(1)))).toEqual([]);
  expect(verified).toBe(1);
});

test('copies that crossed prune both ways without a word, others with one', () => {
  comes(a, signed(ada, 1, text(1)));
  expect(comes(b, signed(ada, 1, text(1)))).toEqual([]);
  // To b we sent a copy too; both know. The next goes to c alone, and b is told of it.
  expect(comes(a, signed(ada, 2, text(2)))).toEqual([
    '2 digest 1:2',
    '3 broadcast 1:2',
    'received 1:2 from 1',
  ]);
  expect(comes(b, signed(ada, 2, text(2)))).toEqual(['2 prune 1:2']);
  expect(comes(b, signed(ada, 2, text(2)))).toEqual([]);
});

test('who prunes gets digests, who wants gets the message and what follows', () => {
  names(b, 'prune', [[ada, 1]]);
  comes(a, signed(ada, 1, text(1)));
  names(b, 'prune', [[ada, 1]]);
  expect(comes(a, signed(ada, 2, text(1)))).toContain('2 digest 1:2');
  expect(names(b, 'want', [[ada, 2, 1]])).toEqual(['2 broadcast 1:1', '2 broadcast 1:2']);
  expect(comes(a, signed(ada, 3, text(1)))).toContain('2 broadcast 1:3');
  expect(names(b, 'want', [[bob, 1]])).toEqual([]);
});

test('the first message of an author goes where those of other authors go, and is announced elsewhere', () => {
  const known = [10, 11, 12].map((number) => new Uint8Array(32).fill(number));
  for (const author of known) {
    comes(a, signed(author, 1, text(1)));
    names(c, 'prune', [[author, 1]]);
    // Told of one message alone nothing is known of its tree: the next new author floods.
    expect(comes(b, signed(new Uint8Array(32).fill(author[0]! + 10), 1, text(1)))).toContain(
      '3 broadcast ' + `${author[0]! + 10}:1`,
    );
    comes(a, signed(author, 2, text(1)));
  }
  expect(comes(b, signed(ada, 1, text(1)))).toEqual(['1 broadcast 1:1', 'received 1:1 from 2']);
  expect(wait(broadcastDefaults.digestEveryMs)).toEqual(['3 digest 11:2 12:2 1:1']);
  // A neighbour that comes is tried.
  feed({ type: 'neighbour', topic, link: 4 as LinkId, on: true });
  expect(comes(b, signed(bob, 1, text(1)))).toContain('4 broadcast 2:1');
  // Our own goes to all.
  expect(feed({ ...signed(eve, 1, text(1)), type: 'publish' })).toHaveLength(4);
});

test('our own messages go to all neighbours, whatever they asked for', () => {
  const publish = (sequence: number): string[] =>
    feed({ ...signed(eve, sequence, text(1)), type: 'publish' });
  expect(publish(1)).toEqual(['1 broadcast 3:1', '2 broadcast 3:1', '3 broadcast 3:1']);
  names(a, 'prune', [[eve, 1]]);
  expect(publish(2)).toHaveLength(3);
  expect(comes(b, signed(eve, 1, text(1)))).toEqual([]);
  expect(() => publish(2)).toThrow('our sequences rise');
});

test('a forged copy is told of, and keeps the true one not out', () => {
  const forged = { ...signed(ada, 1, text(1)), body: text(9) };
  expect(comes(a, forged)).toEqual(['misbehaved 1']);
  expect(comes(b, signed(ada, 1, text(1)))).toContain('received 1:1 from 2');
  const other = { ...signed(ada, 1, text(9)), signature: new Uint8Array(64) };
  expect(comes(c, other)).toEqual(['misbehaved 3']);
});

test('of two contents under one sequence the first stands, and both are shown once', () => {
  comes(a, signed(ada, 1, text(1)));
  const [equivocation] = machine.handle({ type: 'frame', link: b, frame: signed(ada, 1, text(2)) }, nowMs);
  expect(equivocation).toMatchObject({ type: 'equivocation', author: ada });
  if (equivocation?.type !== 'equivocation') throw new Error('nothing was shown');
  expect(decodeFrame(equivocation.first)).toMatchObject({ body: text(1) });
  expect(decodeFrame(equivocation.second)).toMatchObject({ body: text(2) });
  const before = verified;
  expect(comes(c, signed(ada, 1, text(3)))).toEqual([]);
  expect(verified).toBe(before);
  // Another signature under the same content is no second content.
  comes(a, signed(bob, 1, text(1)));
  const resigned = signed(bob, 1, text(1));
  resigned.signature[40] = 1;
  expect(comes(b, resigned)).toEqual([]);
});

test('what is announced and does not come is wanted, of one after the other', () => {
  comes(a, signed(ada, 1, text(1)));
  names(b, 'digest', [[ada, 2]]);
  names(c, 'digest', [[ada, 2]]);
  expect(wait(broadcastDefaults.patienceMs - 1)).toEqual([]);
  expect(wait(1)).toEqual(['2 want 1:2']);
  expect(wait(broadcastDefaults.retryMs)).toEqual(['3 want 1:2']);
  expect(comes(c, signed(ada, 2, text(2)))).toContain('received 1:2 from 3');
  expect(wait(10_000).filter((line) => line.includes('want'))).toEqual([]);
  expect(machine.figures(topic)?.missing).toBe(0);
});

test('what nobody delivers is given up, and wanted again when announced again', () => {
  names(b, 'digest', [[ada, 2]]);
  const wants = wait(60_000).filter((line) => line.includes('want'));
  expect(wants).toHaveLength(broadcastDefaults.roundsMax);
  expect(machine.nextWakeMs()).toBeUndefined();
  names(b, 'digest', [[ada, 2]]);
  expect(wait(1_000)).toEqual(['2 want 1:2']);
});

test('a gap is wanted after a patience, from who is behind it', () => {
  comes(a, signed(ada, 1, text(1)));
  comes(a, signed(ada, 5, text(5)));
  expect(wait(broadcastDefaults.patienceMs)).toEqual(['1 want 1:2-4']);
  comes(b, signed(ada, 3, text(3)));
  expect(machine.figures(topic)?.missing).toBe(2);
});

test('an author that begins anew far above is not missed in between', () => {
  comes(a, signed(ada, 1, text(1)));
  comes(a, signed(ada, 1_000_000, text(1)));
  expect(machine.figures(topic)?.missing).toBe(0);
  expect(comes(b, signed(ada, 999_999, text(1)))).toContain('received 1:999999 from 2');
  expect(comes(b, signed(ada, 2, text(1)))).not.toContain('received 1:2 from 2');
});

test('a parent that is lost is replaced at once by who announced first', () => {
  comes(a, signed(ada, 1, text(1)));
  names(c, 'digest', [[ada, 2]]);
  comes(a, signed(ada, 2, text(2)));
  names(b, 'digest', [[ada, 2]]);
  expect(feed({ type: 'neighbour', topic, link: a, on: false })).toEqual(['3 want 1:3']);
  expect(feed({ type: 'neighbour', topic, link: a, on: false })).toEqual([]);
});

test('a neighbour whose digests lead for long is asked to be the parent, one that leads once is not', () => {
  const lines: string[] = [];
  for (let sequence = 1; sequence <= 4; sequence++) {
    if (sequence > 1) lines.push(...names(b, 'digest', [[ada, sequence]]));
    nowMs += 40;
    lines.push(...comes(a, signed(ada, sequence, text(1))).filter((line) => line.includes('want')));
    nowMs += 1_000;
    if (sequence === 2) expect(lines).toEqual([]);
  }
  expect(lines).toEqual(['2 want 1:4']);
});

test('after the better parent delivers first, the old one is pruned', () => {
  comes(a, signed(ada, 1, text(1)));
  expect(comes(b, signed(ada, 2, text(2)))).toContain('received 1:2 from 2');
  expect(comes(a, signed(ada, 2, text(2)))).toEqual([]); // Our copy crossed it: it knows.
  names(a, 'prune', [[ada, 2]]);
  comes(b, signed(ada, 3, text(3)));
  expect(comes(a, signed(ada, 3, text(3)))).toEqual(['1 prune 1:3']);
});

test('a large body is announced to who might send it, before it is forwarded', () => {
  const large = text(1, broadcastDefaults.dontWantBytes);
  expect(comes(a, signed(ada, 1, large))).toEqual([
    '2 dontWant 1:1',
    '3 dontWant 1:1',
    '2 broadcast 1:1',
    '3 broadcast 1:1',
    'received 1:1 from 1',
  ]);
  names(b, 'dontWant', [[ada, 2]]);
  expect(comes(a, signed(ada, 2, large))).not.toContain('2 broadcast 1:2');
});

test('a new neighbour is told what we hold, twice, in runs; and what it lacks it gets', () => {
  start({}, [a]);
  for (const sequence of [1, 2, 3, 5]) comes(a, signed(ada, sequence, text(1)));
  expect(feed({ type: 'neighbour', topic, link: b, on: true })).toEqual(['2 digest 1:5 1:1-3']);
  expect(feed({ type: 'neighbour', topic, link: b, on: true })).toEqual([]);
  expect(wait(broadcastDefaults.summaryAgainMs)).toContain('2 digest 1:5 1:1-3');
});

test('digests that follow each other soon share a frame', () => {
  comes(a, signed(ada, 1, text(1)));
  names(b, 'prune', [[ada, 1]]);
  const at = [2, 3, 4].flatMap((sequence) => comes(a, signed(ada, sequence, text(1))));
  expect(at.filter((line) => line.startsWith('2'))).toEqual(['2 digest 1:2']);
  expect(wait(broadcastDefaults.digestEveryMs)).toEqual(['2 digest 1:3-4']);
});

test('frames of strangers, and of topics nobody follows, change nothing', () => {
  expect(comes(9 as LinkId, signed(ada, 1, text(1)))).toEqual([]);
  feed({ type: 'unfollow', topic });
  expect(comes(a, signed(ada, 1, text(1)))).toEqual([]);
  expect(verified).toBe(0);
  expect(machine.follows(topic)).toBe(false);
});

test('nobody is unknown before it is silent for long: when all room is taken, another is not heard', () => {
  start({ authorsMax: 2, forgottenMax: 1 });
  const [first, second, third, fourth] = [10, 11, 12, 13].map((number) =>
    new Uint8Array(32).fill(number),
  ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  for (const author of [first, second, third]) comes(a, signed(author, 1, text(1)));
  expect(comes(a, signed(fourth, 1, text(1)))).toEqual([]);
  names(a, 'digest', [[fourth, 1]]);
  expect(machine.figures(topic)).toMatchObject({ authors: 2, missing: 0 });
  expect(verified).toBe(3);
  for (const author of [first, second, third]) expect(comes(b, signed(author, 1, text(1)))).toEqual([]);
  expect(comes(a, signed(first, 2, text(1)))).toContain('received 10:2 from 1');
  wait(broadcastDefaults.rememberMs);
  expect(comes(a, signed(fourth, 1, text(1)))).toContain('received 13:1 from 1');
});

test('nothing is wanted, held or known beyond its bound', () => {
  const authorBounds = { authorsMax: 4, forgottenMax: 2, rememberMs: 0 };
  const bounds = { ...authorBounds, missingMax: 6, missingPerNeighbourMax: 4, topicsMax: 1 };
  const held = { cacheMessagesMax: 3, neighboursMax: 2, authored: { burst: 2, perSecond: 0 } };
  start({ ...bounds, ...held });
  expect(feed({ type: 'follow', topic: new Uint8Array(16) })).toEqual(['refused']);
  const authors = Array.from({ length: 9 }, (_, number) => new Uint8Array(32).fill(number + 10));
  for (const author of authors) comes(a, signed(author, 1, text(1)));
  expect(machine.figures(topic)).toMatchObject({ authors: 4, heldMessages: 3, neighbours: 2 });
  // The two forgotten last are known to have spoken, those before are not known at all.
  expect(comes(a, signed(authors[4]!, 1, text(1)))).toEqual([]);
  expect(comes(a, signed(authors[0]!, 1, text(1)))).toContain('received 10:1 from 1');
  names(a, 'digest', [[eve, 200, 150]]);
  expect(machine.figures(topic)?.missing).toBe(4);
  names(b, 'digest', [[bob, 200, 150]]);
  expect(machine.figures(topic)?.missing).toBe(6);
  // Beyond its allowance an author is not heard, though its signature is true.
  const last = [2, 3, 4].map((sequence) => comes(a, signed(authors[0]!, sequence, text(1))).length);
  expect(last.map((count) => count > 0)).toEqual([true, false, false]);
});

test('seven neighbours that announce what nobody has leave the eighth room for what it has', () => {
  const links = Array.from({ length: 8 }, (_, at) => (at + 1) as LinkId);
  const wanted = (config: Partial<BroadcastConfig>): string[] => {
    start(config, links);
    const announce = (link: LinkId, handle: Uint8Array, sequence: number, run: number): string[] =>
      feed({ type: 'frame', link, frame: { type: 'digest', topic, ids: [{ handle, sequence, run }] } });
    for (const liar of links.slice(0, 7)) {
      for (let row = 1; row <= 8; row++) announce(liar, new Uint8Array(8).fill(liar), 1_000 * row, 255);
    }
    announce(links[7]!, eve.subarray(0, 8), 7, 0);
    nowMs += broadcastDefaults.patienceMs;
    return feed({ type: 'wake' });
  };
  expect(wanted({})).toContain('8 want 3:7');
  expect(wanted({ missingPerNeighbourMax: 1_024 }), 'planted').not.toContain('8 want 3:7');
});

test('an author whose sequences end harms nobody: there is no next one to ask for', () => {
  for (const last of [broadcastSequenceEnd - 2, broadcastSequenceEnd - 1]) {
    start();
    const isTaken = last < broadcastSequenceEnd - 1;
    // Whoever brought it goes.
    expect(comes(a, signed(ada, last, text(1))).length > 0).toBe(isTaken);
    feed({ type: 'neighbour', topic, link: a, on: false });
    // Somebody announced it long before another brought it.
    names(b, 'digest', [[eve, last, 0]]);
    nowMs += 400;
    expect(comes(c, signed(eve, last, text(1))).length > 0).toBe(isTaken);
  }
});

test('what is older than the cache is not answered, and still not received again', () => {
  comes(a, signed(ada, 1, text(1)));
  wait(broadcastDefaults.cacheMs + broadcastDefaults.summaryEveryMs);
  expect(machine.figures(topic)).toMatchObject({ heldMessages: 0, heldBytes: 0 });
  expect(machine.nextWakeMs()).toBeUndefined();
  expect(names(b, 'want', [[ada, 1]])).toEqual([]);
  expect(comes(b, signed(ada, 1, text(1)))).toEqual(['2 prune 1:1']);
  names(b, 'digest', [[ada, 1]]);
  expect(machine.figures(topic)?.missing).toBe(0);
});

test('a link that asks for more than its allowance gets no more', () => {
  start({ answers: { burst: 1_000, perSecond: 0 }, bodies: { burst: 2, perSecond: 0 } });
  comes(a, signed(ada, 1, text(1)));
  expect(names(b, 'want', [[ada, 1]])).toHaveLength(1);
  expect(names(b, 'want', [[ada, 1]])).toHaveLength(1);
  expect(names(b, 'want', [[ada, 1]])).toHaveLength(0);
  comes(a, signed(ada, 2, text(1)));
  expect(comes(a, signed(ada, 3, text(1)))).toEqual([]);
  expect(verified).toBe(2);
});

const anyInput: fc.Arbitrary<() => BroadcastInput> = fc
  .record({
    link: fc.constantFrom(a, b, c, 9 as LinkId),
    author: fc.constantFrom(ada, bob, eve),
    kind: fc.constantFrom('body', 'forged', 'digest', 'want', 'prune', 'dontWant', 'on', 'off', 'wake'),
    sequence: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 2 ** 48 - 1 })),
    run: fc.nat(255),
    passMs: fc.constantFrom(0, 1, 100, 600, 200_000),
  })
  .map(({ link, author, kind, sequence, run, passMs }) => () => {
    nowMs += passMs;
    const frame = signed(author, sequence, text(kind === 'forged' ? 7 : 1));
    if (kind === 'body') return { type: 'frame', link, frame };
    if (kind === 'forged') return { type: 'frame', link, frame: { ...frame, body: text(8) } };
    if (kind === 'on' || kind === 'off') return { type: 'neighbour', topic, link, on: kind === 'on' };
    if (kind === 'wake') return { type: 'wake' };
    const ids = [{ handle: author.subarray(0, 8), sequence, run: Math.min(run, sequence - 1) }];
    return { type: 'frame', link, frame: { type: kind, topic, ids } as BroadcastIdsFrame };
  });

test('whatever comes in whatever order: nothing throws, nothing is received twice, wakes come to an end', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.array(anyInput, { maxLength: 80 }), (inputs) => {
      start({ holesMax: 32, cacheMessagesMax: 8 });
      const received = new Set<string>();
      for (const input of inputs) {
        for (const line of feed(input())) {
          kinds.add(line.replace(/^\d+ /, '').split(' ')[0]!);
          const [what, id] = line.split(' ');
          if (what !== 'received') continue;
          expect(received.has(id!), 'received twice').toBe(false);
          received.add(id!);
        }
        expect(machine.figures(topic)!.heldMessages).toBeLessThanOrEqual(8);
      }
      wait(1_000_000);
      expect(machine.nextWakeMs()).toBeUndefined();
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 500), verbose: true },
  );
  expect([...kinds].toSorted()).toEqual(['broadcast', 'digest', 'misbehaved', 'prune', 'received', 'want']);
});
