/**
 * HKDF-SHA-512 (RFC 5869) out of sodium's SHA-512, on fixed scratch memory.
 *
 * HMAC (RFC 2104) is two hashes over `key ^ ipad | message` and `key ^ opad | inner hash`. Each is one call of
 * the binding on a view of a prepared block. All scratch is wiped when a derivation ends.
 */
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend, SecretMemory } from '../backend.ts';
import { createHkdf } from '../hkdf.ts';
import { sodium } from './sodium.ts';

const hashBytes = 64;
const blockBytes = 128;
/** Longest message of one HMAC here: input key material, or the previous block, info and a counter. */
const messageBytesMax = 2_048;
const inputBytesMax = messageBytesMax - hashBytes - 1;

type Hmac = (
  key: Uint8Array,
  out: Uint8Array,
  ...parts: [Uint8Array] | [Uint8Array, Uint8Array, Uint8Array]
) => void;

/** An HKDF with scratch of its own. Inputs that do not fit it take the slower way over ordinary memory. */
export function createNativeHkdf(secrets: SecretMemory): CryptoBackend['hkdfSha512'] {
  const hmac = createHmac(secrets);
  const pseudorandomKey = secrets.allocate(hashBytes);
  const block = secrets.allocate(hashBytes);
  const nothing = new Uint8Array(0);
  const unbounded = createHkdf({ hash: sha512, hashBytes, blockBytes });
  return (salt, ikm, info, length) => {
    invariant(
      Number.isInteger(length) && length >= 1 && length <= 255 * hashBytes,
      'hkdf: 1 to 16,320 bytes',
    );
    if (ikm.length > inputBytesMax || info.length > inputBytesMax) return unbounded(salt, ikm, info, length);
    hmac(salt, pseudorandomKey, ikm); // RFC 5869 §2.2: an absent salt is a block of zeros, as a short key is padded.
    const out = new Uint8Array(length);
    for (let counter = 1, offset = 0; offset < length; counter++, offset += hashBytes) {
      const previous = counter === 1 ? nothing : block;
      hmac(pseudorandomKey, block, previous, info, Uint8Array.of(counter));
      out.set(length - offset < hashBytes ? block.subarray(0, length - offset) : block, offset);
    }
    pseudorandomKey.fill(0);
    block.fill(0);
    return out;
  };
}

function sha512(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(hashBytes);
  sodium.crypto_hash_sha512(out, bytes);
  return out;
}

function createHmac(secrets: SecretMemory): Hmac {
  const inner = secrets.allocate(blockBytes + messageBytesMax);
  const outer = secrets.allocate(blockBytes + hashBytes);
  const innerHash = outer.subarray(blockBytes);
  const keyHash = secrets.allocate(hashBytes);
  return (key, out, ...parts) => {
    let shortKey = key;
    if (key.length > blockBytes) {
      sodium.crypto_hash_sha512(keyHash, key);
      shortKey = keyHash;
    }
    inner.fill(0x36, 0, blockBytes);
    outer.fill(0x5c, 0, blockBytes);
    for (let index = 0; index < shortKey.length; index++) {
      const byte = shortKey[index]!;
      inner[index] = byte ^ 0x36;
      outer[index] = byte ^ 0x5c;
    }
    let end = blockBytes;
    for (const part of parts) {
      invariant(end + part.length <= inner.length, 'hkdf: inputs fit the scratch memory');
      inner.set(part, end);
      end += part.length;
    }
    sodium.crypto_hash_sha512(innerHash, inner.subarray(0, end));
    sodium.crypto_hash_sha512(out, outer);
    inner.fill(0, 0, end);
    outer.fill(0);
    keyHash.fill(0);
  };
}
