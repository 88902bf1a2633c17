/**
 * Verdicts on signatures that many nodes of a world look at: the same broadcast comes to all of them. Each pays for its
 * look in virtual time; the processor of the simulation looks once.
 *
 * Never: a verdict on other bytes than those it was found for.
 */
import { bytesEqual } from '@kith/core/base/bytes';
import type { CryptoBackend } from '@kith/core/crypto/backend';
import { keyNumber } from './mix.ts';

/** A guess: more than are under way at a time. Beyond, all are found anew. */
const verdictsMax = 8_192;

interface Verdict {
  signature: Uint8Array;
  message: Uint8Array;
  publicKey: Uint8Array;
  holds: boolean;
}

export function shareVerdicts(verify: CryptoBackend['ed25519Verify']): CryptoBackend['ed25519Verify'] {
  const verdicts = new Map<number, Verdict>();
  return (signature, message, publicKey) => {
    if (signature.length !== 64) return verify(signature, message, publicKey);
    const key = keyNumber(signature);
    const known = verdicts.get(key);
    if (
      known !== undefined &&
      bytesEqual(known.signature, signature) &&
      bytesEqual(known.publicKey, publicKey) &&
      bytesEqual(known.message, message)
    ) {
      return known.holds;
    }
    const holds = verify(signature, message, publicKey);
    if (verdicts.size >= verdictsMax) verdicts.clear();
    // Copies: whoever asked may use its buffers again.
    verdicts.set(key, {
      signature: signature.slice(),
      message: message.slice(),
      publicKey: publicKey.slice(),
      holds,
    });
    return holds;
  };
}
