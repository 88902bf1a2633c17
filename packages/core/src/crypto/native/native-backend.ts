/**
 * The primitives from sodium-native and node:crypto, for Node.
 *
 * The binding is called without its JavaScript front, which costs as much as the small primitives themselves;
 * so every length that reaches it is checked here first. Keys and other short arguments are copied into fixed
 * views of locked memory: an array of up to 64 bytes lives on the JavaScript heap and costs a microsecond to
 * hand over, a fixed view costs nothing, and the copy is wiped when the call ends.
 *
 * Measured on two shared cores with 32-byte keys: HKDF-SHA-512 to 64 bytes costs 5 µs here, 21 to 51 µs with
 * hkdfSync and its key objects.
 */
import {
  createPrivateKey,
  createPublicKey,
  decapsulate,
  encapsulate,
  hash,
  timingSafeEqual,
} from 'node:crypto';
import { concat, hexDecode } from '../../base/bytes.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend, KeyPair, SecretMemory } from '../backend.ts';
import { createHkdf } from '../hkdf.ts';
import { LockedArena } from './locked-arena.ts';
import { createNativeHkdf } from './native-hkdf.ts';
import { type AeadFunction, sodium } from './sodium.ts';

const tagBytes = 16;
/** Up to here the parts of a hash are joined in scratch memory; beyond, a streaming state is dearer but flat. */
const scratchBytes = 4_096;
const mlkemPublicKeyBytes = 1_184;
const mlkemCiphertextBytes = 1_088;

// RFC 5958 and RFC 9935: PKCS#8 of ML-KEM-768 holding the seed alone, and SubjectPublicKeyInfo.
const pkcs8SeedPrefix = hexDecode('3054020100300b060960864801650304040204428040')!;
const spkiPrefix = hexDecode('308204b2300b0609608648016503040402038204a100')!;

// One arena for the process: every sodium_malloc costs guard pages and counts against the same limit.
let arena: LockedArena | undefined;

/** The backend of Node. Cheap to call again; all share one locked arena. */
export function createNativeBackend(): CryptoBackend {
  const secrets = (arena ??= new LockedArena());
  const sha512 = createSha512(secrets);
  const fresh = secrets.allocate(64);
  return {
    name: 'native',
    secrets,
    randomBytes(length) {
      invariant(length >= 1 && length <= 65_536, 'randomBytes: 1 to 65,536 bytes');
      if (length > fresh.length) {
        const bytes = new Uint8Array(length);
        sodium.randombytes_buf(bytes.buffer, 0, length);
        return bytes;
      }
      sodium.randombytes_buf(fresh.buffer, fresh.byteOffset, length);
      const bytes = fresh.slice(0, length);
      fresh.fill(0);
      return bytes;
    },
    equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
    wipe: (bytes) => void bytes.fill(0),
    sha512,
    blake2b: createBlake2b(secrets),
    hkdfSha512: createNativeHkdf(secrets),
    // Not hkdfSync: it refuses an info of more than 1,024 bytes, which RFC 5869 allows.
    hkdfSha256: createHkdf({ hash: sha256, hashBytes: 32, blockBytes: 64 }),
    ...createEd25519(secrets),
    ...createX25519(secrets),
    ...createAeads(secrets),
    mlkem768KeyPair,
    mlkem768Encapsulate,
    mlkem768Decapsulate,
  };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return plain(hash('sha256', bytes, 'buffer'));
}

function createSha512(secrets: SecretMemory): CryptoBackend['sha512'] {
  const scratch = secrets.allocate(scratchBytes);
  const out = secrets.allocate(64);
  const state = secrets.allocate(sodium.crypto_hash_sha512_STATEBYTES);
  return (...parts) => {
    const length = joinInto(scratch, parts);
    if (length !== undefined) {
      const input = scratch.subarray(0, length);
      sodium.crypto_hash_sha512(out, input);
      input.fill(0);
    } else {
      sodium.crypto_hash_sha512_init(state);
      for (const part of parts) sodium.crypto_hash_sha512_update(state, part);
      sodium.crypto_hash_sha512_final(state, out);
      state.fill(0);
    }
    return take(out);
  };
}

