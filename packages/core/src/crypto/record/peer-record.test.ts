import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damagedBytes, fuzzCases } from '../../../test/damaged-bytes.ts';
import { bytesEqual, hex } from '../../base/bytes.ts';
import { decodeCbor, encodeCbor } from '../../base/cbor.ts';
import { canonicalAddress } from '../../base/place.ts';
import type { CryptoBackend } from '../backend.ts';
import { labels } from '../labels.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { sign } from '../sign.ts';
import { decodeProof, encodeProof, proofBytesMax } from './equivocation.ts';
import { peerIdOf } from './peer-id.ts';
import {
  decodePeerRecord,
  isEquivocation,
  makePeerRecord,
  type PeerRecord,
  type PeerRecordFacts,
  peerRecordBytesMax,
  readPeerRecord,
  recordAddressesMax,
  recordTtlMsMax,
} from './peer-record.ts';

const backend = createNativeBackend();
const keys = backend.ed25519KeyPair(new Uint8Array(32).fill(1));
const others = backend.ed25519KeyPair(new Uint8Array(32).fill(2));
const plain: PeerRecordFacts = {
  sequence: 1_790_000_000_000,
  issuedWallMs: 1_790_000_000_000,
  ttlMs: recordTtlMsMax,
  addresses: ['/ip4/192.0.2.7/tcp/4001'],
  offers: { relay: false, carrier: false },
  onion: undefined,
};

function recordOf(change: Partial<PeerRecordFacts> = {}, by = keys): PeerRecord {
  return makePeerRecord(backend, by, { ...plain, ...change });
}

const full = recordOf({
  addresses: ['/dns4/example.org/tcp/443/ws', '/ip6/2001:db8::7/tcp/4002', '/ip4/10.0.0.1/tcp/1'],
  offers: { relay: true, carrier: true },
  onion: { key: new Uint8Array(32).fill(5), notAfterWallMs: 1_790_000_100_000 },
});

test('any facts within the bounds come back', () => {
  const address = fc
    .tuple(fc.ipV4(), fc.integer({ min: 1, max: 65_535 }), fc.constantFrom('', '/ws'))
    .map(([host, port, rest]) => `/ip4/${host}/tcp/${port}${rest}`)
    .filter((each) => canonicalAddress(each) === each);
  const facts: fc.Arbitrary<PeerRecordFacts> = fc.record({
    sequence: fc.maxSafeNat().map((each) => Math.max(1, each)),
    issuedWallMs: fc.maxSafeNat(),
    ttlMs: fc.integer({ min: 1, max: recordTtlMsMax }),
    addresses: fc.uniqueArray(address, { minLength: 1, maxLength: recordAddressesMax }),
    offers: fc.record({ relay: fc.boolean(), carrier: fc.boolean() }),
    onion: fc.option(
      fc.record({
        key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
        notAfterWallMs: fc.maxSafeNat(),
      }),
      { nil: undefined },
    ),
  });
  fc.assert(
    fc.property(facts, (each) => {
      const record = recordOf(each);
      expect(decodePeerRecord(backend, record.bytes)).toEqual(record);
      expect(record).toMatchObject(each);
    }),
    { numRuns: 300 },
  );
});

test('the longest record fits', () => {
  const name = `${'a'.repeat(63)}.${'b'.repeat(34)}`;
  const addresses = [1, 2, 3, 4].map((digit) => `/dns4/${name}${digit}/tcp/6553${digit}/ws`);
  const { onion } = full;
  const record = recordOf({ sequence: Number.MAX_SAFE_INTEGER, issuedWallMs: 2 ** 52, addresses, onion });
  expect(record.bytes.length).toBeLessThanOrEqual(peerRecordBytesMax);
  expect(decodePeerRecord(backend, record.bytes)).toEqual(record);
});

test('every byte of a record is signed for', () => {
  for (let at = 0; at < full.bytes.length; at++) {
    for (const bit of [1, 128]) {
      const damaged = Uint8Array.from(full.bytes);
      damaged[at]! ^= bit;
      expect(decodePeerRecord(backend, damaged)).toBeUndefined();
    }
  }
});

test('fuzz: only what the node signed is taken, and nothing throws', () => {
  const samples = [recordOf(), full, recordOf({}, others)].map(({ bytes }) => bytes);
  const proof = encodeProof(recordOf(), full);
  const property = fc.property(damagedBytes([...samples, proof]), (bytes) => {
    const claim = readPeerRecord(bytes);
    if (claim !== undefined) {
      expect(claim.addresses.every((each) => canonicalAddress(each) === each)).toBe(true);
      expect(claim.peer).toBe(peerIdOf(claim.publicKey));
    }
    const known = samples.some((each) => bytesEqual(each, bytes));
    expect(decodePeerRecord(backend, bytes) !== undefined).toBe(known);
    expect(decodeProof(backend, bytes) !== undefined).toBe(bytesEqual(bytes, proof));
  });
  fc.assert(property, { numRuns: fuzzCases });
});

test('form and bounds are judged before any signature', () => {
  let verified = 0;
  const counting: CryptoBackend = {
    ...backend,
    ed25519Verify(...input) {
      verified += 1;
      return backend.ed25519Verify(...input);
    },
  };
  expect(decodePeerRecord(counting, full.bytes)).toEqual(full);
  expect(verified).toBe(1);
  const [body] = decodeCbor(full.bytes) as [Uint8Array, Uint8Array];
  const fields = decodeCbor(body) as unknown[];
  for (const [index, value] of [0, 1, 2, 3, 4, 5, 6, 7].entries()) {
    const broken = encodeCbor(fields.with(index, 'x') as string[]);
    const bytes = encodeCbor([broken, sign(backend, labels.peerRecord, broken, keys.secretKey)]);
    expect([value, decodePeerRecord(counting, bytes)]).toEqual([value, undefined]);
  }
  expect(decodePeerRecord(counting, new Uint8Array(peerRecordBytesMax + 1))).toBeUndefined();
  expect(verified).toBe(1);
});

describe('equivocation', () => {
  test('is two bodies under one key and number, and nothing else', () => {
    const one = recordOf();
    const other = recordOf({ ttlMs: 60_000 });
    expect(isEquivocation(one, other)).toBe(true);
    expect(isEquivocation(one, recordOf())).toBe(false);
    expect(isEquivocation(one, recordOf({ sequence: plain.sequence + 1, ttlMs: 60_000 }))).toBe(false);
    expect(isEquivocation(one, recordOf({ ttlMs: 60_000 }, others))).toBe(false);
  });

  test('is not a second signature under the same body: whoever made it, nothing else was said', () => {
    const one = recordOf();
    const [body, signature] = decodeCbor(one.bytes) as [Uint8Array, Uint8Array];
    const resigned = readPeerRecord(encodeCbor([body, Uint8Array.from(signature).reverse()]))!;
    expect(hex(resigned.bytes)).not.toBe(hex(one.bytes));
    expect(isEquivocation(one, resigned)).toBe(false);
    expect(() => encodeProof(one, recordOf())).toThrow();
  });

  test('the longest proof fits', () => {
    expect(proofBytesMax).toBeGreaterThanOrEqual(2 * peerRecordBytesMax + 7);
  });
});
