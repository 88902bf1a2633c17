/**
 * The primitives from libsodium in WebAssembly, for browsers and the simulator.
 *
 * No memory can be locked here and JavaScript may copy what it likes: `secrets` are ordinary memory and say so.
 * Encapsulation takes its entropy from the argument, so that worlds replay.
 */
import sodium from 'libsodium-wrappers-sumo';
import { concat } from '../../base/bytes.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend, SecretMemory } from '../backend.ts';
import { createHkdf } from '../hkdf.ts';

const tagBytes = 16;
const mlkemPublicKeyBytes = 1_184;
const mlkemCiphertextBytes = 1_088;

/** Resolves when the WebAssembly is compiled: the only thing here that waits. Later calls cost nothing. */
export async function createPortableBackend(): Promise<CryptoBackend> {
  await sodium.ready;
  const sha512 = (bytes: Uint8Array): Uint8Array => sodium.crypto_hash_sha512(bytes);
  const sha256 = (bytes: Uint8Array): Uint8Array => sodium.crypto_hash_sha256(bytes);
  return {
    name: 'portable',
    secrets: createOrdinaryMemory(),
    randomBytes(length) {
      invariant(length >= 1 && length <= 65_536, 'randomBytes: 1 to 65,536 bytes');
      return sodium.randombytes_buf(length);
    },
    equal,
    wipe: (bytes) => void bytes.fill(0),
    sha512: (...parts) => sha512(joined(parts)),
    blake2b(length, key, ...parts) {
      invariant(Number.isInteger(length) && length >= 16 && length <= 64, 'blake2b: 16 to 64 bytes');
      invariant(
        key === undefined || (key.length >= 16 && key.length <= 64),
        'blake2b: key of 16 to 64 bytes',
      );
      return sodium.crypto_generichash(length, joined(parts), key ?? null);
    },
    hkdfSha512: createHkdf({ hash: sha512, hashBytes: 64, blockBytes: 128 }),
    hkdfSha256: createHkdf({ hash: sha256, hashBytes: 32, blockBytes: 64 }),
    ...ed25519,
    ...x25519,
    ...aeads,
    ...mlkem,
  };
}

const ed25519: Pick<CryptoBackend, 'ed25519KeyPair' | 'ed25519Sign' | 'ed25519Verify'> = {
  ed25519KeyPair(seed) {
    invariant(seed.length === 32, 'ed25519: seed of 32 bytes');
    const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed);
    return { publicKey, secretKey: privateKey };
  },
  ed25519Sign(message, secretKey) {
    invariant(secretKey.length === 64, 'ed25519: secret key of 64 bytes');
    return sodium.crypto_sign_detached(message, secretKey);
  },
  ed25519Verify(signature, message, publicKey) {
    if (signature.length !== 64 || publicKey.length !== 32) return false;
    return sodium.crypto_sign_verify_detached(signature, message, publicKey);
  },
};

const x25519: Pick<CryptoBackend, 'x25519' | 'x25519KeyPair'> = {
  x25519KeyPair(secretKey) {
    invariant(secretKey.length === 32, 'x25519: secret key of 32 bytes');
    return { publicKey: sodium.crypto_scalarmult_base(secretKey), secretKey };
  },
  x25519(secretKey, publicKey) {
    invariant(secretKey.length === 32, 'x25519: secret key of 32 bytes');
    if (publicKey.length !== 32) return undefined;
    // RFC 7748 §6.1: the library refuses an all-zero result by throwing.
    const shared = attempt(() => sodium.crypto_scalarmult(secretKey, publicKey));
    return shared?.some((byte) => byte !== 0) ? shared : undefined;
  },
};

const aeads: Pick<CryptoBackend, 'chachaOpen' | 'chachaSeal' | 'xchachaOpen' | 'xchachaSeal'> = {
  xchachaSeal(key, nonce24, ad, plaintext) {
    invariant(key.length === 32 && nonce24.length === 24, 'aead: lengths of key and nonce');
    return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, null, nonce24, key);
  },
  xchachaOpen(key, nonce24, ad, sealed) {
    invariant(key.length === 32 && nonce24.length === 24, 'aead: lengths of key and nonce');
    if (sealed.length < tagBytes) return undefined;
    return attempt(() => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, ad, nonce24, key));
  },
  chachaSeal(key, nonce12, ad, plaintext) {
    invariant(key.length === 32 && nonce12.length === 12, 'aead: lengths of key and nonce');
    return sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, ad, null, nonce12, key);
  },
  chachaOpen(key, nonce12, ad, sealed) {
    invariant(key.length === 32 && nonce12.length === 12, 'aead: lengths of key and nonce');
    if (sealed.length < tagBytes) return undefined;
    return attempt(() => sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, sealed, ad, nonce12, key));
  },
};

const mlkem: Pick<CryptoBackend, 'mlkem768Decapsulate' | 'mlkem768Encapsulate' | 'mlkem768KeyPair'> = {
  mlkem768KeyPair(seed64) {
    invariant(seed64.length === 64, 'ml-kem: seed of 64 bytes');
    return { publicKey: sodium.crypto_kem_mlkem768_seed_keypair(seed64).publicKey, secretKey: seed64 };
  },
  mlkem768Encapsulate(publicKey, entropy32) {
    invariant(entropy32.length === 32, 'ml-kem: entropy of 32 bytes');
    if (publicKey.length !== mlkemPublicKeyBytes) return undefined;
    // FIPS 203 §7.2: the library makes the modulus check and throws.
    return attempt(() => sodium.crypto_kem_mlkem768_enc_deterministic(publicKey, entropy32));
  },
  mlkem768Decapsulate(ciphertext, secretKey) {
    invariant(secretKey.length === 64, 'ml-kem: seed of 64 bytes');
    if (ciphertext.length !== mlkemCiphertextBytes) return undefined;
    const { privateKey } = sodium.crypto_kem_mlkem768_seed_keypair(secretKey);
    const shared = sodium.crypto_kem_mlkem768_dec(ciphertext, privateKey);
    privateKey.fill(0);
    return shared;
  },
};

function createOrdinaryMemory(): SecretMemory {
  let overflowBytes = 0;
  return {
    allocate(length) {
      invariant(Number.isInteger(length) && length >= 1 && length <= 4_096, 'secrets have 1 to 4,096 bytes');
      overflowBytes += length;
      return new Uint8Array(length);
    },
    release: (bytes) => void bytes.fill(0),
    status: () => ({ locked: false, reason: 'WebAssembly cannot lock memory', overflowBytes }),
  };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (const [index, byte] of a.entries()) difference |= byte ^ b[index]!;
  return difference === 0;
}

function joined(parts: Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : concat(...parts);
}

/** The library throws for what a peer can send; here that is undefined. */
function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