function createBlake2b(secrets: SecretMemory): CryptoBackend['blake2b'] {
  const scratch = secrets.allocate(scratchBytes);
  const keyScratch = secrets.allocate(64);
  const outScratch = secrets.allocate(64);
  return (length, key, ...parts) => {
    invariant(Number.isInteger(length) && length >= 16 && length <= 64, 'blake2b: 16 to 64 bytes');
    const keyLength = key?.length ?? 0;
    invariant(key === undefined || (keyLength >= 16 && keyLength <= 64), 'blake2b: key of 16 to 64 bytes');
    if (key !== undefined) keyScratch.set(key);
    const joined = joinInto(scratch, parts);
    let status: number;
    if (joined === undefined) {
      const keyView = keyScratch.subarray(0, keyLength);
      status = sodium.crypto_generichash_batch(outScratch.subarray(0, length), parts, keyLength > 0, keyView);
    } else {
      // Buffers and offsets instead of views: no view is made, which is a third of the cost.
      const { buffer: o, byteOffset: oAt } = outScratch;
      const { buffer: i, byteOffset: iAt } = scratch;
      const { buffer: k, byteOffset: kAt } = keyScratch;
      status = sodium.crypto_generichash(o, oAt, length, i, iAt, joined, k, kAt, keyLength);
      scratch.fill(0, 0, joined);
    }
    invariant(status === 0, 'blake2b takes these lengths');
    const hash = outScratch.slice(0, length);
    keyScratch.fill(0);
    outScratch.fill(0);
    return hash;
  };
}

function createEd25519(
  secrets: SecretMemory,
): Pick<CryptoBackend, 'ed25519KeyPair' | 'ed25519Sign' | 'ed25519Verify'> {
  const seedScratch = secrets.allocate(32);
  return {
    ed25519KeyPair(seed) {
      invariant(seed.length === 32, 'ed25519: seed of 32 bytes');
      seedScratch.set(seed);
      const publicKey = new Uint8Array(32);
      const secretKey = secrets.allocate(64);
      sodium.crypto_sign_seed_keypair(publicKey, secretKey, seedScratch);
      seedScratch.fill(0);
      return { publicKey, secretKey };
    },
    ed25519Sign(message, secretKey) {
      invariant(secretKey.length === 64, 'ed25519: secret key of 64 bytes');
      const signature = new Uint8Array(64);
      sodium.crypto_sign_detached(signature, message, secretKey);
      return signature;
    },
    ed25519Verify(signature, message, publicKey) {
      if (signature.length !== 64 || publicKey.length !== 32) return false;
      const { buffer: s, byteOffset: sAt } = signature;
      const { buffer: m, byteOffset: mAt, length } = message;
      const { buffer: p, byteOffset: pAt } = publicKey;
      return sodium.crypto_sign_verify_detached(s, sAt, 64, m, mAt, length, p, pAt, 32);
    },
  };
}

function createX25519(secrets: SecretMemory): Pick<CryptoBackend, 'x25519' | 'x25519KeyPair'> {
  const scalar = secrets.allocate(32);
  const point = secrets.allocate(32);
  const out = secrets.allocate(32);
  return {
    x25519KeyPair(secretKey) {
      invariant(secretKey.length === 32, 'x25519: secret key of 32 bytes');
      scalar.set(secretKey);
      sodium.crypto_scalarmult_base(out, scalar);
      scalar.fill(0);
      return { publicKey: take(out), secretKey };
    },
    x25519(secretKey, publicKey) {
      invariant(secretKey.length === 32, 'x25519: secret key of 32 bytes');
      if (publicKey.length !== 32) return undefined;
      scalar.set(secretKey);
      point.set(publicKey);
      const status = sodium.crypto_scalarmult(out, scalar, point);
      scalar.fill(0);
      const shared = take(out);
      // RFC 7748 §6.1: all-zero means a point of low order.
      return status === 0 && shared.some((byte) => byte !== 0) ? shared : undefined;
    },
  };
}

