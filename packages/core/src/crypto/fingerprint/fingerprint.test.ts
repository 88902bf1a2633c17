import { expect, test } from 'vitest';
import { seededKeySource, seededRandom } from '../../base/random.ts';
import { addDevice, createPerson, rotateRoot } from '../identity/identity.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { fingerprint, safetyNumber } from './fingerprint.ts';

const backend = createNativeBackend();
const crypto = { backend, keys: seededKeySource(seededRandom(1)) };
const [alice, bob, carol] = [1, 2, 3].map(() => createPerson(crypto, { seq: 1, deviceName: 'first device' }));

test('both persons read the same number, in 12 groups of 5 digits', async () => {
  const number = safetyNumber(backend, alice!.identity, bob!.identity);
  expect(number).toMatch(/^\d{5}( \d{5}){11}$/);
  expect(safetyNumber(backend, bob!.identity, alice!.identity)).toBe(number);
  expect(safetyNumber(await createPortableBackend(), alice!.identity, bob!.identity)).toBe(number);
});

test('every pair has another number', () => {
  const pairs = [
    [alice, bob],
    [alice, carol],
    [bob, carol],
    [alice, alice],
  ].map(([a, b]) => safetyNumber(backend, a!.identity, b!.identity));
  expect(new Set(pairs).size).toBe(pairs.length);
});

test('both change with the root key, and neither with a new device', () => {
  const number = safetyNumber(backend, alice!.identity, bob!.identity);
  const own = fingerprint(backend, alice!.identity);
  expect(own).toMatch(/^[0-9a-f]{4}( [0-9a-f]{4}){7}$/);
  const { identity } = addDevice(crypto, { ...alice!, deviceName: 'second', seq: 2 })!;
  expect(safetyNumber(backend, identity, bob!.identity)).toBe(number);
  expect(fingerprint(backend, identity)).toBe(own);
  const { recovery } = alice!.root;
  const rotated = rotateRoot(crypto, { identity, recovery, keep: [], seq: 3 })!.identity;
  expect(rotated.person).toBe(identity.person);
  expect(safetyNumber(backend, rotated, bob!.identity)).not.toBe(number);
  expect(safetyNumber(backend, bob!.identity, rotated)).not.toBe(number);
  expect(fingerprint(backend, rotated)).not.toBe(own);
});
