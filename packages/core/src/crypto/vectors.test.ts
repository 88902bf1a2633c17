/** Both backends against published vectors. Where a set is not on this machine, its test is skipped by name. */
import { describe, expect, test } from 'vitest';
import { skipAloud } from '../../../../test/skip.ts';
import { fromHex, readVectors, readWycheproof, type WycheproofTest } from '../../test/vector-file.ts';
import { concat, hex } from '../base/bytes.ts';
import type { CryptoBackend } from './backend.ts';
import { createNativeBackend } from './native/native-backend.ts';
import { createPortableBackend } from './portable/portable-backend.ts';

const backends: CryptoBackend[] = [createNativeBackend(), await createPortableBackend()];
const portable = backends[1]!;

type Seal = (...inputs: Parameters<CryptoBackend['xchachaSeal']>) => Uint8Array;
type Open = (...inputs: Parameters<CryptoBackend['xchachaOpen']>) => Uint8Array | undefined;
type Derive = (...inputs: Parameters<CryptoBackend['hkdfSha512']>) => Uint8Array;

interface AeadVector {
  key: string;
  nonce: string;
  ad: string;
  plaintext: string;
  sealed: string;
}
interface HkdfVector {
  ikm: string;
  salt: string;
  info: string;
  length: number;
  okm: string;
}
interface MlkemVectors {
  keyPair: { seed: string; publicKey: string }[];
  encapsulate: {
    publicKey: string;
    entropy: string;
    ciphertext: string | null;
    sharedSecret: string | null;
  }[];
  decapsulate: { seed: string; ciphertext: string; sharedSecret: string }[];
}

const hexOf = (bytes: Uint8Array | undefined): string | undefined => bytes && hex(bytes);

