/** vectors/rendezvous.json, with both backends. */
import { describe, expect, test } from 'vitest';
import { fromHex, readVectors } from '../../../test/vector-file.ts';
import { hex } from '../../base/bytes.ts';
import type { DeviceId, PeerId } from '../../base/ids.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { decodePresence, makePresence } from './presence.ts';
import { decodeRendezvous, makeRendezvous, openRendezvous, rendezvousKeys } from './rendezvous.ts';

interface KeysVector {
  secret: string;
  slot: string;
  week: number;
  publicKey: string;
  sealing: string;
  nonceKey: string;
  place: string;
}
const vectors = readVectors<{
  keys: KeysVector[];
  values: { name: string; fresh: string; sequence: number; ttlMs: number; content: string; bytes: string }[];
  refusedValues: { name: string; bytes: string }[];
  unopened: { name: string; bytes: string }[];
  device: { id: DeviceId; seed: string; signingKey: string };
  presences: { name: string; peer: PeerId | null; addresses: string[]; sequence: number; bytes: string }[];
  refusedPresences: { name: string; bytes: string }[];
}>('rendezvous.json');

describe.each([createNativeBackend(), await createPortableBackend()])('$name backend', (backend) => {
  const [first] = vectors.keys.map((each) => rendezvousKeys(backend, fromHex(each.secret), each));
  const keys = first!;
  const device = { device: vectors.device.id, signingKey: fromHex(vectors.device.signingKey) };
  const signing = backend.ed25519KeyPair(fromHex(vectors.device.seed));

  test.each(vectors.keys)('keys of slot "$slot" in week $week', (vector) => {
    const derived = rendezvousKeys(backend, fromHex(vector.secret), vector);
    expect(hex(derived.signing.publicKey)).toBe(vector.publicKey);
    expect(hex(derived.sealing)).toBe(vector.sealing);
    expect(hex(derived.nonceKey)).toBe(vector.nonceKey);
    expect(hex(derived.place)).toBe(vector.place);
  });

  test.each(vectors.values)('value: $name', ({ fresh, sequence, ttlMs, content, bytes }) => {
    const crypto = { backend, keys: { bytes: () => fromHex(fresh) } };
    const made = makeRendezvous(crypto, keys, { sequence, ttlMs, content: fromHex(content) });
    expect(hex(made)).toBe(bytes);
    const seen = decodeRendezvous(backend, made);
    expect(seen).toMatchObject({ place: keys.place, publicKey: keys.signing.publicKey, sequence, ttlMs });
    expect(openRendezvous(backend, keys, made)).toEqual({ content: fromHex(content), sequence, ttlMs });
  });

  test.each(vectors.refusedValues)('refused value: $name', ({ bytes }) => {
    expect(decodeRendezvous(backend, fromHex(bytes))).toBeUndefined();
    expect(openRendezvous(backend, keys, fromHex(bytes))).toBeUndefined();
  });

  test.each(vectors.unopened)('unopened value: $name', ({ bytes }) => {
    expect(decodeRendezvous(backend, fromHex(bytes))).toBeDefined();
    expect(openRendezvous(backend, keys, fromHex(bytes))).toBeUndefined();
  });

  test.each(vectors.presences)('presence: $name', ({ peer, addresses, sequence, bytes }) => {
    const facts = { peer: peer ?? undefined, addresses, sequence };
    const made = makePresence(backend, { ...device, signing }, { ...facts, place: keys.place });
    expect(hex(made)).toBe(bytes);
    const expected = { ...device, place: keys.place };
    expect(decodePresence(backend, made, expected)).toEqual({ device: device.device, ...facts });
  });

  test.each(vectors.refusedPresences)('refused presence: $name', ({ bytes }) => {
    expect(decodePresence(backend, fromHex(bytes), { ...device, place: keys.place })).toBeUndefined();
  });
});
