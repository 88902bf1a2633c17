/** Two persons with a device each, and a bundle of the second, for tests of the handshake. Same seed, same keys. */
import type { Crypto } from '../src/crypto/crypto.ts';
import type { CryptoBackend } from '../src/crypto/backend.ts';
import { type Bundle, makeBundle, makeOneTimePrekey } from '../src/crypto/handshake/bundle.ts';
import type { HandshakeSelf, HandshakeTarget } from '../src/crypto/handshake/handshake.ts';
import { createPerson } from '../src/crypto/identity/identity.ts';
import { seededKeys } from './session-pair.ts';

export interface People {
  crypto: Crypto;
  alice: HandshakeSelf;
  bob: HandshakeSelf;
  bundle: Bundle;
  bundleSecret: Uint8Array;
  oneTime: { id: Uint8Array; publicKey: Uint8Array; secret: Uint8Array };
}

export const bundleTerms: { seq: number; notAfterWallMs: number; difficulty: number } = {
  seq: 1_700_000_000_000,
  notAfterWallMs: 1_700_604_800_000,
  difficulty: 16,
};

export function people(backend: CryptoBackend, seed: number): People {
  const crypto = { backend, keys: seededKeys(seed) };
  const [alice, bob] = ['first', 'second'].map((deviceName) => {
    const { device, identity } = createPerson(crypto, { seq: bundleTerms.seq, deviceName });
    return { device, identity };
  });
  const { bundle, secret: bundleSecret } = makeBundle(crypto, bob!.device, bundleTerms);
  return { crypto, alice: alice!, bob: bob!, bundle, bundleSecret, oneTime: makeOneTimePrekey(crypto) };
}

/** The second person as the first sees it. */
export function target({ bob, bundle, oneTime }: People, once: boolean): HandshakeTarget {
  const device = bob.identity.devices[0]!;
  return { identity: bob.identity, device, bundle, ...(once && { oneTimePrekey: oneTime }) };
}
