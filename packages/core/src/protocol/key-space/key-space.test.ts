/**
 * Goal: the invariants of key-space.ts. Method: one machine, told by hand what happens on its links; then random inputs
 * of strangers. Whole worlds of them: packages/sim/src/scenarios/key-space.test.ts.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LinkId, PeerId } from '../../base/ids.ts';
import { seededRandom } from '../../base/random.ts';
import type { FoundFrame } from '../../wire/find.ts';
import { decodeFrame, type Frame } from '../../wire/frame.ts';
import type { RecordEntry } from '../../wire/record-entries.ts';
import { type KeySpaceInput, type KeySpaceOutput, keySpaceDefaults } from './contract.ts';
import { KeySpace } from './key-space.ts';

const placeOf = (first: number, second = 0): Uint8Array => {
  const place = new Uint8Array(32);
  place.set([first, second]);
  return place;
};
const peerAt = (first: number): PeerId => `n${first}` as PeerId;
const link = (number: number): LinkId => number as LinkId;
const self = placeOf(0, 1);
const hourMs = 3_600_000;

/** A value: its place's first byte, its sequence; 0 in front says it is genuine. */
const valueOf = (first: number, sequence: number): Uint8Array => Uint8Array.of(0, first, sequence);

class Bench {
  nowMs = 0;
  links = new Map<PeerId, LinkId>();
  machine: KeySpace = new KeySpace(self, keySpaceDefaults, seededRandom(1), {
    place: (peer) => placeOf(Number(peer.slice(1))),
    candidate: (peer) => ({ subnet: `subnet of ${peer}` }),
    offer: (peers) => peers.map(() => ({ hops: 0, remainingSeconds: 9, record: Uint8Array.of(1) })),
    own: () => ({ hops: 0, remainingSeconds: 9, record: Uint8Array.of(7) }),
    linkTo: (peer) => this.links.get(peer),
    verify: ([seal, first, sequence, ...rest]) => {
      if (seal !== 0 || rest.length > 0) return undefined;
      return { place: placeOf(first!), sequence: sequence!, ttlMs: hourMs };
    },
  });

  do(input: KeySpaceInput): KeySpaceOutput[] {
    return this.machine.handle(input, this.nowMs);
  }

  know(count: number): void {
    for (let first = 1; first <= count; first++) this.do({ type: 'known', peer: peerAt(first) });
  }

  open(first: number): KeySpaceOutput[] {
    this.links.set(peerAt(first), link(first));
    return this.do({ type: 'linkOpen', link: link(first), peer: peerAt(first), subnet: `subnet ${first}` });
  }

  answer(first: number, frame: Frame | undefined, value?: Uint8Array): KeySpaceOutput[] {
    if (frame?.type !== 'find') throw new Error('no question');
    const found: FoundFrame = { type: 'found', question: frame.question, value, records: [] };
    return this.do({ type: 'frame', link: link(first), frame: found, learned: [] });
  }
}

function sent(outputs: KeySpaceOutput[]): Frame[] {
  return outputs.flatMap((output) => (output.type === 'send' ? [decodeFrame(output.frame)!] : []));
}

const find = (key: Uint8Array): Frame & { type: 'find' } => ({
  type: 'find',
  question: 3,
  wanted: 20,
  key,
  records: [],
});

test('a lookup connects, asks, lets the link go, and gives the newest value once', () => {
  const bench = new Bench();
  bench.know(2);
  const asked = bench.do({ type: 'lookup', lookup: 9, key: placeOf(50) });
  expect(asked.map(({ type }) => type)).toEqual(['connect', 'connect']);
  const [first] = sent(bench.open(1));
  const [second] = sent(bench.open(2));
  expect(first).toMatchObject({ type: 'find', records: [] });
  expect(bench.answer(1, first, valueOf(50, 4))).toEqual([{ type: 'release', link: 1 }]);
  const ended = bench.answer(2, second, valueOf(50, 3));
  expect(ended.map(({ type }) => type)).toEqual(['finished', 'release']);
  expect(ended[0]).toMatchObject({ lookup: 9, value: valueOf(50, 4), hops: 1, questions: 2, refused: false });
  expect(bench.answer(2, second, valueOf(50, 9)), 'a second answer').toEqual([]);
});

