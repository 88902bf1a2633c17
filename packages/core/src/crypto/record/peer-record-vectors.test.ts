/** vectors/peer-record.json, with both backends. */
import { describe, expect, test } from 'vitest';
import { fromHex, readVectors } from '../../../test/vector-file.ts';
import { hex } from '../../base/bytes.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { decodeProof, encodeProof } from './equivocation.ts';
import { peerIdOf, placeOf, publicKeyOf } from './peer-id.ts';
import { decodePeerRecord, makePeerRecord, readPeerRecord } from './peer-record.ts';

const vectors = readVectors<{
  peers: { publicKey: string; peer: string; place: string }[];
  refusedPeers: string[];
  records: {
    name: string;
    seed: string;
    peer: string;
    sequence: number;
    issuedWallMs: number;
    ttlMs: number;
    addresses: string[];
    offers: { relay: boolean; carrier: boolean };
    onion: { key: string; notAfterWallMs: number } | null;
    bytes: string;
  }[];
  refusedRecords: { name: string; bytes: string }[];
  refusedAddresses: string[];
  proofs: { records: [string, string]; proof: string }[];
  refusedProofs: { name: string; bytes: string }[];
}>('peer-record.json');

test('ids of nodes', () => {
  for (const { publicKey, peer } of vectors.peers) {
    expect(peerIdOf(fromHex(publicKey))).toBe(peer);
    expect(hex(publicKeyOf(peer)!)).toBe(publicKey);
  }
  for (const peer of vectors.refusedPeers) expect(publicKeyOf(peer)).toBeUndefined();
});

describe.each([createNativeBackend(), await createPortableBackend()])('$name backend', (backend) => {
  test('places in the key space', () => {
    for (const { publicKey, place } of vectors.peers)
      expect(hex(placeOf(backend, fromHex(publicKey)))).toBe(place);
  });

  test.each(vectors.records)('record: $name', ({ seed, bytes, peer, onion, ...facts }) => {
    const keys = backend.ed25519KeyPair(fromHex(seed));
    const record = makePeerRecord(backend, keys, {
      sequence: facts.sequence,
      issuedWallMs: facts.issuedWallMs,
      ttlMs: facts.ttlMs,
      addresses: facts.addresses,
      offers: facts.offers,
      onion: onion === null ? undefined : { ...onion, key: fromHex(onion.key) },
    });
    expect(hex(record.bytes)).toBe(bytes);
    expect(record.peer).toBe(peer);
    expect(decodePeerRecord(backend, fromHex(bytes))).toEqual(record);
    expect({ ...readPeerRecord(fromHex(bytes)), verified: true }).toEqual(record);
  });

  test.each(vectors.refusedRecords)('refused record: $name', ({ bytes }) => {
    expect(decodePeerRecord(backend, fromHex(bytes))).toBeUndefined();
  });

  test.each(vectors.refusedAddresses)('no record with the address %s', (address) => {
    const keys = backend.ed25519KeyPair(new Uint8Array(32));
    const facts = { sequence: 1, issuedWallMs: 1, ttlMs: 1, offers: { relay: false, carrier: false } };
    expect(() =>
      makePeerRecord(backend, keys, { ...facts, addresses: [address], onion: undefined }),
    ).toThrow();
  });

  test('proofs of equivocation', () => {
    for (const { records, proof } of vectors.proofs) {
      const pair = decodeProof(backend, fromHex(proof));
      expect(pair?.map(({ bytes }) => hex(bytes))).toEqual(records);
      const [one, other] = pair!;
      expect(hex(encodeProof(one, other))).toBe(proof);
      expect(hex(encodeProof(other, one))).toBe(proof);
    }
    for (const { bytes } of vectors.refusedProofs)
      expect(decodeProof(backend, fromHex(bytes))).toBeUndefined();
  });
});
