import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damagedBytes, fuzzCases } from '../../../test/damaged-bytes.ts';
import { backend, cryptoOf, personOf } from '../../../test/person-pieces.ts';
import { bytesEqual, hex } from '../../base/bytes.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { peerIdOf } from '../record/peer-id.ts';
import { decodePresence, makePresence, presenceSlot } from './presence.ts';
import {
  decodeRendezvous,
  makeRendezvous,
  openRendezvous,
  rendezvousBytesMax,
  rendezvousContentBytesMax,
  type RendezvousKeys,
  rendezvousKeys,
  rendezvousTtlMsMax,
  wipeRendezvousKeys,
} from './rendezvous.ts';

const { device } = personOf(1);
const { device: other } = personOf(2);
const secret = new Uint8Array(32).fill(1);
const week = 2_959;
const now = 1_790_000_000_000;

function keysOf(change: { secret?: Uint8Array; slot?: string; week?: number } = {}): RendezvousKeys {
  const slot = change.slot ?? presenceSlot(device.device);
  return rendezvousKeys(backend, change.secret ?? secret, { slot, week: change.week ?? week });
}

function valueOf(content: Uint8Array, seed = 1, keys = keysOf()): Uint8Array {
  return makeRendezvous(cryptoOf(seed), keys, { sequence: now, ttlMs: 3_600_000, content });
}

describe('a value', () => {
  test('shows neither whose it is nor how much it says', () => {
    const short = valueOf(new Uint8Array(0));
    const long = valueOf(new Uint8Array(rendezvousContentBytesMax).fill(7), 2);
    expect(short.length).toBe(long.length);
    expect(long.length).toBeLessThanOrEqual(rendezvousBytesMax);
    for (const hidden of [secret, device.signing.publicKey]) {
      expect(hex(long)).not.toContain(hex(hidden));
    }
  });

  test('has another key and place in each week, slot and secret', () => {
    const all = [
      keysOf(),
      keysOf({ week: week + 1 }),
      keysOf({ week: week - 1 }),
      keysOf({ slot: presenceSlot(other.device) }),
      keysOf({ slot: 'intake' }),
      keysOf({ secret: new Uint8Array(32).fill(2) }),
    ].flatMap((keys) => [keys.place, keys.signing.publicKey, keys.sealing, keys.nonceKey].map(hex));
    expect(new Set(all).size).toBe(all.length);
  });

  test('never repeats a nonce with another content, even where the fresh bytes repeat', () => {
    const nonceOf = (bytes: Uint8Array): string =>
      hex(decodeRendezvous(backend, bytes)!.sealed.subarray(0, 24));
    const one = nonceOf(valueOf(Uint8Array.of(1), 5));
    expect(nonceOf(valueOf(Uint8Array.of(2), 5))).not.toBe(one);
    expect(nonceOf(valueOf(Uint8Array.of(1), 6))).not.toBe(one);
    expect(nonceOf(valueOf(Uint8Array.of(1), 5))).toBe(one);
  });

  test('brings any content back, and is opened by nobody with other keys', () => {
    const content = fc.uint8Array({ maxLength: rendezvousContentBytesMax });
    fc.assert(
      fc.property(content, fc.nat(), (bytes, seed) => {
        const value = valueOf(bytes, seed);
        expect(openRendezvous(backend, keysOf(), value)?.content).toEqual(bytes);
        expect(openRendezvous(backend, keysOf({ week: week + 1 }), value)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test('out of bounds is an error of ours', () => {
    const keys = keysOf();
    const content = new Uint8Array(1);
    const make = (change: object): void => {
      makeRendezvous(cryptoOf(1), keys, { sequence: 1, ttlMs: 1, content, ...change });
    };
    expect(() => make({ content: new Uint8Array(rendezvousContentBytesMax + 1) })).toThrow();
    expect(() => make({ ttlMs: rendezvousTtlMsMax + 1 })).toThrow();
    expect(() => make({ sequence: 0 })).toThrow();
    expect(() => keysOf({ slot: 'x'.repeat(129) })).toThrow();
    expect(() => keysOf({ week: -1 })).toThrow();
  });

  test('its keys are wiped when they are given back', () => {
    const keys = keysOf();
    wipeRendezvousKeys(backend, keys);
    for (const each of [keys.signing.secretKey, keys.sealing, keys.nonceKey])
      expect(each.every((byte) => byte === 0)).toBe(true);
  });

  test('its keys leave nothing behind: no seed, and no place in locked memory', () => {
    const seeds: Uint8Array[] = [];
    const watched = createNativeBackend();
    const watching: typeof watched = {
      ...watched,
      ed25519KeyPair(seed) {
        seeds.push(seed);
        return watched.ed25519KeyPair(seed);
      },
    };
    const overflow = (): number => watched.secrets.status().overflowBytes;
    const before = overflow();
    for (let time = 0; time < 10_000; time++) {
      const keys = rendezvousKeys(watching, secret, { slot: presenceSlot(device.device), week });
      wipeRendezvousKeys(watching, keys);
    }
    expect(overflow()).toBe(before);
    expect(seeds.every((seed) => seed.every((byte) => byte === 0))).toBe(true);
  });
});

describe('a presence', () => {
  const place = keysOf().place;
  const facts = {
    peer: peerIdOf(new Uint8Array(32).fill(9)),
    addresses: ['/ip4/192.0.2.7/tcp/4001', '/ip6/2001:db8::7/tcp/4002/ws'],
    sequence: now,
  };
  const expected = { device: device.device, signingKey: device.signing.publicKey, place };
  const presence = makePresence(backend, device, { ...facts, place });

  test('the longest fits a value', () => {
    const name = `${'a'.repeat(63)}.${'b'.repeat(34)}`;
    const addresses = [1, 2, 3, 4].map((digit) => `/dns4/${name}${digit}/tcp/6553${digit}/ws`);
    const sequence = Number.MAX_SAFE_INTEGER;
    const bytes = makePresence(backend, device, { ...facts, addresses, sequence, place });
    const opened = openRendezvous(backend, keysOf(), valueOf(bytes));
    expect(decodePresence(backend, opened!.content, expected)).toMatchObject({ addresses, sequence });
  });

  test('a holder of the secret can neither invent one nor move one to another week, secret or device', () => {
    expect(decodePresence(backend, presence, expected)).toBeDefined();
    const forged = makePresence(
      backend,
      { device: device.device, signing: other.signing },
      { ...facts, place },
    );
    expect(decodePresence(backend, forged, expected)).toBeUndefined();
    const elsewhere = [{ week: week + 1 }, { secret: new Uint8Array(32) }, { slot: 'intake' }];
    for (const change of elsewhere) {
      const moved = { ...expected, place: keysOf(change).place };
      expect(decodePresence(backend, presence, moved)).toBeUndefined();
    }
    const theirs = { ...expected, device: other.device, signingKey: other.signing.publicKey };
    expect(decodePresence(backend, presence, theirs)).toBeUndefined();
  });

  test('fuzz: only what was made is taken, and nothing throws', () => {
    const value = valueOf(presence);
    const keys = keysOf();
    const property = fc.property(damagedBytes([presence, value]), (bytes) => {
      const isValue = bytesEqual(bytes, value);
      expect(decodeRendezvous(backend, bytes) !== undefined).toBe(isValue);
      expect(openRendezvous(backend, keys, bytes) !== undefined).toBe(isValue);
      expect(decodePresence(backend, bytes, expected) !== undefined).toBe(bytesEqual(bytes, presence));
    });
    fc.assert(property, { numRuns: fuzzCases });
  });
});