test.each([
  ['forged', Uint8Array.of(1, 50, 9)],
  ['of another place', valueOf(51, 9)],
])('a value that is %s is not taken, nor what else the liar says', (_, value) => {
  const bench = new Bench();
  bench.know(1);
  bench.do({ type: 'lookup', lookup: 9, key: placeOf(50) });
  const [question] = sent(bench.open(1));
  expect(bench.answer(1, question, value)[0]).toMatchObject({
    type: 'finished',
    value: undefined,
    holders: [],
  });
  expect(bench.machine.figures().entries).toBe(0);
});

test('an answer over another link than the question’s is nothing', () => {
  const bench = new Bench();
  bench.know(1);
  bench.do({ type: 'lookup', lookup: 9, key: placeOf(50) });
  const [question] = sent(bench.open(1));
  bench.open(7);
  expect(bench.answer(7, question, valueOf(50, 9))).toEqual([]);
  expect(bench.machine.figures().questions).toBe(1);
});

test('silence, a link that closes and a dial in vain end a question', () => {
  const bench = new Bench();
  bench.know(3);
  bench.do({ type: 'lookup', lookup: 9, key: placeOf(50) });
  bench.open(1);
  bench.open(2);
  expect(bench.do({ type: 'linkClosed', link: link(1) })).toEqual([]);
  expect(bench.do({ type: 'unreachable', peer: peerAt(3) })).toEqual([]);
  bench.nowMs = bench.machine.nextWakeMs()!;
  const upkeepOrEnd: KeySpaceOutput[] = [];
  while (bench.nowMs < 60_000 && !upkeepOrEnd.some(({ type }) => type === 'finished')) {
    upkeepOrEnd.push(...bench.do({ type: 'wake' }));
    bench.nowMs = bench.machine.nextWakeMs()!;
  }
  expect(upkeepOrEnd.find(({ type }) => type === 'finished')).toMatchObject({
    value: undefined,
    questions: 3,
  });
  expect(bench.nowMs).toBeLessThan(60_000);
});

test('a keep goes to the nearest that answered, and counts those that say they keep it', () => {
  const bench = new Bench();
  bench.know(3);
  for (let first = 1; first <= 3; first++) bench.open(first);
  const value = valueOf(50, 1);
  const finds = sent(bench.do({ type: 'keep', lookup: 4, key: placeOf(50), value }));
  expect(finds.map(({ type }) => type)).toEqual(['find', 'find', 'find']);
  // Nearest first: 1 ^ 50 is farther than 2 ^ 50.
  const peers = [2, 3, 1].toSorted((a, b) => (a ^ 50) - (b ^ 50));
  bench.answer(peers[0]!, finds[0]);
  bench.answer(peers[1]!, finds[1]);
  const keeps = sent(bench.do({ type: 'linkClosed', link: link(peers[2]!) }));
  expect(keeps).toMatchObject([
    { type: 'keep', value },
    { type: 'keep', value },
  ]);
  const outputs = keeps.flatMap((keep, at) => {
    if (keep.type !== 'keep') return [];
    const outcome = at === 0 ? 'kept' : 'full';
    const frame = { type: 'kept', question: keep.question, outcome } as const;
    return bench.do({ type: 'frame', link: link(peers[at]!), frame, learned: [] });
  });
  expect(outputs.find(({ type }) => type === 'kept')).toMatchObject({ lookup: 4, copies: 1, questions: 5 });
});

test('what is kept is given to whoever asks, until it ends; nothing is dialled for them', () => {
  const bench = new Bench();
  bench.open(1);
  const keep = { type: 'keep', question: 8, value: valueOf(50, 2) } as const;
  const frame = (what: Frame): KeySpaceOutput[] => {
    if (what.type !== 'find' && what.type !== 'keep') throw new Error('not for this machine');
    return bench.do({ type: 'frame', link: link(1), frame: what, learned: [] });
  };
  expect(sent(frame(keep))).toEqual([{ type: 'kept', question: 8, outcome: 'kept' }]);
  expect(sent(frame({ ...keep, value: valueOf(50, 1) }))).toMatchObject([{ outcome: 'old' }]);
  expect(sent(frame({ ...keep, value: Uint8Array.of(1, 50, 9) }))).toMatchObject([{ outcome: 'refused' }]);
  expect(sent(frame(find(placeOf(50))))).toEqual([
    { type: 'found', question: 3, value: valueOf(50, 2), records: [] },
  ]);
  bench.nowMs = hourMs;
  expect(sent(frame(find(placeOf(50))))).toMatchObject([{ value: undefined }]);
});

test('a value that others are nearer to is not kept', () => {
  const bench = new Bench();
  for (let first = 128; first < 150; first++) bench.do({ type: 'known', peer: peerAt(first) });
  bench.open(1);
  const keep = { type: 'keep', question: 8, value: valueOf(140, 2) } as const;
  expect(sent(bench.do({ type: 'frame', link: link(1), frame: keep, learned: [] }))).toMatchObject([
    { outcome: 'far' },
  ]);
});

