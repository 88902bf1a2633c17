import { expect, test } from 'vitest';
import { hex } from '../../base/bytes.ts';
import type { DeviceId } from '../../base/ids.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { intakeEnvelopeKey, intakeRecognitionKey, intakeTag, pairRecognitionKey, tokenId } from './intake.ts';

const backend = createNativeBackend();
const secret = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);

test('everything derived differs by purpose, week and secret', () => {
  const derived = [secret, other].flatMap((each) => [
    intakeTag(backend, each, 0),
    intakeTag(backend, each, 1),
    intakeTag(backend, each, 2 ** 32 - 1),
    intakeEnvelopeKey(backend, each, 0).subarray(0, 16),
    intakeEnvelopeKey(backend, each, 1).subarray(0, 16),
    intakeRecognitionKey(backend, each).subarray(0, 16),
    tokenId(backend, each),
  ]);
  expect(derived.every((each) => each.length === 16)).toBe(true);
  expect(new Set(derived.map(hex)).size).toBe(derived.length);
  expect(intakeEnvelopeKey(backend, secret, 5)).toHaveLength(32);
  expect(intakeRecognitionKey(backend, secret)).toHaveLength(32);
});

test.each([-1, 0.5, 2 ** 32])('refuses week %s', (week) => {
  expect(() => intakeTag(backend, secret, week)).toThrow('weeks');
  expect(() => intakeEnvelopeKey(backend, secret, week)).toThrow('weeks');
});

const device = (byte: number, agreementByte = byte) => {
  const agreement = backend.x25519KeyPair(new Uint8Array(32).fill(agreementByte));
  return {
    device: hex(new Uint8Array(32).fill(byte)) as DeviceId,
    agreement,
    agreementKey: agreement.publicKey,
  };
};

test('two devices recognise each other by one key, which no third has', () => {
  const [a, b, c] = [device(1), device(2), device(3)];
  const key = pairRecognitionKey(backend, a, b)!;
  expect(key).toHaveLength(32);
  expect(pairRecognitionKey(backend, b, a)).toEqual(key);
  expect(pairRecognitionKey(backend, c, a)).not.toEqual(key);
  expect(pairRecognitionKey(backend, a, { ...b, agreementKey: new Uint8Array(32) })).toBeUndefined();
});

test('a device that names the agreement key of another is not recognised in its place', () => {
  const [us, other, thief] = [device(1), device(2), device(3, 2)];
  expect(thief.agreementKey).toEqual(other.agreementKey);
  expect(pairRecognitionKey(backend, us, thief)).not.toEqual(pairRecognitionKey(backend, us, other));
});