describe.each(backends)('$name backend', (backend) => {
  const chachaSeal: Seal = (...inputs) => backend.chachaSeal(...inputs);
  const chachaOpen: Open = (...inputs) => backend.chachaOpen(...inputs);
  const xchachaSeal: Seal = (...inputs) => backend.xchachaSeal(...inputs);
  const xchachaOpen: Open = (...inputs) => backend.xchachaOpen(...inputs);
  const hkdfSha512: Derive = (...inputs) => backend.hkdfSha512(...inputs);
  const hkdfSha256: Derive = (...inputs) => backend.hkdfSha256(...inputs);

  test('RFC 7748', () => {
    const vectors = readVectors<{
      multiply: { scalar: string; u: string; result: string }[];
      iterated: { rounds: number; k: string }[];
      agree: {
        alice: Record<'secret' | 'public', string>;
        bob: Record<'secret' | 'public', string>;
        shared: string;
      }[];
    }>('rfc7748-x25519.json');
    for (const { scalar, u, result } of vectors.multiply) {
      expect(hexOf(backend.x25519(fromHex(scalar), fromHex(u)))).toBe(result);
    }
    for (const { rounds, k } of vectors.iterated) expect(hex(iterate(backend, rounds))).toBe(k);
    for (const { alice, bob, shared } of vectors.agree) {
      expect(hex(backend.x25519KeyPair(fromHex(alice.secret)).publicKey)).toBe(alice.public);
      expect(hex(backend.x25519KeyPair(fromHex(bob.secret)).publicKey)).toBe(bob.public);
      expect(hexOf(backend.x25519(fromHex(alice.secret), fromHex(bob.public)))).toBe(shared);
      expect(hexOf(backend.x25519(fromHex(bob.secret), fromHex(alice.public)))).toBe(shared);
    }
  });

  test('RFC 8032', () => {
    const vectors = readVectors<{ sign: Record<'seed' | 'publicKey' | 'message' | 'signature', string>[] }>(
      'rfc8032-ed25519.json',
    );
    for (const { seed, publicKey, message, signature } of vectors.sign) {
      const pair = backend.ed25519KeyPair(fromHex(seed));
      expect(hex(pair.publicKey)).toBe(publicKey);
      expect(hex(pair.secretKey)).toBe(seed + publicKey);
      expect(hex(backend.ed25519Sign(fromHex(message), pair.secretKey))).toBe(signature);
      expect(backend.ed25519Verify(fromHex(signature), fromHex(message), pair.publicKey)).toBe(true);
    }
  });

  test('RFC 8439 and the XChaCha draft', () => {
    const vectors = readVectors<Record<'chacha20Poly1305' | 'xchacha20Poly1305', AeadVector[]>>(
      'rfc8439-chacha20-poly1305.json',
    );
    for (const { key, nonce, ad, plaintext, sealed } of vectors.chacha20Poly1305) {
      const place = [fromHex(key), fromHex(nonce), fromHex(ad)] as const;
      expect(hex(backend.chachaSeal(...place, fromHex(plaintext)))).toBe(sealed);
      expect(hexOf(backend.chachaOpen(...place, fromHex(sealed)))).toBe(plaintext);
    }
    for (const { key, nonce, ad, plaintext, sealed } of vectors.xchacha20Poly1305) {
      const place = [fromHex(key), fromHex(nonce), fromHex(ad)] as const;
      expect(hex(backend.xchachaSeal(...place, fromHex(plaintext)))).toBe(sealed);
      expect(hexOf(backend.xchachaOpen(...place, fromHex(sealed)))).toBe(plaintext);
    }
  });

  test('RFC 5869', () => {
    const vectors = readVectors<{ sha256: HkdfVector[] }>('rfc5869-hkdf.json');
    for (const { ikm, salt, info, length, okm } of vectors.sha256) {
      expect(hex(backend.hkdfSha256(fromHex(salt), fromHex(ikm), fromHex(info), length))).toBe(okm);
    }
  });

  test('FIPS 203', () => {
    const vectors = readVectors<MlkemVectors>('fips203-ml-kem-768.json');
    for (const { seed, publicKey } of vectors.keyPair) {
      expect(hex(backend.mlkem768KeyPair(fromHex(seed)).publicKey)).toBe(publicKey);
    }
    for (const { publicKey, entropy, ciphertext, sharedSecret } of vectors.encapsulate) {
      const made = backend.mlkem768Encapsulate(fromHex(publicKey), fromHex(entropy));
      if (ciphertext === null) expect(made).toBeUndefined();
      else if (backend.name === 'native')
        expect(made?.ciphertext).toHaveLength(1_088); // Draws its own entropy.
      else expect([hexOf(made?.ciphertext), hexOf(made?.sharedSecret)]).toEqual([ciphertext, sharedSecret]);
    }
    for (const { seed, ciphertext, sharedSecret } of vectors.decapsulate) {
      expect(hexOf(backend.mlkem768Decapsulate(fromHex(ciphertext), fromHex(seed)))).toBe(sharedSecret);
    }
  });

  wycheproof('x25519', (each) => {
    const shared = hexOf(backend.x25519(fromHex(each['private']), fromHex(each['public'])));
    // RFC 7748 §6.1: we refuse what the set calls acceptable because the result is all zero.
    const refused = each.flags.includes('ZeroSharedSecret');
    expect(shared, `test ${each.tcId}`).toBe(refused ? undefined : each['shared']);
  });

  wycheproof('ed25519', (each, publicKey) => {
    const verified = backend.ed25519Verify(fromHex(each['sig']), fromHex(each['msg']), fromHex(publicKey));
    expect(verified, `test ${each.tcId}`).toBe(each.result === 'valid');
  });

  wycheproof('chacha20_poly1305', (each) => {
    if (each.flags.includes('InvalidNonceSize')) return aeadRefusesNonce(chachaOpen, each);
    aead(each, { seal: chachaSeal, open: chachaOpen });
  });

  wycheproof('xchacha20_poly1305', (each) => {
    if (each.flags.includes('InvalidNonceSize')) return aeadRefusesNonce(xchachaOpen, each);
    aead(each, { seal: xchachaSeal, open: xchachaOpen });
  });

  wycheproof('hkdf_sha512', (each) => hkdf(each, hkdfSha512));
  wycheproof('hkdf_sha256', (each) => hkdf(each, hkdfSha256));

  wycheproof('mlkem_768_keygen_seed', (each) => {
    expect(hex(backend.mlkem768KeyPair(fromHex(each['seed'])).publicKey)).toBe(each['ek']);
  });

  wycheproof('mlkem_768_encaps', (each) => {
    const made = backend.mlkem768Encapsulate(fromHex(each['ek']), fromHex(each['m']));
    expect(made !== undefined, `test ${each.tcId}`).toBe(each.result === 'valid');
    if (made === undefined || backend.name === 'native') return;
    expect([hex(made.ciphertext), hex(made.sharedSecret)]).toEqual([each['c'], each['K']]);
  });

  wycheproof('mlkem_768', (each) => {
    const seed = fromHex(each['seed']);
    const decapsulate = (): string | undefined =>
      hexOf(backend.mlkem768Decapsulate(fromHex(each['c']), seed));
    if (seed.length !== 64) {
      expect(decapsulate).toThrow('seed of 64 bytes'); // Our own key: a programmer's error.
      return;
    }
    const shared = decapsulate();
    expect(shared, `test ${each.tcId}`).toBe(each.result === 'valid' ? each['K'] : undefined);
  });

  test('what it encapsulates the other backend decapsulates', () => {
    for (const other of backends) {
      const pair = other.mlkem768KeyPair(other.randomBytes(64));
      const made = backend.mlkem768Encapsulate(pair.publicKey, backend.randomBytes(32));
      expect(other.mlkem768Decapsulate(made!.ciphertext, pair.secretKey)).toEqual(made!.sharedSecret);
    }
  });
});

