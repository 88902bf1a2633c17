/** What the vectors do not reach: the two backends on arbitrary inputs, hostile inputs, and programmer's errors. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { concat, hex, utf8 } from '../base/bytes.ts';
import type { CryptoBackend } from './backend.ts';
import { derive, H } from './hash.ts';
import { labels } from './labels.ts';
import { createNativeBackend } from './native/native-backend.ts';
import { createPortableBackend } from './portable/portable-backend.ts';
import { sign, verify } from './sign.ts';

const native = createNativeBackend();
let portable: CryptoBackend;
beforeAll(async () => {
  portable = await createPortableBackend();
});

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** Past the scratch memory of the native backend on both sides. */
const long = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.integer({ min: 1_900, max: 5_000 }).map((length) => new Uint8Array(length).fill(length)),
);

/** Both give the same. */
function agree(run: (backend: CryptoBackend) => Uint8Array): void {
  expect(hex(run(native))).toBe(hex(run(portable)));
}

test('both hash and derive alike', () => {
  fc.assert(
    fc.property(
      key,
      fc.array(long, { maxLength: 4 }),
      fc.integer({ min: 16, max: 64 }),
      (secret, parts, length) => {
        agree((backend) => backend.sha512(...parts));
        agree((backend) => backend.blake2b(length, undefined, ...parts));
        agree((backend) => backend.blake2b(length, secret, ...parts));
        agree((backend) => H(backend, labels.card, ...parts));
        const [salt = secret, ikm = secret, info = secret] = parts;
        agree((backend) => backend.hkdfSha512(salt, ikm, info, length * 9));
        agree((backend) => backend.hkdfSha256(salt, ikm, info, length * 9));
      },
    ),
    { numRuns: 150 },
  );
});

test('both seal, sign and agree alike', () => {
  fc.assert(
    fc.property(key, key, long, long, (secret, other, ad, plaintext) => {
      agree((backend) => backend.xchachaSeal(secret, other.subarray(0, 24), ad, plaintext));
      agree((backend) => backend.chachaSeal(secret, other.subarray(0, 12), ad, plaintext));
      agree((backend) => backend.ed25519Sign(plaintext, backend.ed25519KeyPair(secret).secretKey));
      agree((backend) => backend.x25519KeyPair(secret).publicKey);
      agree((backend) => backend.x25519(secret, native.x25519KeyPair(other).publicKey)!);
      agree((backend) => backend.mlkem768KeyPair(concat(secret, other)).publicKey);
    }),
    { numRuns: 60 },
  );
});