function createAeads(
  secrets: SecretMemory,
): Pick<CryptoBackend, 'chachaOpen' | 'chachaSeal' | 'xchachaOpen' | 'xchachaSeal'> {
  const xchacha = createAead(secrets, {
    nonceBytes: 24,
    encrypt: sodium.crypto_aead_xchacha20poly1305_ietf_encrypt,
    decrypt: sodium.crypto_aead_xchacha20poly1305_ietf_decrypt,
  });
  const chacha = createAead(secrets, {
    nonceBytes: 12,
    encrypt: sodium.crypto_aead_chacha20poly1305_ietf_encrypt,
    decrypt: sodium.crypto_aead_chacha20poly1305_ietf_decrypt,
  });
  return {
    xchachaSeal: xchacha.seal,
    xchachaOpen: xchacha.open,
    chachaSeal: chacha.seal,
    chachaOpen: chacha.open,
  };
}

interface Aead {
  seal: CryptoBackend['xchachaSeal'];
  open: CryptoBackend['xchachaOpen'];
}

function createAead(
  secrets: SecretMemory,
  construction: { nonceBytes: number; encrypt: AeadFunction; decrypt: AeadFunction },
): Aead {
  const { nonceBytes, encrypt, decrypt } = construction;
  const keyScratch = secrets.allocate(32);
  const nonceScratch = secrets.allocate(nonceBytes);
  const load = (key: Uint8Array, nonce: Uint8Array): void => {
    invariant(key.length === 32 && nonce.length === nonceBytes, 'aead: lengths of key and nonce');
    keyScratch.set(key);
    nonceScratch.set(nonce);
  };
  return {
    seal(key, nonce, ad, plaintext) {
      load(key, nonce);
      const sealed = new Uint8Array(plaintext.length + tagBytes);
      const written = encrypt(sealed, plaintext, ad, nonceScratch, keyScratch);
      keyScratch.fill(0);
      invariant(written === sealed.length, 'aead: seals what fits in memory');
      return sealed;
    },
    open(key, nonce, ad, sealed) {
      load(key, nonce);
      if (sealed.length < tagBytes) {
        keyScratch.fill(0);
        return undefined;
      }
      const plaintext = new Uint8Array(sealed.length - tagBytes);
      const written = decrypt(plaintext, sealed, ad, nonceScratch, keyScratch);
      keyScratch.fill(0);
      return written === plaintext.length ? plaintext : undefined;
    },
  };
}

function mlkem768KeyPair(seed64: Uint8Array): KeyPair {
  const key = pkcs8OfSeed(seed64);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  key.fill(0);
  return { publicKey: Uint8Array.from(spki.subarray(spkiPrefix.length)), secretKey: seed64 };
}

function mlkem768Encapsulate(publicKey: Uint8Array): ReturnType<CryptoBackend['mlkem768Encapsulate']> {
  if (publicKey.length !== mlkemPublicKeyBytes) return undefined;
  const key = Buffer.from(concat(spkiPrefix, publicKey));
  try {
    const { ciphertext, sharedKey } = encapsulate({ key, format: 'der', type: 'spki' });
    return { ciphertext: plain(ciphertext), sharedSecret: plain(sharedKey) };
  } catch {
    return undefined; // The import makes the modulus check of FIPS 203 §7.2.
  }
}

function mlkem768Decapsulate(ciphertext: Uint8Array, secretKey: Uint8Array): Uint8Array | undefined {
  if (ciphertext.length !== mlkemCiphertextBytes) return undefined;
  const key = pkcs8OfSeed(secretKey);
  const shared = decapsulate({ key, format: 'der', type: 'pkcs8' }, ciphertext);
  key.fill(0);
  return plain(shared);
}

function pkcs8OfSeed(seed64: Uint8Array): Buffer {
  invariant(seed64.length === 64, 'ml-kem: seed of 64 bytes');
  return Buffer.from(concat(pkcs8SeedPrefix, seed64));
}

/** A Buffer's bytes as a plain array that shares no pool with others. The Buffer is wiped. */
function plain(buffer: Buffer): Uint8Array {
  const bytes = Uint8Array.from(buffer);
  buffer.fill(0);
  return bytes;
}

/** Copies the parts one after another and returns their length together, or undefined where they do not fit. */
function joinInto(target: Uint8Array, parts: Uint8Array[]): number | undefined {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > target.length) return undefined;
  let offset = 0;
  for (const part of parts) {
    target.set(part, offset);
    offset += part.length;
  }
  return length;
}

/** A copy in ordinary memory; the original is wiped. */
function take(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  bytes.fill(0);
  return copy;
}
