/**
 * The floor under a ratchet that turns with every message: one new X25519 pair and one agreement on the sender's side,
 * straight from the library. A real turn agrees on the receiver's side too.
 */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';

interface Sodium {
  randombytes_buf(out: Uint8Array): void;
  crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): void;
  crypto_scalarmult(shared: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): void;
}

const sodium: Sodium = createRequire(import.meta.url)('sodium-native');

/** @returns what makes `turns` pairs and agreements */
export function agreementFloor(): (turns: number) => void {
  const secretKey = randomBytes(32);
  const publicKey = Buffer.alloc(32);
  const shared = Buffer.alloc(32);
  const theirs = Buffer.alloc(32);
  sodium.crypto_scalarmult_base(theirs, randomBytes(32));
  return (turns) => {
    for (let index = 0; index < turns; index += 1) {
      sodium.randombytes_buf(secretKey);
      sodium.crypto_scalarmult_base(publicKey, secretKey);
      sodium.crypto_scalarmult(shared, secretKey, theirs);
    }
  };
}
