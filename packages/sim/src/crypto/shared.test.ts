/** Goal: what nodes of a world share is found once, for exactly its bytes, and costs each of them its time. */
import { makePeerRecord } from '@kith/core/crypto/record/peer-record';
import type { CryptoBackend } from '@kith/core/crypto/backend';
import { expect, test } from 'vitest';
import { streamOf } from '../world/chance.ts';
import { Meter, nativePrices } from './meter.ts';
import { createRealCrypto } from './real-crypto.ts';
import { SharedRecords } from './shared-records.ts';
import { shareVerdicts } from './shared-verdicts.ts';

const random = streamOf(1, 'shared');
const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
};

async function withRecord(): Promise<{ backend: CryptoBackend; meter: Meter; bytes: Uint8Array }> {
  const meter = new Meter();
  const backend = await createRealCrypto(random, meter);
  const facts = {
    sequence: 1,
    issuedWallMs: 1,
    ttlMs: 60_000,
    addresses: ['/ip4/198.18.0.1/tcp/4001'],
    offers: { relay: false, carrier: false },
    onion: undefined,
  };
  const { bytes } = makePeerRecord(backend, backend.ed25519KeyPair(random.bytes(32)), facts);
  return { backend, meter, bytes };
}

test('the same bytes are one record, whatever buffer they came in, and no part of that buffer is kept', async () => {
  const { backend, meter, bytes } = await withRecord();
  const records = new SharedRecords(backend, meter);
  const frame = new Uint8Array([9, ...bytes, 9]);
  const first = records.verify(records.read(frame.subarray(1, -1))!)!;
  expect(records.verify(records.read(Uint8Array.from(bytes))!)).toBe(first);
  expect(first.bytes.buffer).not.toBe(frame.buffer);
  expect(records.size).toBe(1);
  expect(() => (first.addresses[0] = 'elsewhere')).toThrow(TypeError);
});

test('each look costs its node as much as the first', async () => {
  const { backend, meter, bytes } = await withRecord();
  const records = new SharedRecords(backend, meter);
  const worked: number[] = [0, 0];
  for (const [index] of worked.entries()) {
    meter.worker = { work: (ms) => void (worked[index]! += ms) };
    records.verify(records.read(bytes)!);
  }
  expect(worked).toEqual([nativePrices.ed25519Verify, nativePrices.ed25519Verify]);
});

test('a record with one bit changed has no part in the verdict of the other, in either order', async () => {
  const { backend, meter, bytes } = await withRecord();
  for (const at of [bytes.length - 40, bytes.length - 1]) {
    const forged = flipped(bytes, at);
    for (const order of [
      [bytes, forged],
      [forged, bytes],
    ]) {
      const records = new SharedRecords(backend, meter);
      const verdicts = order.map((each) => {
        const claim = records.read(each);
        return claim !== undefined && records.verify(claim) !== undefined;
      });
      expect(verdicts).toEqual(order.map((each) => each === bytes));
    }
  }
});

test('a verdict holds for signature, message and key together, and is found once', async () => {
  const backend = await createRealCrypto(random);
  let looks = 0;
  const verify = shareVerdicts((...args) => {
    looks++;
    return backend.ed25519Verify(...args);
  });
  const [own, other] = [1, 2].map(() => backend.ed25519KeyPair(random.bytes(32)));
  const message = random.bytes(20);
  const signature = backend.ed25519Sign(message, own!.secretKey);
  for (let count = 0; count < 3; count++) {
    expect(verify(signature, Uint8Array.from(message), own!.publicKey)).toBe(true);
  }
  expect(looks).toBe(1);
  expect(verify(signature, flipped(message, 3), own!.publicKey)).toBe(false);
  expect(verify(signature, message, other!.publicKey)).toBe(false);
  expect(verify(flipped(signature, 40), message, own!.publicKey)).toBe(false);
  expect(verify(new Uint8Array(3), message, own!.publicKey)).toBe(false);
  expect(verify(signature, message, own!.publicKey)).toBe(true);
});
