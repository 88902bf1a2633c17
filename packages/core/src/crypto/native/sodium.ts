/**
 * The part of sodium-native's binding that the native backend uses. The binding does not check lengths: a wrong
 * one writes past the end of memory. Only files of this folder may import it.
 */
import { createRequire } from 'node:module';

export interface Sodium {
  readonly crypto_hash_sha512_STATEBYTES: number;
  readonly crypto_generichash_STATEBYTES: number;

  /** Aborts the process when the memory is not there. */
  sodium_malloc(length: number): ArrayBuffer;
  sodium_free(memory: ArrayBuffer): void;
  /** 0, or another number where the system refuses. */
  sodium_mlock(memory: Uint8Array): number;

  randombytes_buf(out: ArrayBufferLike, offset: number, length: number): void;

  crypto_hash_sha512(out: Uint8Array, input: Uint8Array): number;
  crypto_hash_sha512_init(state: Uint8Array): number;
  crypto_hash_sha512_update(state: Uint8Array, input: Uint8Array): number;
  crypto_hash_sha512_final(state: Uint8Array, out: Uint8Array): number;

  /** Each of out, input and key as a buffer, an offset and a length; a key of length 0 is none. */
  crypto_generichash(
    out: ArrayBufferLike,
    outOffset: number,
    outLength: number,
    input: ArrayBufferLike,
    inputOffset: number,
    inputLength: number,
    key: ArrayBufferLike,
    keyOffset: number,
    keyLength: number,
  ): number;
  crypto_generichash_batch(out: Uint8Array, parts: Uint8Array[], keyed: boolean, key: Uint8Array): number;

  crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): number;
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): number;
  crypto_sign_verify_detached(
    signature: ArrayBufferLike,
    signatureOffset: number,
    signatureLength: number,
    message: ArrayBufferLike,
    messageOffset: number,
    messageLength: number,
    publicKey: ArrayBufferLike,
    publicKeyOffset: number,
    publicKeyLength: number,
  ): boolean;

  crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): number;
  crypto_scalarmult(out: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): number;

  crypto_aead_xchacha20poly1305_ietf_encrypt: AeadFunction;
  crypto_aead_xchacha20poly1305_ietf_decrypt: AeadFunction;
  crypto_aead_chacha20poly1305_ietf_encrypt: AeadFunction;
  crypto_aead_chacha20poly1305_ietf_decrypt: AeadFunction;
}

/** Bytes written, or a negative number. */
export type AeadFunction = (
  out: Uint8Array,
  input: Uint8Array,
  ad: Uint8Array | undefined,
  nonce: Uint8Array,
  key: Uint8Array,
) => number;

const require = createRequire(import.meta.url);

/** sodium-native without its JavaScript front, which has no types and asserts what is checked here already. */
export const sodium: Sodium = require('sodium-native/binding.js') as Sodium;
