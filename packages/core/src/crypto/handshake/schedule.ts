/**
 * The two transcripts and two key steps of the handshake, the same for both sides.
 * Specification: docs/protocol/handshake.md, "Message 1". The caller wipes what is returned.
 */
import { concat, hexDecode, utf8 } from '../../base/bytes.ts';
import type { DeviceId, PersonId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend } from '../backend.ts';
import { derive, H, suite } from '../hash.ts';
import { labels } from '../labels.ts';
import { message1Version } from './message1.ts';

const keyBytes = 32;
const emptyNonce = new Uint8Array(24);

/** What names the responder: its person, device and both keys of that device. */
export interface Certificate {
  person: PersonId;
  device: DeviceId;
  signingKey: Uint8Array;
  agreementKey: Uint8Array;
}

/** th1: all that is public about the responder and this run, 64 bytes. */
export function firstTranscript(
  backend: CryptoBackend,
  run: {
    bundle: Uint8Array;
    certificate: Certificate;
    oneTimePrekeyId: Uint8Array;
    ephemeral: Uint8Array;
    kemCiphertext: Uint8Array;
  },
): Uint8Array {
  const { person, device, signingKey, agreementKey } = run.certificate;
  const deviceBytes = hexDecode(device);
  invariant(deviceBytes !== undefined, 'a device id is hex');
  return H(
    backend,
    labels.handshakeTranscript1,
    Uint8Array.of(message1Version),
    Uint8Array.of(suite),
    run.bundle,
    utf8(person),
    deviceBytes,
    signingKey,
    agreementKey,
    run.oneTimePrekeyId,
    run.ephemeral,
    run.kemCiphertext,
  );
}

/** th2 = H(th1, c1): binds the initiator's identity, 64 bytes. */
export function secondTranscript(
  backend: CryptoBackend,
  th1: Uint8Array,
  sealedIdentity: Uint8Array,
): Uint8Array {
  return H(backend, labels.handshakeTranscript2, th1, sealedIdentity);
}

/** ck | ka of the ephemeral's shared secrets, in the order of the specification. */
export function firstKeys(backend: CryptoBackend, th1: Uint8Array, shared: Uint8Array[]): Keys {
  return split(backend, labels.handshakeKeys1, th1, shared);
}

/** RK | EX of ck and the two shared secrets that only the initiator's device can have. */
export function secondKeys(backend: CryptoBackend, th2: Uint8Array, shared: Uint8Array[]): Keys {
  return split(backend, labels.handshakeKeys2, th2, shared);
}

/** c1. `key` is ka: it seals this one plaintext, so its nonce is zero. */
export function sealIdentity(
  backend: CryptoBackend,
  key: Uint8Array,
  parts: { th1: Uint8Array; padded: Uint8Array },
): Uint8Array {
  return backend.xchachaSeal(key, emptyNonce, parts.th1, parts.padded);
}

/** The padded plaintext of c1, or undefined. */
export function openIdentity(
  backend: CryptoBackend,
  key: Uint8Array,
  parts: { th1: Uint8Array; sealed: Uint8Array },
): Uint8Array | undefined {
  return backend.xchachaOpen(key, emptyNonce, parts.th1, parts.sealed);
}

export interface Keys {
  /** ck, or RK. */
  chain: Uint8Array;
  /** ka, or EX. */
  other: Uint8Array;
}

type KeyLabel = typeof labels.handshakeKeys1 | typeof labels.handshakeKeys2;

// oxlint-disable-next-line max-params -- backend and label stand before the two inputs of the step
function split(backend: CryptoBackend, label: KeyLabel, salt: Uint8Array, shared: Uint8Array[]): Keys {
  const joined = concat(...shared);
  const keys = derive(backend, label, salt, joined, 2 * keyBytes);
  backend.wipe(joined);
  return { chain: keys.subarray(0, keyBytes), other: keys.subarray(keyBytes) };
}
