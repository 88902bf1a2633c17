import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodePacket,
  encodePacket,
  packetBytesMax,
  recordType,
  type DnsPacket,
  type DnsRecord,
} from './dns.ts';

const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const ttlSeconds = fc.integer({ min: 0, max: 0xffffffff });
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const record: fc.Arbitrary<DnsRecord> = fc.oneof(
  fc.record({ type: fc.constant('a' as const), name, ttlSeconds, address: bytes(4) }),
  fc.record({ type: fc.constant('aaaa' as const), name, ttlSeconds, address: bytes(16) }),
  fc.record({ type: fc.constant('ptr' as const), name, ttlSeconds, target: name }),
  fc.record({ type: fc.constant('srv' as const), name, ttlSeconds, port: fc.nat(65_535), target: name }),
  fc.record({
    type: fc.constant('txt' as const),
    name,
    ttlSeconds,
    texts: fc.array(fc.string({ maxLength: 40 }), { maxLength: 5 }),
  }),
);
const packet: fc.Arbitrary<DnsPacket> = fc.record({
  response: fc.boolean(),
  questions: fc.array(fc.record({ name, type: fc.nat(65_535) }), { maxLength: 3 }),
  records: fc.array(record, { maxLength: 8 }),
});

/** A response with as many records as are claimed, whose bytes follow. */
function response(records: number, ...body: number[]): Uint8Array {
  return Uint8Array.of(0, 0, 0x84, 0, 0, 0, records >>> 8, records & 255, 0, 0, 0, 0, ...body);
}

test('reads what it wrote', () => {
  fc.assert(
    fc.property(packet, (value) => {
      expect(decodePacket(encodePacket(value))).toEqual(value);
    }),
    { numRuns: 1_000 },
  );
});

test('any bytes, and any damage to an honest packet: an answer, never an exception', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 });
  fc.assert(
    fc.property(packet, damage, fc.nat(), fc.uint8Array({ maxLength: 400 }), (value, changes, cut, junk) => {
      const damaged = encodePacket(value);
      for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
      for (const hostile of [damaged, damaged.subarray(0, cut % damaged.length), junk]) {
        const read = decodePacket(hostile);
        expect(read === undefined || read.records.length <= 64).toBe(true);
      }
    }),
    { numRuns: 5_000 },
  );
});

test('a record that ends beyond the packet, or whose name does, spoils the whole', () => {
  expect(decodePacket(response(1, 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0, 0, 1))).toMatchObject({
    records: [{ type: 'a', address: Uint8Array.of(10, 0, 0, 1) }],
  });
  expect(decodePacket(response(1, 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 5, 10, 0, 0, 1))).toBeUndefined();
  expect(decodePacket(response(2, 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0, 0, 1))).toBeUndefined();
  expect(decodePacket(response(1, 5, 97))).toBeUndefined();
});

test('a name read inside a record may not reach beyond that record', () => {
  // PTR with a length of 1 whose name has three bytes.
  expect(decodePacket(response(1, 0, 0, 12, 0, 1, 0, 0, 0, 9, 0, 1, 1, 97, 0))).toBeUndefined();
});

test('pointers only go back, and only a few times', () => {
  const tail = [0, 12, 0, 1, 0, 0, 0, 9, 0, 1, 0];
  expect(decodePacket(response(1, 0xc0, 12, ...tail))).toBeUndefined(); // to itself
  expect(decodePacket(response(1, 0xc0, 40, ...tail))).toBeUndefined(); // forward
  const behind = [0, 12, 0, 1, 0, 0, 0, 9, 0, 3, 1, 97, 0];
  expect(decodePacket(response(1, 0, ...behind))?.records).toHaveLength(1);
  expect(decodePacket(response(1, ...pointer(24), ...behind))).toBeUndefined(); // forward, to a good name
  // A TXT full of pointers, each to the one before, and then names that follow the whole chain.
  const chain: number[] = [0];
  for (let at = 0; at < 1_000; at++) chain.push(...pointer(12 + 11 + (at === 0 ? 0 : 2 * at - 1)));
  const first = [0, 0, 99, 0, 1, 0, 0, 0, 9, chain.length >>> 8, chain.length & 255, ...chain];
  const last = 12 + 11 + chain.length - 2;
  const name = [...pointer(last), 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4];
  expect(decodePacket(response(2, ...first, ...name))).toBeUndefined();
  const short = [...pointer(12 + 11 + 3), 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4];
  expect(decodePacket(response(2, ...first, ...short))?.records).toHaveLength(1);
});

function pointer(to: number): [number, number] {
  return [0xc0 | (to >>> 8), to & 255];
}

test('too much is refused before it is read', () => {
  expect(decodePacket(new Uint8Array(11))).toBeUndefined();
  expect(decodePacket(new Uint8Array(packetBytesMax + 1))).toBeUndefined();
  expect(decodePacket(response(65))).toBeUndefined();
  expect(decodePacket(Uint8Array.of(0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0))).toBeUndefined();
  expect(decodePacket(Uint8Array.of(0, 0, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0))).toBeUndefined(); // an opcode
  expect(decodePacket(Uint8Array.of(0, 0, 0x84, 3, 0, 0, 0, 0, 0, 0, 0, 0))).toBeUndefined(); // an error
});

test('other types and classes are passed over', () => {
  const chaos = [0, 0, 1, 0, 3, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4];
  const host = [0, 0, 13, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4];
  expect(decodePacket(response(2, ...chaos, ...host))).toEqual({
    response: true,
    questions: [],
    records: [],
  });
});

test('known bytes of a question', () => {
  const question = {
    response: false,
    questions: [{ name: '_kith._tcp.local', type: recordType.ptr }],
    records: [],
  };
  const text = '\x05_kith\x04_tcp\x05local\x00';
  expect(encodePacket(question)).toEqual(
    Uint8Array.from([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...Buffer.from(text, 'latin1'), 0, 12, 0, 1]),
  );
});
