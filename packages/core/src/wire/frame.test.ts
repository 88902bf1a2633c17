/**
 * Goal: the two invariants of frame.ts, and the layouts of docs/protocol/frames.md.
 * Method: vectors made independently; every frame of random fields survives the way there and back; 20,000 (FUZZ_CASES)
 * pieces of random or damaged bytes never throw, and what they decode to encodes to themselves.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzCases } from '../../test/damaged-bytes.ts';
import { bytesEqual, concat, hexDecode, utf8 } from '../base/bytes.ts';
import { decodeFrame, encodeFrame, type Frame, frameClass } from './frame.ts';
import { frameBytesMax, frameTypes, type FrameType } from './frame-type.ts';
import { protocolMajor, protocolMinor } from './hello.ts';
import type { RecordEntry } from './record-entries.ts';

interface Vectors {
  frames: { name: string; bytes: string; frame: Record<string, unknown> }[];
  refused: { name: string; bytes: string }[];
}

const path = new URL('../../../../vectors/frames.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

/** Bytes as hex, all the way down, as vectors write them. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(readable);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, readable(field)]));
}

function ofOurVersion(frame: Frame): boolean {
  if (frame.type !== 'hello') return true;
  return frame.major < protocolMajor || (frame.major === protocolMajor && frame.minor <= protocolMinor);
}

test.each(vectors.frames)('vector: $name', ({ bytes, frame }) => {
  const wire = hexDecode(bytes)!;
  const decoded = decodeFrame(wire);
  expect(readable(decoded)).toEqual(frame);
  if (ofOurVersion(decoded!)) expect(encodeFrame(decoded!)).toEqual(wire);
});

test.each(vectors.refused)('refused: $name', ({ bytes }) => {
  expect(decodeFrame(hexDecode(bytes)!)).toBeUndefined();
});

test('the vectors hold every type of frame, and each number is given once', () => {
  const seen = new Set(vectors.frames.map(({ frame }) => frame['type']));
  expect([...seen].toSorted()).toEqual(Object.keys(frameTypes).toSorted());
  expect(new Set(Object.values(frameTypes)).size).toBe(Object.keys(frameTypes).length);
});

const bytes = (minLength: number, maxLength = minLength): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const byte = fc.nat(255);
const constant = <Type extends FrameType>(type: Type): fc.Arbitrary<Type> => fc.constant<Type>(type);
const gate = fc.oneof(
  fc.record({ kind: fc.constant('token' as const), tokenId: bytes(16), mac: bytes(32) }),
  fc.record({ kind: fc.constant('work' as const), solution: bytes(8) }),
);
const proof = { round: byte, index: fc.nat(1_023), mac: bytes(32) };
const token = fc.nat(2 ** 32 - 1);

const recordEntries = (maxLength: number): fc.Arbitrary<RecordEntry[]> =>
  fc.array(fc.record({ hops: byte, remainingSeconds: fc.nat(65_535), record: bytes(1, 300) }), { maxLength });
const outcome = fc.constantFrom('kept', 'old', 'full', 'far', 'refused');

const broadcastId = fc
  .record({ handle: bytes(8), sequence: fc.integer({ min: 1, max: 2 ** 48 - 1 }), run: byte })
  .map((id) => ({ ...id, run: Math.min(id.run, id.sequence - 1) }));
const namesBroadcasts = fc.constantFrom(
  'digest' as const,
  'want' as const,
  'prune' as const,
  'dontWant' as const,
);

const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc
    .record({
      type: constant('hello'),
      major: byte,
      minor: fc.integer({ min: 1, max: 255 }),
      nonce: bytes(32),
      purpose: fc.constantFrom('neighbour' as const, 'question' as const),
    })
    .filter(({ major }) => major > 0),
  fc.record({
    type: constant('hello'),
    major: fc.nat(1),
    minor: fc.constant(0),
    nonce: bytes(32),
    purpose: fc.constant('neighbour' as const),
  }),
  fc.integer({ min: 6, max: 10 }).chain((exponent) =>
    fc.record({
      type: constant('recognise'),
      round: byte,
      nonce: bytes(32),
      entries: fc.uint8Array({ minLength: 2 ** exponent * 8, maxLength: 2 ** exponent * 8 }),
    }),
  ),
  fc.record({
    type: constant('neighbour'),
    topic: bytes(16),
    wish: fc.constantFrom('join', 'urgent', 'ask', 'yes', 'no', 'leave'),
    records: recordEntries(8),
  }),
  recordEntries(1).chain((records) =>
    fc.record({
      type: constant('walk'),
      topic: bytes(16),
      hopsLeft: byte,
      newcomer: fc.constant(records[0] ?? { hops: 0, remainingSeconds: 1, record: Uint8Array.of(1) }),
    }),
  ),
  fc.record({ type: constant('shuffle'), topic: bytes(16), records: recordEntries(8) }),
  fc.record({ type: constant('shuffled'), topic: bytes(16), records: recordEntries(8) }),
  fc.record({
    type: constant('follow'),
    on: fc.boolean(),
    topics: fc.array(bytes(16), { minLength: 1, maxLength: 64 }),
  }),
  fc.record({ type: constant('confirm'), ...proof }),
  fc.record({ type: constant('confirmed'), ...proof }),
  fc.record({ type: constant('bundleOffer'), identityHead: bytes(32), bundle: bytes(1, 4_096) }),
  fc.record({ type: constant('identityOffer'), identity: bytes(1, 2_000) }),
  fc.constant<Frame>({ type: 'introduction', shown: undefined }),
  fc.record({
    type: constant('introduction'),
    shown: fc.record({
      hue: fc.option(fc.nat(11), { nil: undefined }),
      name: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
        .filter((each) => utf8(each).length <= 256),
      signature: bytes(64),
      card: bytes(1, 700),
    }),
  }),
  fc.record({ type: constant('ping'), token }),
  fc.record({ type: constant('pong'), token }),
  fc.record({ type: constant('goodbye'), reason: byte }),
  fc.record({ type: constant('request'), tag: bytes(16), gate, nonce: bytes(24), sealed: bytes(16, 2_000) }),
  fc.record({ type: constant('handshake'), tag: bytes(16), nonce: bytes(24), sealed: bytes(16, 2_000) }),
  fc.record({ type: constant('envelope'), bytes: bytes(17, 2_000) }),
  fc.record({
    type: constant('broadcast'),
    topic: bytes(16),
    author: bytes(32),
    sequence: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
    signature: bytes(64),
    body: bytes(1, 2_000),
  }),
  fc.record({
    type: namesBroadcasts,
    topic: bytes(16),
    ids: fc.array(broadcastId, { minLength: 1, maxLength: 64 }),
  }),
  fc.record({
    type: constant('find'),
    question: token,
    wanted: fc.integer({ min: 1, max: 20 }),
    key: bytes(32),
    records: recordEntries(1),
  }),
  fc.record({
    type: constant('found'),
    question: token,
    value: fc.option(bytes(1, 1_024), { nil: undefined }),
    records: recordEntries(20),
  }),
  fc.record({ type: constant('keep'), question: token, value: bytes(1, 1_024) }),
  fc.record({ type: constant('kept'), question: token, outcome }),
);

test('every frame survives the way there and back', () => {
  fc.assert(
    fc.property(anyFrame, (frame) => {
      expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
    }),
    { numRuns: 1_000, verbose: true },
  );
});

/** Random bytes behind every type, and true frames with a bit flipped, a piece cut out or put in. */
const hostile = fc.oneof(
  fc.tuple(fc.constantFrom(...Object.values(frameTypes)), bytes(0, 700)).map(([type, rest]) => {
    return concat(Uint8Array.of(type), rest);
  }),
  bytes(0, 100),
  fc.tuple(anyFrame, fc.nat(), byte, fc.nat(3)).map(([frame, at, value, how]) => {
    const wire = encodeFrame(frame);
    const place = at % wire.length;
    if (how === 0) return wire.subarray(0, place);
    if (how === 1) return concat(wire, Uint8Array.of(value));
    if (how === 2) return concat(wire.subarray(0, place), Uint8Array.of(value), wire.subarray(place));
    const bent = wire.slice();
    bent[place] = value;
    return bent;
  }),
);