/** Runs every test of a set, or says that the set is missing. */
function wycheproof(set: string, check: (each: WycheproofTest, publicKey: string | undefined) => void): void {
  const groups = readWycheproof(set);
  if (groups === undefined) {
    skipAloud(`Wycheproof ${set}`, 'the Wycheproof sets are not beside the repository');
    return;
  }
  test(`Wycheproof ${set}`, () => {
    let run = 0;
    for (const group of groups) {
      for (const each of group.tests) {
        check(each, group.publicKey?.pk);
        run++;
      }
    }
    expect(run).toBeGreaterThan(50);
  });
}

function iterate(backend: CryptoBackend, rounds: number): Uint8Array {
  let k = Uint8Array.of(9, ...new Uint8Array(31));
  let u = k;
  for (let round = 0; round < rounds; round++) [k, u] = [Uint8Array.from(backend.x25519(k, u)!), k];
  return k;
}

function aead(each: WycheproofTest, { seal, open }: { seal: Seal; open: Open }): void {
  const place = [fromHex(each['key']), fromHex(each['iv']), fromHex(each['aad'])] as const;
  const sealed = concat(fromHex(each['ct']), fromHex(each['tag']));
  const opened = open(...place, sealed);
  if (each.result !== 'valid') {
    expect(opened, `test ${each.tcId}`).toBeUndefined();
    return;
  }
  expect(hexOf(opened), `test ${each.tcId}`).toBe(each['msg']);
  expect(hex(seal(...place, fromHex(each['msg'])))).toBe(hex(sealed));
}

/** Nonces are ours, so a wrong length is a programmer's error. */
function aeadRefusesNonce(open: Open, each: WycheproofTest): void {
  const sealed = concat(fromHex(each['ct']), fromHex(each['tag']));
  expect(() => open(fromHex(each['key']), fromHex(each['iv']), fromHex(each['aad']), sealed)).toThrow(
    'nonce',
  );
}

function hkdf(each: WycheproofTest, derive: Derive): void {
  const length = Number(each['size']);
  const inputs = [fromHex(each['salt']), fromHex(each['ikm']), fromHex(each['info'])] as const;
  if (each.result === 'invalid') expect(() => derive(...inputs, length)).toThrow('hkdf');
  else expect(hex(derive(...inputs, length)), `test ${each.tcId}`).toBe(each['okm']);
}

test('the portable backend replays: same entropy, same cipher text', () => {
  const pair = portable.mlkem768KeyPair(new Uint8Array(64).fill(1));
  const entropy = new Uint8Array(32).fill(2);
  const [first, second] = [1, 2].map(() => portable.mlkem768Encapsulate(pair.publicKey, entropy));
  expect(first).toEqual(second);
});
