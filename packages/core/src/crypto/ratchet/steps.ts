/**
 * The key steps of the ratchet. Specification: docs/protocol/ratchet.md, "Keys".
 * Results are secret: the caller wipes them.
 */
import { concat } from '../../base/bytes.ts';
import type { CryptoBackend } from '../backend.ts';
import { derive, deriveInfo } from '../hash.ts';
import { labels } from '../labels.ts';

/** Bytes of every symmetric key here. */
export const keyBytes = 32;
const noKeys: Uint8Array[] = [];

/**
 * One root step. `shared` is the X25519 result; `kemSecret` the ML-KEM secret mixed in by this step, if any.
 * @returns 64 bytes: the next root key, then the chain key.
 */
export function rootStep(
  backend: CryptoBackend,
  rootKey: Uint8Array,
  secrets: { shared: Uint8Array; kemSecret: Uint8Array | undefined },
): Uint8Array {
  const { shared, kemSecret } = secrets;
  if (kemSecret === undefined) return derive(backend, labels.ratchetRoot, rootKey, shared, 2 * keyBytes);
  const joined = concat(shared, kemSecret);
  const keys = derive(backend, labels.ratchetRootKem, rootKey, joined, 2 * keyBytes);
  backend.wipe(joined);
  return keys;
}

/**
 * One chain step: a keyed hash, since the chain key is uniform and this runs for every message.
 * @returns 64 bytes: the next chain key, then the message key.
 */
export function chainStep(backend: CryptoBackend, chainKey: Uint8Array): Uint8Array {
  return backend.blake2b(2 * keyBytes, chainKey, deriveInfo(labels.ratchetChain));
}

/**
 * A nonce that repeats only when message key, random bytes, associated data and plaintext all do, so that a
 * copied profile with a copied random generator never seals two plaintexts under one key and nonce.
 */
export function hedgedNonce(
  backend: CryptoBackend,
  messageKey: Uint8Array,
  parts: { random24: Uint8Array; ad: Uint8Array; plaintext: Uint8Array },
): Uint8Array {
  const nonceKey = backend.blake2b(keyBytes, messageKey, deriveInfo(labels.ratchetNonceKey));
  const nonce = backend.blake2b(24, nonceKey, parts.random24, parts.ad, parts.plaintext);
  backend.wipe(nonceKey);
  return nonce;
}

/**
 * Walks a chain from message `from` to message `to` (inclusive), from <= to.
 * @returns `passed`: message keys of from … to − 1; `messageKey`: that of `to`; `next`: the chain key after it.
 */
export function walkChain(
  backend: CryptoBackend,
  chainKey: Uint8Array,
  range: { from: number; to: number },
): { passed: Uint8Array[]; messageKey: Uint8Array; next: Uint8Array } {
  let step = chainStep(backend, chainKey);
  if (range.from === range.to) {
    return { passed: noKeys, messageKey: step.subarray(keyBytes), next: step.subarray(0, keyBytes) };
  }
  const passed: Uint8Array[] = [];
  for (let n = range.from; n < range.to; n++) {
    passed.push(step.slice(keyBytes));
    const following = chainStep(backend, step.subarray(0, keyBytes));
    backend.wipe(step);
    step = following;
  }
  return { passed, messageKey: step.subarray(keyBytes), next: step.subarray(0, keyBytes) };
}
