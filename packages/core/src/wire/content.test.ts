/** Goal: every content has one encoding and comes back as it was; whatever breaks a bound is none; nothing throws. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex, utf8 } from '../base/bytes.ts';
import { type CborValue, encodeCbor } from '../base/cbor.ts';
import { damagedBytes, fuzzCases } from '../../test/damaged-bytes.ts';
import { fromHex, readVectors } from '../../test/vector-file.ts';
import {
  ackIdsMax,
  type Content,
  decodeContent,
  encodeContent,
  greetingBytesMax,
  huesCount,
  reactionsMax,
  readIdsMax,
  textBytesMax,
} from './content.ts';

const id = new Uint8Array(16).fill(1);
const bytes32 = new Uint8Array(32).fill(2);
const card = new Uint8Array(300).fill(3);
const mailbox = new Uint8Array(40).fill(4);

const samples: Content[] = [
  { type: 'message', id, sentWallMs: 1_790_000_000_000, text: 'hello', ttlMs: undefined, replyTo: undefined },
  { type: 'message', id, sentWallMs: 0, text: 'tab\tand\nline', ttlMs: 1, replyTo: id },
  { type: 'ack', ids: [id, bytes32.subarray(0, 16)], tokens: [id] },
  { type: 'accept', id, name: 'alice', card, presence: bytes32, mailboxes: [mailbox], head: bytes32 },
  { type: 'request', id, name: 'bob', greeting: 'may I?', card, mailboxes: [] },
  {
    type: 'request',
    id,
    name: '',
    greeting: '',
    card: new Uint8Array(0),
    mailboxes: [mailbox, mailbox, mailbox],
  },
  { type: 'hello', id, head: bytes32, reset: true },
  { type: 'identity', id, identity: card },
  { type: 'identityAsk', id },
  { type: 'profile', id, name: 'Alice', hue: undefined },
  { type: 'profile', id, name: 'Alice', hue: 11 },
  { type: 'presence', id, sequence: 1_790_000_000_000, secret: bytes32 },
  { type: 'addresses', id, sequence: 1, addresses: ['/ip4/192.0.2.7/tcp/4001', '/dns4/a.org/tcp/1/ws'] },
  { type: 'edit', id, target: id, sequence: 1_790_000_000_000, text: 'hullo' },
  { type: 'delete', id, target: id },
  { type: 'react', id, target: id, sequence: 0, emoji: ['👍', '👩‍👩‍👧'] },
  { type: 'react', id, target: id, sequence: Number.MAX_SAFE_INTEGER, emoji: [] },
  { type: 'read', id, messages: [id, bytes32.subarray(0, 16)] },
  { type: 'typing', on: true },
  { type: 'typing', on: false },
];
const typeCount = 15;

const vectors = readVectors<{ contents: { content: Record<string, unknown>; bytes: string }[] }>(
  'content.json',
);

/** As the vectors write it: byte strings in hex. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  return Array.isArray(value) ? value.map(readable) : value;
}

test.each(vectors.contents)('vectors/content.json: $content.type', ({ content, bytes }) => {
  const decoded = decodeContent(fromHex(bytes))!;
  const fields = Object.entries(decoded).map(([name, field]) => [name, readable(field)]);
  expect(Object.fromEntries(fields)).toEqual(content);
  expect(hex(encodeContent(decoded))).toBe(bytes);
});

test('every content comes back as it was', () => {
  for (const content of samples) expect(decodeContent(encodeContent(content))).toEqual(content);
  const kinds = new Set(samples.map((each) => each.type));
  expect(kinds.size).toBe(typeCount);
});

test('the largest of everything fits, and one more does not', () => {
  const text = 'x'.repeat(textBytesMax);
  const message = (body: string): Content => ({
    type: 'message',
    id,
    sentWallMs: 1,
    text: body,
    ttlMs: undefined,
    replyTo: undefined,
  });
  const edit = (body: string): Content => ({ type: 'edit', id, target: id, sequence: 1, text: body });
  const react = (emoji: string[]): Content => ({ type: 'react', id, target: id, sequence: 1, emoji });
  const smileys = Array.from({ length: reactionsMax + 1 }, (_, n) => String.fromCodePoint(0x1f600 + n));
  const profile = (name: string, hue?: number): Content => ({ type: 'profile', id, name, hue });
  const readIds = Array.from({ length: readIdsMax + 1 }, (_, n) => new Uint8Array(16).fill(n));
  const ids = Array.from({ length: ackIdsMax + 1 }, (_, n) => new Uint8Array(16).fill(n));
  const request = (changes: Partial<Extract<Content, { type: 'request' }>>): Content => ({
    type: 'request',
    id,
    name: 'x',
    greeting: '',
    card,
    mailboxes: [],
    ...changes,
  });
  const addresses = (count: number): Content => ({
    type: 'addresses',
    id,
    sequence: Number.MAX_SAFE_INTEGER,
    addresses: Array.from({ length: count }, (_, n) => `/ip4/192.0.2.${n}/tcp/4001`),
  });
  const pairs: [Content, Content][] = [
    [message(text), message(`${text}x`)],
    [message('é'.repeat(14_000)), message('é'.repeat(14_001))],
    [
      { type: 'ack', ids: ids.slice(1), tokens: [] },
      { type: 'ack', ids, tokens: [] },
    ],
    [
      { type: 'ack', ids: [id], tokens: ids.slice(1) },
      { type: 'ack', ids: [id], tokens: ids },
    ],
    [profile('x'.repeat(256)), profile('x'.repeat(257))],
    [profile('漢'.repeat(85)), profile('漢'.repeat(86))],
    [profile('x', huesCount - 1), profile('x', huesCount)],
    [edit(text), edit(`${text}x`)],
    [react(smileys.slice(1)), react(smileys)],
    [react([`😀${'\u200d😀'.repeat(8)}`]), react([`😀${'\u200d😀'.repeat(9)}`])],
    [
      { type: 'read', id, messages: readIds.slice(1) },
      { type: 'read', id, messages: readIds },
    ],
    [
      request({ greeting: 'x'.repeat(greetingBytesMax) }),
      request({ greeting: 'x'.repeat(greetingBytesMax + 1) }),
    ],
    [request({ card: new Uint8Array(3_072) }), request({ card: new Uint8Array(3_073) })],
    [request({ mailboxes: [card, card, card] }), request({ mailboxes: [card, card, card, card] })],
    [request({ mailboxes: [new Uint8Array(512)] }), request({ mailboxes: [new Uint8Array(513)] })],
    [
      { type: 'identity', id, identity: new Uint8Array(16_384) },
      { type: 'identity', id, identity: new Uint8Array(16_385) },
    ],
    [addresses(4), addresses(5)],
  ];
  for (const [largest, more] of pairs) {
    expect(decodeContent(encodeContent(largest))).toEqual(largest);
    expect(decodeContent(encodeContent(more))).toBeUndefined();
  }
});

test('planted: what an honest node never says is no content', () => {
  const planted: Record<string, CborValue> = {
    'an unknown type': [16, id],
    'type 0': [0, id],
    'a type as text': ['message', id],
    'no array': 1,
    'an empty array': [],
    'a field too many': [1, id, 1, 'x', null, null, 1],
    'a field too few': [1, id, 1, 'x', null],
    'an id of 15 bytes': [7, id.subarray(0, 15)],
    'an id as text': [7, 'x'.repeat(16)],
    'an empty text': [1, id, 1, '', null, null],
    'an escape': [1, id, 1, '\u001b[2J', null, null],
    'a null character': [1, id, 1, 'a\u0000b', null, null],
    'a C1 control': [1, id, 1, 'a\u009bb', null, null],
    'a text as bytes': [1, id, 1, utf8('x'), null, null],
    'a time before the epoch': [1, id, -1, 'x', null, null],
    'no lifetime': [1, id, 1, 'x', 0, null],
    'a lifetime in the past': [1, id, 1, 'x', -5, null],
    'no ids': [2, [], []],
    'the same id twice': [2, [id, id], []],
    'a short id among them': [2, [id, id.subarray(1)], []],
    'an escape in a greeting': [4, id, 'x', '\u001b', card, []],
    'a head of 31 bytes': [5, id, bytes32.subarray(1), true],
    'a number for a flag': [5, id, bytes32, 1],
    'a presence of 33 bytes': [3, id, 'x', card, new Uint8Array(33), [], bytes32],
    'a secret of 31 bytes': [9, id, 1, bytes32.subarray(1)],
    'a sequence below 0': [9, id, -1, bytes32],
    'an address twice': [10, id, 1, ['/ip4/192.0.2.7/tcp/1', '/ip4/192.0.2.7/tcp/1']],
    'an address nobody can dial': [10, id, 1, ['/ip4/0.0.0.0/tcp/1']],
    'an address in another text': [10, id, 1, ['/ip6/2001:DB8::1/tcp/1']],
    'an address with a peer': [10, id, 1, ['/ip4/192.0.2.7/tcp/1/p2p/12D3KooW']],
    'an answer to 15 bytes': [1, id, 1, 'x', null, id.subarray(1)],
    'a hue below 0': [8, id, 'x', -1],
    'a hue as text': [8, id, 'x', '1'],
    'no hue said': [8, id, 'x'],
    'an edit to nothing': [11, id, id, 1, ''],
    'an edit with an escape': [11, id, id, 1, '\u001b'],
    'an edit without a target': [11, id, 1, 'x'],
    'an edit below 0': [11, id, id, -1, 'x'],
    'a deletion with more': [12, id, id, 1],
    'a deletion of 17 bytes': [12, id, new Uint8Array(17)],
    'a reaction in words': [13, id, id, 1, ['ok']],
    'a reaction of two emoji': [13, id, id, 1, ['👍👍']],
    'a reaction with marks that climb': [13, id, id, 1, [`👍${'\u0301'.repeat(5)}`]],
    'a reaction that hides': [13, id, id, 1, ['\u200d']],
    'a reaction that turns the line': [13, id, id, 1, ['\u202e👍']],
    'an empty reaction': [13, id, id, 1, ['']],
    'the same reaction twice': [13, id, id, 1, ['👍', '👍']],
    'a reaction as bytes': [13, id, id, 1, [utf8('👍')]],
    'nothing read': [14, id, []],
    'the same read twice': [14, id, [id, id]],
    'typing with an id': [15, id, true],
    'typing as a number': [15, 1],
  };
  for (const [what, value] of Object.entries(planted)) {
    expect(decodeContent(encodeCbor(value)), what).toBeUndefined();
  }
  const last = hex(encodeCbor([11, id, id, Number.MAX_SAFE_INTEGER, 'x']));
  expect(decodeContent(fromHex(last))).toMatchObject({ sequence: Number.MAX_SAFE_INTEGER });
  const beyond = last.replace('1b001fffffffffffff', '1b0020000000000000');
  expect(decodeContent(fromHex(beyond)), 'a sequence of 2^53').toBeUndefined();
  const valid = encodeContent(samples[0]!);
  expect(decodeContent(Uint8Array.of(...valid, 0)), 'bytes behind it').toBeUndefined();
  expect(decodeContent(valid.subarray(0, -1)), 'cut off').toBeUndefined();
});

test('damaged contents never throw, and whatever decodes has exactly these bytes', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(damagedBytes(samples.map((each) => encodeContent(each))), (bytes) => {
      const content = decodeContent(bytes);
      if (content === undefined) return;
      kinds.add(content.type);
      expect(encodeContent(content)).toEqual(bytes);
    }),
    { numRuns: fuzzCases },
  );
  expect(kinds.size).toBe(typeCount);
});
