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
  textBytesMax,
} from './content.ts';

const id = new Uint8Array(16).fill(1);
const bytes32 = new Uint8Array(32).fill(2);
const card = new Uint8Array(300).fill(3);
const mailbox = new Uint8Array(40).fill(4);

const samples: Content[] = [
  { type: 'message', id, sentWallMs: 1_790_000_000_000, text: 'hello', ttlMs: undefined },
  { type: 'message', id, sentWallMs: 0, text: 'tab\tand\nline', ttlMs: 1 },
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
  { type: 'profile', id, name: 'Alice' },
  { type: 'presence', id, sequence: 1_790_000_000_000, secret: bytes32 },
  { type: 'addresses', id, sequence: 1, addresses: ['/ip4/192.0.2.7/tcp/4001', '/dns4/a.org/tcp/1/ws'] },
];

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
  expect(kinds.size).toBe(10);
});

test('the largest of everything fits, and one more does not', () => {
  const text = 'x'.repeat(textBytesMax);
  const message = (body: string): Content => ({
    type: 'message',
    id,
    sentWallMs: 1,
    text: body,
    ttlMs: undefined,
  });
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
    [
      { type: 'profile', id, name: 'x'.repeat(256) },
      { type: 'profile', id, name: 'x'.repeat(257) },
    ],
    [
      { type: 'profile', id, name: '漢'.repeat(85) },
      { type: 'profile', id, name: '漢'.repeat(86) },
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
    'an unknown type': [11, id],
    'type 0': [0, id],
    'a type as text': ['message', id],
    'no array': 1,
    'an empty array': [],
    'a field too many': [1, id, 1, 'x', null, 1],
    'a field too few': [1, id, 1, 'x'],
    'an id of 15 bytes': [7, id.subarray(0, 15)],
    'an id as text': [7, 'x'.repeat(16)],
    'an empty text': [1, id, 1, '', null],
    'an escape': [1, id, 1, '\u001b[2J', null],
    'a null character': [1, id, 1, 'a\u0000b', null],
    'a C1 control': [1, id, 1, 'a\u009bb', null],
    'a text as bytes': [1, id, 1, utf8('x'), null],
    'a time before the epoch': [1, id, -1, 'x', null],
    'no lifetime': [1, id, 1, 'x', 0],
    'a lifetime in the past': [1, id, 1, 'x', -5],
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
  };
  for (const [what, value] of Object.entries(planted)) {
    expect(decodeContent(encodeCbor(value)), what).toBeUndefined();
  }
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
  expect(kinds.size).toBe(10);
});
