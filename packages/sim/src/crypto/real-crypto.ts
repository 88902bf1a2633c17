/**
 * Real primitives that replay: native ones, but for what of them draws its own chance (the encapsulation of ML-KEM,
 * which comes from the portable backend) and for locked memory, of which no machine has enough for a thousand nodes.
 */
import type { CryptoBackend, SecretMemory } from '@kith/core/crypto/backend';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { createPortableBackend } from '@kith/core/crypto/portable/portable-backend';
import type { Stream } from '../world/chance.ts';
import { type Meter, nativePrices } from './meter.ts';
import { shareVerdicts } from './shared-verdicts.ts';

/**
 * Resolves when the WebAssembly of the portable part is compiled. Without a meter its operations cost no virtual time: a
 * node that is flooded would never be slow.
 *
 * @param meter - whose processor pays.
 */
export async function createRealCrypto(random: Stream, meter?: Meter): Promise<CryptoBackend> {
  const portable = await createPortableBackend();
  const backend: CryptoBackend = {
    ...createNativeBackend(),
    secrets: ordinaryMemory(),
    randomBytes: (length) => random.bytes(length),
    mlkem768KeyPair: (seed64) => portable.mlkem768KeyPair(seed64),
    mlkem768Encapsulate: (publicKey, entropy32) => portable.mlkem768Encapsulate(publicKey, entropy32),
  };
  return meter === undefined ? backend : metered(backend, meter);
}

function metered(backend: CryptoBackend, meter: Meter): CryptoBackend {
  const pay = (operation: keyof CryptoBackend): void => meter.charge(nativePrices[operation] ?? 0);
  const verify = shareVerdicts((signature, message, key) => backend.ed25519Verify(signature, message, key));
  return {
    ...backend,
    ed25519KeyPair: (seed) => (pay('ed25519KeyPair'), backend.ed25519KeyPair(seed)),
    ed25519Sign: (message, key) => (pay('ed25519Sign'), backend.ed25519Sign(message, key)),
    ed25519Verify: (signature, message, key) => (pay('ed25519Verify'), verify(signature, message, key)),
    x25519KeyPair: (secret) => (pay('x25519KeyPair'), backend.x25519KeyPair(secret)),
    x25519: (secret, key) => (pay('x25519'), backend.x25519(secret, key)),
    mlkem768KeyPair: (seed) => (pay('mlkem768KeyPair'), backend.mlkem768KeyPair(seed)),
    mlkem768Encapsulate: (key, entropy) => (
      pay('mlkem768Encapsulate'),
      backend.mlkem768Encapsulate(key, entropy)
    ),
    mlkem768Decapsulate: (capsule, key) => (
      pay('mlkem768Decapsulate'),
      backend.mlkem768Decapsulate(capsule, key)
    ),
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
