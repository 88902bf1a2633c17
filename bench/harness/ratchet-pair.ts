/** Two ends of a session on the native backend, keyed from the operating system: what the ratchet's benchmarks turn. */
import type { Crypto } from '@kith/core/crypto/crypto';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { Session } from '@kith/core/crypto/ratchet/session';

export interface RatchetPair {
  crypto: Crypto;
  initiator: Session;
  responder: Session;
}

export function ratchetPair(): RatchetPair {
  const backend = createNativeBackend();
  const keys = { bytes: (length: number) => backend.randomBytes(length) };
  const own = backend.x25519KeyPair(keys.bytes(32));
  const shared = { th2: keys.bytes(64), rootKey: keys.bytes(32), exporter: keys.bytes(32) };
  return {
    crypto: { backend, keys },
    initiator: Session.start(backend, { ...shared, initiator: true, theirs: own.publicKey }),
    responder: Session.start(backend, { ...shared, initiator: false, own }),
  };
}

/** Seals in one end and opens in the other, as the product does, without a store. Throws when it does not open. */
export function pass(crypto: Crypto, from: Session, parts: { to: Session; content: Uint8Array }): void {
  const week = 2_900;
  const nowMs = 1_753_920_000_000;
  const opened = parts.to.open(crypto, from.seal(crypto, parts.content, week, nowMs), week);
  if ('failed' in opened) throw new Error(`a message did not open: ${opened.failed}`);
}
