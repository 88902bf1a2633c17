/**
 * The floor under a ratchet whose chain goes on: for each message one keyed hash that moves the chain and one AEAD,
 * straight from the library, in one direction and sealed only. No header, no padding, no envelope, no opening.
 */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';

interface Sodium {
  crypto_generichash(out: Uint8Array, input: Uint8Array, key: Uint8Array): void;
  crypto_aead_xchacha20poly1305_ietf_encrypt(
    sealed: Uint8Array,
    plaintext: Uint8Array,
    ad: Uint8Array,
    none: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
}

const sodium: Sodium = createRequire(import.meta.url)('sodium-native');
const tagBytes = 16;

/** @returns what moves one chain by `messages`, sealing `bytes` each time */
export function symmetricFloor(bytes: number): (messages: number) => void {
  const keys = randomBytes(64);
  const chainKey = keys.subarray(0, 32);
  const messageKey = keys.subarray(32);
  const nonce = randomBytes(24);
  const label = Buffer.from('floor');
  const plaintext = randomBytes(bytes);
  const sealed = Buffer.alloc(bytes + tagBytes);
  return (messages) => {
    for (let index = 0; index < messages; index += 1) {
      sodium.crypto_generichash(keys, label, chainKey);
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, plaintext, label, null, nonce, messageKey);
    }
  };
}
