import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzCases } from '../../../test/damaged-bytes.ts';
import { hex } from '../../base/bytes.ts';
import { seededKeySource, seededRandom } from '../../base/random.ts';
import type { SecretRow } from '../../base/store.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { nextStorageKey, openRow, sealRow } from './vault.ts';

const backend = createNativeBackend();
const crypto = { backend, keys: seededKeySource(seededRandom(1)) };
const key = new Uint8Array(32).fill(1);
const place = { kind: 'session', key: 'aabb', generation: 3 } as const;
const plaintext = new Uint8Array(300).fill(5);

function row(change: Partial<SecretRow> = {}): SecretRow {
  return { ...place, sealed: sealRow(crypto, key, place, plaintext), ...change };
}

test('a row opens in its place, under its key', () => {
  expect(openRow(backend, key, row())).toEqual(plaintext);
  expect(row().sealed).toHaveLength(plaintext.length + 40);
  const empty = sealRow(crypto, key, place, new Uint8Array(0));
  expect(openRow(backend, key, row({ sealed: empty }))).toEqual(new Uint8Array(0));
});

test.each([
  ['another kind', { kind: 'skipped' }],
  ['another key', { key: 'aabc' }],
  ['an older generation', { generation: 2 }],
] satisfies [string, Partial<SecretRow>][])('a row moved to %s does not open', (_, change) => {
  expect(openRow(backend, key, row(change))).toBeUndefined();
});

test('kind and key do not run into each other', () => {
  const sealed = sealRow(crypto, key, { kind: 'card', key: 'x', generation: 0 }, plaintext);
  expect(openRow(backend, key, { kind: 'card', key: 'x', generation: 0, sealed })).toEqual(plaintext);
  expect(openRow(backend, key, { kind: 'card', key: '', generation: 0, sealed })).toBeUndefined();
});

test('under another storage key nothing opens, and every byte counts', () => {
  const sealed = row();
  expect(openRow(backend, nextStorageKey(backend, key), sealed)).toBeUndefined();
  for (let at = 0; at < sealed.sealed.length; at++) {
    const changed = Uint8Array.from(sealed.sealed);
    changed[at]! ^= 1;
    expect(openRow(backend, key, { ...sealed, sealed: changed }), `byte ${at}`).toBeUndefined();
  }
});

test('any bytes are refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (sealed) => {
      expect(openRow(backend, key, row({ sealed }))).toBeUndefined();
    }),
    { numRuns: fuzzCases },
  );
  expect(openRow(backend, key, row({ sealed: new Uint8Array(65_537) }))).toBeUndefined();
});

test('a cloned profile repeats a nonce only for the same row and text', () => {
  const nonce = (where: Parameters<typeof sealRow>[2], text: Uint8Array): string => {
    const clone = { backend, keys: { bytes: (length: number) => new Uint8Array(length) } };
    return hex(sealRow(clone, key, where, text).subarray(0, 24));
  };
  expect(nonce(place, plaintext)).toBe(nonce(place, plaintext));
  const nonces = [
    nonce(place, plaintext),
    nonce(place, plaintext.subarray(1)),
    nonce({ ...place, generation: 4 }, plaintext),
    nonce({ ...place, key: 'b' }, plaintext),
  ];
  expect(new Set(nonces).size).toBe(nonces.length);
});

test('the storage key moves forward, one way', () => {
  const keys: Uint8Array[] = [key];
  for (let generation = 1; generation < 10; generation++) keys.push(nextStorageKey(backend, keys.at(-1)!));
  expect(new Set(keys.map(hex)).size).toBe(10);
  expect(keys.every((each) => each.length === 32)).toBe(true);
  expect(() => nextStorageKey(backend, new Uint8Array(31))).toThrow('32 bytes');
});

test('a row too long to be stored is a programmer’s error', () => {
  expect(sealRow(crypto, key, place, new Uint8Array(65_496))).toHaveLength(65_536);
  expect(() => sealRow(crypto, key, place, new Uint8Array(65_497))).toThrow('64 KiB');
});
