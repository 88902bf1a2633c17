/** Two ends of a fresh session without a handshake, and the crypto around them, for tests of the ratchet. */
import { type KeySource, seededKeySource, seededRandom } from '../src/base/random.ts';
import type { CryptoBackend } from '../src/crypto/backend.ts';
import type { Crypto } from '../src/crypto/crypto.ts';
import { Session, type SessionStart } from '../src/crypto/ratchet/session.ts';

export interface SessionPair {
  crypto: Crypto;
  initiator: Session;
  responder: Session;
  start: { th2: Uint8Array; rootKey: Uint8Array; exporter: Uint8Array; prekeySecret: Uint8Array };
}

/** The same seed gives the same pair, keys and nonces included. */
export function sessionPair(backend: CryptoBackend, seed: number): SessionPair {
  const keys = seededKeys(seed);
  const start = {
    th2: keys.bytes(64),
    rootKey: keys.bytes(32),
    exporter: keys.bytes(32),
    prekeySecret: keys.bytes(32),
  };
  return { crypto: { backend, keys }, start, ...startedPair(backend, start) };
}

export function startedPair(
  backend: CryptoBackend,
  start: SessionPair['start'],
): { initiator: Session; responder: Session } {
  const { th2, rootKey, exporter, prekeySecret } = start;
  const own = backend.x25519KeyPair(Uint8Array.from(prekeySecret));
  const shared: Omit<SessionStart, 'initiator'> = { th2, rootKey, exporter };
  return {
    initiator: Session.start(backend, { ...shared, initiator: true, theirs: own.publicKey }),
    responder: Session.start(backend, { ...shared, initiator: false, own }),
  };
}

export function seededKeys(seed: number): KeySource {
  return seededKeySource(seededRandom(seed));
}
