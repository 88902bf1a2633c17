/** vectors/broadcast.json, with both backends, and what a signature covers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, readVectors } from '../../../test/vector-file.ts';
import { hex } from '../../base/bytes.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import { createPortableBackend } from '../portable/portable-backend.ts';
import { signBroadcast, verifyBroadcast } from './broadcast.ts';

interface BroadcastVector {
  name: string;
  author: string;
  topic: string;
  sequence: number;
  body: string;
  signature: string;
}
const vectors = readVectors<{
  broadcasts: (BroadcastVector & { seed: string })[];
  refused: BroadcastVector[];
}>('broadcast.json');

function fieldsOf(vector: BroadcastVector): Parameters<typeof verifyBroadcast>[1] {
  const { author, topic, sequence, body, signature } = vector;
  return {
    author: fromHex(author),
    topic: fromHex(topic),
    sequence,
    body: fromHex(body),
    signature: fromHex(signature),
  };
}

describe.each([createNativeBackend(), await createPortableBackend()])('$name backend', (backend) => {
  test.each(vectors.broadcasts)('broadcast: $name', ({ seed, ...vector }) => {
    const fields = fieldsOf(vector);
    expect(hex(signBroadcast(backend, backend.ed25519KeyPair(fromHex(seed)), fields))).toBe(vector.signature);
    expect(verifyBroadcast(backend, fields)).toBe(true);
  });

  test.each(vectors.refused)('refused: $name', (vector) => {
    expect(verifyBroadcast(backend, fieldsOf(vector))).toBe(false);
  });
});

test('a signature is for one topic, author, number and body', () => {
  const backend = createNativeBackend();
  const keys = backend.ed25519KeyPair(new Uint8Array(32).fill(1));
  const topic = new Uint8Array(16);
  const signed = { topic, author: keys.publicKey, sequence: 7, body: new Uint8Array(64).fill(3) };
  const signature = signBroadcast(backend, keys, signed);
  const property = fc.property(
    fc.constantFrom('topic', 'author', 'body'),
    fc.nat({ max: 511 }),
    fc.maxSafeInteger(),
    (field, bit, sequence) => {
      const damaged = Uint8Array.from(signed[field]);
      damaged[(bit >> 3) % damaged.length]! ^= 1 << (bit & 7);
      expect(verifyBroadcast(backend, { ...signed, signature, [field]: damaged })).toBe(false);
      const numbered = verifyBroadcast(backend, { ...signed, signature, sequence });
      expect(numbered).toBe(sequence === signed.sequence);
    },
  );
  expect(verifyBroadcast(backend, { ...signed, signature })).toBe(true);
  fc.assert(property, { numRuns: 500 });
});

test('fields of a wrong length are an error of ours, and no signature of theirs', () => {
  const backend = createNativeBackend();
  const keys = backend.ed25519KeyPair(new Uint8Array(32).fill(1));
  const fields = { topic: new Uint8Array(16), sequence: 1, body: new Uint8Array(1) };
  expect(() => signBroadcast(backend, keys, { ...fields, topic: new Uint8Array(15) })).toThrow();
  for (const sequence of [0, 0.5, -1, 2 ** 53])
    expect(() => signBroadcast(backend, keys, { ...fields, sequence })).toThrow();
});