test('no bytes make the decoder throw, and what decodes has this encoding alone', () => {
  let decodedCount = 0;
  fc.assert(
    fc.property(hostile, (wire) => {
      const frame = decodeFrame(wire);
      if (frame === undefined) return;
      decodedCount++;
      if (ofOurVersion(frame) && !bytesEqual(encodeFrame(frame), wire)) throw new Error('two encodings');
    }),
    { numRuns: fuzzCases, verbose: true },
  );
  expect(decodedCount, 'the cases reach behind the first check').toBeGreaterThan(fuzzCases / 20);
});

test('the largest of each bounded frame decodes, one byte more does not', () => {
  const head = new Uint8Array(32);
  const tag = new Uint8Array(16);
  const nonce = new Uint8Array(24);
  const work = { kind: 'work', solution: new Uint8Array(8) } as const;
  const largest: Frame[] = [
    { type: 'bundleOffer', identityHead: head, bundle: new Uint8Array(4_096) },
    { type: 'identityOffer', identity: new Uint8Array(16_384) },
    {
      type: 'introduction',
      shown: { hue: 0, name: 'A', signature: new Uint8Array(64), card: new Uint8Array(3_072) },
    },
    { type: 'request', tag, gate: work, nonce, sealed: new Uint8Array(49_152) },
    { type: 'handshake', tag, nonce, sealed: new Uint8Array(40_960) },
    { type: 'envelope', bytes: new Uint8Array(40_960) },
    {
      type: 'broadcast',
      topic: tag,
      author: head,
      sequence: 2 ** 48 - 1,
      signature: new Uint8Array(64),
      body: new Uint8Array(60_000),
    },
    {
      type: 'digest',
      topic: tag,
      ids: Array.from({ length: 64 }, () => ({ handle: new Uint8Array(8), sequence: 256, run: 255 })),
    },
    { type: 'keep', question: 0, value: new Uint8Array(1_024) },
  ];
  for (const frame of largest) {
    const wire = encodeFrame(frame);
    expect(decodeFrame(wire)?.type).toBe(frame.type);
    expect(decodeFrame(concat(wire, Uint8Array.of(0))), frame.type).toBeUndefined();
  }
  expect(decodeFrame(new Uint8Array(frameBytesMax + 1).fill(frameTypes.envelope))).toBeUndefined();
});

test('a field of a wrong length is a programmer’s error', () => {
  const short = new Uint8Array(31);
  expect(() =>
    encodeFrame({ type: 'hello', major: 1, minor: 1, nonce: short, purpose: 'neighbour' }),
  ).toThrow('invariant');
  expect(() => encodeFrame({ type: 'confirm', round: 0, index: 1_024, mac: new Uint8Array(32) })).toThrow();
  expect(() =>
    encodeFrame({ type: 'recognise', round: 0, nonce: new Uint8Array(32), entries: short }),
  ).toThrow();
});

test('what sets links up goes before messages', () => {
  for (const type of [
    'hello',
    'introduction',
    'recognise',
    'confirm',
    'confirmed',
    'ping',
    'pong',
    'goodbye',
  ] as const) {
    expect(frameClass(type)).toBe('control');
  }
  for (const type of ['request', 'handshake', 'envelope'] as const) expect(frameClass(type)).toBe('message');
});