test('beyond the allowance of its link a stranger gets no answer, and later one again', () => {
  const bench = new Bench();
  bench.open(1);
  const ask = (): number =>
    sent(bench.do({ type: 'frame', link: link(1), frame: find(placeOf(50)), learned: [] })).length;
  let answers = 0;
  for (let count = 0; count < 100; count++) answers += ask();
  expect(answers).toBe(keySpaceDefaults.allowanceMax);
  bench.nowMs += keySpaceDefaults.allowanceMs;
  expect([ask(), ask()]).toEqual([1, 0]);
});

test('whoever looks for its own place becomes known to those it asks; whom else it names does not', () => {
  const bench = new Bench();
  bench.open(1);
  bench.do({ type: 'frame', link: link(1), frame: find(placeOf(1)), learned: [peerAt(2), peerAt(1)] });
  expect(bench.machine.figures().entries).toBe(1);
});

test('upkeep looks for our own place and shows our record, rarely once the table stands', () => {
  const bench = new Bench();
  bench.know(1);
  bench.open(1);
  const keys: Frame[] = [];
  let wakes = 0;
  while (bench.nowMs < 10 * hourMs) {
    bench.nowMs = Math.max(bench.nowMs + 1, bench.machine.nextWakeMs()!);
    wakes++;
    const outputs = bench.do({ type: 'wake' });
    for (const frame of sent(outputs)) {
      keys.push(frame);
      bench.answer(1, frame);
    }
  }
  expect(keys[0]).toMatchObject({ type: 'find', key: self, records: [{ record: Uint8Array.of(7) }] });
  expect(keys[1]).toMatchObject({ records: [] });
  expect(keys.length).toBeGreaterThan(10);
  expect(keys.length).toBeLessThan(40);
  expect(wakes).toBeLessThan(200);
});

test('more searches than may wait are refused, and each that was taken ends', () => {
  const bench = new Bench();
  bench.know(1);
  const { searchesMax, waitingMax } = keySpaceDefaults;
  const ends: KeySpaceOutput[] = [];
  for (let lookup = 0; lookup < searchesMax + waitingMax + 5; lookup++) {
    ends.push(...bench.do({ type: 'lookup', lookup, key: placeOf(lookup & 255, 9) }));
  }
  expect(ends.filter((end) => end.type === 'finished' && end.refused).length).toBe(5);
  for (let count = 0; count < 400; count++) ends.push(...bench.do({ type: 'unreachable', peer: peerAt(1) }));
  const finished = ends.flatMap((end) => (end.type === 'finished' ? [end.lookup] : []));
  expect(finished.length).toBe(searchesMax + waitingMax + 5);
  expect(new Set(finished).size).toBe(finished.length);
});

test('whatever strangers send: no throw, no dial, one frame back at most', () => {
  const number = fc.nat(20);
  const value = fc.uint8Array({ minLength: 1, maxLength: 4 });
  const peers = fc.array(number.map(peerAt), { maxLength: 25 });
  const frame = fc.oneof(
    fc.record({
      type: fc.constant('find' as const),
      question: number,
      wanted: fc.integer({ min: 1, max: 20 }),
      key: number.map((first) => placeOf(first)),
      records: fc.constant<RecordEntry[]>([]),
    }),
    fc.record({
      type: fc.constant('found' as const),
      question: number,
      value: fc.option(value, { nil: undefined }),
      records: fc.constant<RecordEntry[]>([]),
    }),
    fc.record({ type: fc.constant('keep' as const), question: number, value }),
    fc.record({
      type: fc.constant('kept' as const),
      question: number,
      outcome: fc.constantFrom('kept' as const, 'far' as const),
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(number, frame, peers), { maxLength: 100 }), (steps) => {
      const bench = new Bench();
      bench.know(10);
      for (let first = 1; first <= 10; first++) bench.open(first);
      for (const [from, each, learned] of steps) {
        const outputs = bench.do({ type: 'frame', link: link(from), frame: each, learned });
        expect(outputs.length).toBeLessThanOrEqual(1);
        expect(outputs.every(({ type }) => type === 'send')).toBe(true);
        bench.nowMs += 100;
      }
      expect(bench.machine.figures()).toMatchObject({ searches: 0, questions: 0 });
    }),
    { numRuns: 200, verbose: true },
  );
});