describe.each(['native', 'portable'] as const)('%s', (name) => {
  let backend: CryptoBackend;
  beforeAll(() => {
    backend = name === 'native' ? native : portable;
    expect(backend.name).toBe(name);
  });

  test('hostile bytes of any length are refused and never throw', () => {
    const { secretKey } = native.x25519KeyPair(new Uint8Array(32).fill(1));
    const seed = new Uint8Array(64).fill(1);
    const any = fc.uint8Array({ maxLength: 1_300 });
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(backend.ed25519Verify(a, b, b)).toBe(false);
        expect(backend.xchachaOpen(secretKey, new Uint8Array(24), a, b)).toBeUndefined();
        expect(backend.chachaOpen(secretKey, new Uint8Array(12), a, b)).toBeUndefined();
        if (a.length !== 32) expect(backend.x25519(secretKey, a)).toBeUndefined();
        if (a.length !== 1_088) expect(backend.mlkem768Decapsulate(a, seed)).toBeUndefined();
        expect(backend.mlkem768Encapsulate(a, secretKey)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('a key with a coefficient past the modulus is refused', () => {
    const { publicKey } = backend.mlkem768KeyPair(new Uint8Array(64).fill(3));
    expect(backend.mlkem768Encapsulate(publicKey, new Uint8Array(32))).toBeDefined();
    const bad = Uint8Array.from(publicKey);
    bad[0] = 0x01; // 0xd01 = 3,329 = q.
    bad[1] = (bad[1]! & 0xf0) | 0x0d;
    expect(backend.mlkem768Encapsulate(bad, new Uint8Array(32))).toBeUndefined();
  });

  test('points of low order are refused', () => {
    const { secretKey } = backend.x25519KeyPair(new Uint8Array(32).fill(1));
    expect(backend.x25519(secretKey, new Uint8Array(32))).toBeUndefined();
    expect(backend.x25519(secretKey, Uint8Array.of(1, ...new Uint8Array(31)))).toBeUndefined();
    // The neutral element as a key verifies every message in lax libraries.
    const neutral = Uint8Array.of(1, ...new Uint8Array(31));
    const signature = concat(neutral, new Uint8Array(32));
    expect(backend.ed25519Verify(signature, utf8('anything'), neutral)).toBe(false);
  });

  test('lengths that our own code chose wrongly throw', () => {
    const short = new Uint8Array(31);
    const empty = new Uint8Array(0);
    const nonce = new Uint8Array(24);
    expect(() => backend.xchachaSeal(short, nonce, empty, empty)).toThrow('invariant');
    expect(() => backend.xchachaSeal(new Uint8Array(32), short, empty, empty)).toThrow('invariant');
    expect(() => backend.chachaOpen(new Uint8Array(32), nonce, empty, new Uint8Array(20))).toThrow(
      'invariant',
    );
    expect(() => backend.ed25519Sign(empty, short)).toThrow('invariant');
    expect(() => backend.ed25519KeyPair(short)).toThrow('invariant');
    expect(() => backend.x25519KeyPair(short)).toThrow('invariant');
    expect(() => backend.x25519(short, new Uint8Array(32))).toThrow('invariant');
    expect(() => backend.mlkem768KeyPair(short)).toThrow('invariant');
    expect(() => backend.blake2b(15, undefined)).toThrow('invariant');
    expect(() => backend.blake2b(32, new Uint8Array(15))).toThrow('invariant');
    expect(() => backend.hkdfSha512(empty, empty, empty, 0)).toThrow('invariant');
    expect(() => backend.hkdfSha512(empty, empty, empty, 16_321)).toThrow('invariant');
    expect(() => backend.randomBytes(0)).toThrow('invariant');
    expect(() => backend.randomBytes(65_537)).toThrow('invariant');
  });

  test('compares, wipes and draws', () => {
    expect(backend.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(backend.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(backend.equal(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
    const bytes = Uint8Array.of(1, 2);
    backend.wipe(bytes);
    expect(bytes).toEqual(new Uint8Array(2));
    expect(backend.randomBytes(32)).toHaveLength(32);
    expect(hex(backend.randomBytes(32))).not.toBe(hex(backend.randomBytes(32)));
  });

  test('results share no memory with each other or with the backend', () => {
    const first = backend.sha512(Uint8Array.of(1));
    const copy = Uint8Array.from(first);
    backend.sha512(Uint8Array.of(2));
    expect(first).toEqual(copy);
    expect(first.byteLength).toBe(first.buffer.byteLength);
  });

  test('a signature counts for its label, body and key alone', () => {
    const pair = backend.ed25519KeyPair(new Uint8Array(32).fill(5));
    const other = backend.ed25519KeyPair(new Uint8Array(32).fill(6));
    const body = utf8('body');
    const signature = sign(backend, labels.card, body, pair.secretKey);
    expect(verify(backend, labels.card, body, signature, pair.publicKey)).toBe(true);
    expect(verify(backend, labels.bundle, body, signature, pair.publicKey)).toBe(false);
    expect(verify(backend, labels.card, utf8('bodY'), signature, pair.publicKey)).toBe(false);
    expect(verify(backend, labels.card, body, signature, other.publicKey)).toBe(false);
  });

  test('labels and the bounds of parts separate hashes and derivations', () => {
    const [a, b, ab] = [utf8('a'), utf8('b'), utf8('ab')];
    const hashes = [
      H(backend, labels.card, a, b),
      H(backend, labels.card, ab),
      H(backend, labels.card, ab, utf8('')),
      H(backend, labels.link, a, b),
      derive(backend, labels.card, a, b, 64),
      derive(backend, labels.link, a, b, 64),
    ];
    expect(new Set(hashes.map(hex)).size).toBe(hashes.length);
    // The layout stated in hash.ts.
    const label = utf8(labels.card);
    const input = concat(Uint8Array.of(label.length), label, Uint8Array.of(0, 0, 0, 2), ab);
    expect(hex(hashes[1]!)).toBe(hex(backend.sha512(input)));
    const info = concat(label, Uint8Array.of(0, 1));
    expect(hex(hashes[4]!)).toBe(hex(backend.hkdfSha512(a, b, info, 64)));
  });
});
