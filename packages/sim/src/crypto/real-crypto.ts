/**
 * Real primitives that replay: native ones, but for what of them draws its own chance (the encapsulation of ML-KEM,
 * which comes from the portable backend) and for locked memory, of which no machine has enough for a thousand nodes.
 */
import type { CryptoBackend, SecretMemory } from '@kith/core/crypto/backend';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { createPortableBackend } from '@kith/core/crypto/portable/portable-backend';
import type { Stream } from '../world/chance.ts';

/** Resolves when the WebAssembly of the portable part is compiled. */
export async function createRealCrypto(random: Stream): Promise<CryptoBackend> {
  const portable = await createPortableBackend();
  return {
    ...createNativeBackend(),
    secrets: ordinaryMemory(),
    randomBytes: (length) => random.bytes(length),
    mlkem768KeyPair: (seed64) => portable.mlkem768KeyPair(seed64),
    mlkem768Encapsulate: (publicKey, entropy32) => portable.mlkem768Encapsulate(publicKey, entropy32),
  };
}

/** Memory that is only wiped. */
export function ordinaryMemory(): SecretMemory {
  return {
    allocate: (length) => new Uint8Array(length),
    release: (bytes) => void bytes.fill(0),
    status: () => ({ locked: false, reason: 'a simulation keeps no secrets', overflowBytes: 0 }),
  };
}
