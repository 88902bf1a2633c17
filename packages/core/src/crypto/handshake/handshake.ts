/**
 * Starting a session with a device that may be away: message 1 from its bundle, and the answer to message 1.
 * Specification: docs/protocol/handshake.md.
 *
 * Every failure is the same `undefined`: what a stranger can send must not tell which check it failed. Not here:
 * replays (the caller remembers `ephemeralHash`), the request's gate, and which of two sessions sends.
 */
import { bytesEqual, hex, hexDecode } from '../../base/bytes.ts';
import { decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { DeviceId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend } from '../backend.ts';
import type { Crypto } from '../crypto.ts';
import { H } from '../hash.ts';
import { decodeIdentity, type DeviceKeys, type Identity, type LiveDevice } from '../identity/identity.ts';
import { labels } from '../labels.ts';
import { pad, unpad } from '../ratchet/padding.ts';
import { Session } from '../ratchet/session.ts';
import {
  type Bundle,
  bundleHash,
  decodeBundleSecret,
  oneTimePrekeyId,
  oneTimePrekeyIdBytes,
} from './bundle.ts';
import { decodeMessage1, encodeMessage1 } from './message1.ts';
import {
  firstKeys,
  firstTranscript,
  type Keys,
  openIdentity,
  secondKeys,
  secondTranscript,
  sealIdentity,
} from './schedule.ts';

const innerVersion = 1;
const keyBytes = 32;
const ephemeralHashBytes = 16;
const noOneTimePrekey = new Uint8Array(oneTimePrekeyIdBytes);

/** Who we are in a handshake. */
export interface HandshakeSelf {
  device: DeviceKeys;
  identity: Identity;
}

export interface HandshakeTarget {
  identity: Identity;
  /** One of the identity's live devices; `bundle` is of this device. */
  device: LiveDevice;
  bundle: Bundle;
  /** Of a `--once` card. */
  oneTimePrekey?: { id: Uint8Array; publicKey: Uint8Array };
}

export interface Responded {
  session: Session;
  from: Identity;
  fromDevice: DeviceId;
  content: Uint8Array;
}

/**
 * Starts a session and seals a first content of 0 to 28,671 bytes into message 1. Calling twice starts two sessions.
 *
 * @returns undefined when the other side's keys are unusable (low order, bad KEM key) or the bundle is not of that
 *   device. Otherwise both are to be stored before message 1 leaves; a retry sends the same bytes.
 */
export function initiate(
  crypto: Crypto,
  parts: { self: HandshakeSelf; to: HandshakeTarget; content: Uint8Array },
): { message1: Uint8Array; session: Session } | undefined {
  const { backend, keys } = crypto;
  const { self, to, content } = parts;
  const { bundle, device, oneTimePrekey } = to;
  if (bundle.device !== device.device) return undefined;
  if (oneTimePrekey && !bytesEqual(oneTimePrekey.id, oneTimePrekeyId(backend, oneTimePrekey.publicKey)))
    return undefined;
  const used: Uint8Array[] = [];
  const secret = <Bytes extends Uint8Array | undefined>(bytes: Bytes): Bytes => {
    if (bytes !== undefined) used.push(bytes);
    return bytes;
  };
  const ephemeralSecret = backend.secrets.allocate(keyBytes);
  try {
    ephemeralSecret.set(secret(keys.bytes(keyBytes)));
    const ephemeral = backend.x25519KeyPair(ephemeralSecret).publicKey;
    const kem = backend.mlkem768Encapsulate(bundle.kemKey, secret(keys.bytes(keyBytes)));
    if (kem === undefined) return undefined;
    const shared = [
      secret(backend.x25519(ephemeralSecret, device.agreementKey)),
      secret(backend.x25519(ephemeralSecret, bundle.signedPrekey)),
      ...(oneTimePrekey ? [secret(backend.x25519(ephemeralSecret, oneTimePrekey.publicKey))] : []),
      secret(kem.sharedSecret),
      secret(backend.x25519(self.device.agreement.secretKey, bundle.signedPrekey)),
      secret(backend.x25519(self.device.agreement.secretKey, device.agreementKey)),
    ];
    if (!allPresent(shared)) return undefined;

    const run = {
      bundle: bundle.bytes,
      certificate: { person: to.identity.person, ...device },
      oneTimePrekeyId: oneTimePrekey?.id ?? noOneTimePrekey,
      ephemeral,
      kemCiphertext: kem.ciphertext,
    };
    const th1 = firstTranscript(backend, run);
    const first = secretKeys(secret, firstKeys(backend, th1, shared.slice(0, -2)));
    const sealedIdentity = sealIdentity(backend, first.other, { th1, padded: encodeInner(self) });
    const th2 = secondTranscript(backend, th1, sealedIdentity);
    const second = secretKeys(secret, secondKeys(backend, th2, [first.chain, ...shared.slice(-2)]));
    const session = Session.start(backend, {
      initiator: true,
      th2,
      rootKey: second.chain,
      exporter: second.other,
      theirs: bundle.signedPrekey,
    });
    const frame = session.sealFrame(crypto, content);
    const { oneTimePrekeyId: id, kemCiphertext } = run;
    const fields = {
      bundleHash: bundle.hash,
      oneTimePrekeyId: id,
      ephemeral,
      kemCiphertext,
      sealedIdentity,
      frame,
    };
    return { message1: encodeMessage1(fields), session };
  } finally {
    for (const bytes of used) backend.wipe(bytes);
    backend.secrets.release(ephemeralSecret);
  }
}

/**
 * What to look up before `respond`: names of the bundle and one-time prekey, and what a replay repeats. Nothing is
 * verified yet. All in lower-case hex: 32, 16 and 32 characters.
 */
export function peekMessage1(
  backend: CryptoBackend,
  bytes: Uint8Array,
): { bundleHash: string; oneTimePrekeyId: string | undefined; ephemeralHash: string } | undefined {
  const message = decodeMessage1(bytes);
  if (message === undefined) return undefined;
  const once = bytesEqual(message.oneTimePrekeyId, noOneTimePrekey)
    ? undefined
    : hex(message.oneTimePrekeyId);
  const ephemeralHash = H(backend, labels.ephemeralHash, message.ephemeral).subarray(0, ephemeralHashBytes);
  return { bundleHash: hex(message.bundleHash), oneTimePrekeyId: once, ephemeralHash: hex(ephemeralHash) };
}

/**
 * Answers message 1 with the secrets that `peekMessage1` named.
 *
 * `bundle`: our own bundle's bytes; `bundleSecret`, `oneTimeSecret`: as stored; both stay the caller's to wipe.
 * @returns undefined for whatever is wrong. On success the one-time secret is to be erased, the ephemeral hash
 *   remembered and the session stored, all in one transaction with what the content causes.
 */
export function respond(
  crypto: Crypto,
  parts: {
    self: HandshakeSelf;
    bundle: Uint8Array;
    bundleSecret: Uint8Array;
    oneTimeSecret: Uint8Array | undefined;
    message1: Uint8Array;
  },
): Responded | undefined {
  const { backend } = crypto;
  const { self, bundle, bundleSecret, oneTimeSecret } = parts;
  const message = decodeMessage1(parts.message1);
  if (message === undefined || !bytesEqual(message.bundleHash, bundleHash(backend, bundle))) return undefined;
  if (!bytesEqual(message.oneTimePrekeyId, idOfSecret(backend, oneTimeSecret))) return undefined;
  const own = decodeBundleSecret(bundleSecret);
  if (own === undefined) return undefined;
  const used: Uint8Array[] = [own.prekey.secretKey, own.kemSeed];
  const secret = <Bytes extends Uint8Array | undefined>(bytes: Bytes): Bytes => {
    if (bytes !== undefined) used.push(bytes);
    return bytes;
  };
  const agreement = self.device.agreement.secretKey;
  try {
    const { ephemeral, sealedIdentity } = message;
    const shared = [
      secret(backend.x25519(agreement, ephemeral)),
      secret(backend.x25519(own.prekey.secretKey, ephemeral)),
      ...(oneTimeSecret ? [secret(backend.x25519(oneTimeSecret, ephemeral))] : []),
      secret(backend.mlkem768Decapsulate(message.kemCiphertext, own.kemSeed)),
    ];
    if (!allPresent(shared)) return undefined;
    const th1 = firstTranscript(backend, { bundle, certificate: ownCertificate(self), ...message });
    const first = secretKeys(secret, firstKeys(backend, th1, shared));
    const padded = openIdentity(backend, first.other, { th1, sealed: sealedIdentity });
    const from = padded && decodeInner(backend, padded);
    if (from === undefined || from.device.device === self.device.device) return undefined;

    const theirs = from.device.agreementKey;
    const sharedWithDevice = [
      first.chain,
      secret(backend.x25519(own.prekey.secretKey, theirs)),
      secret(backend.x25519(agreement, theirs)),
    ];
    if (!allPresent(sharedWithDevice)) return undefined;
    const th2 = secondTranscript(backend, th1, sealedIdentity);
    const second = secretKeys(secret, secondKeys(backend, th2, sharedWithDevice));
    const session = Session.start(backend, {
      initiator: false,
      th2,
      rootKey: second.chain,
      exporter: second.other,
      own: own.prekey,
    });
    const opened = session.openFrame(crypto, message.frame);
    if ('content' in opened) {
      return { session, from: from.identity, fromDevice: from.device.device, content: opened.content };
    }
    session.release();
    return undefined;
  } finally {
    for (const bytes of used) backend.wipe(bytes);
  }
}

function ownCertificate({
  device,
  identity,
}: HandshakeSelf): Parameters<typeof firstTranscript>[1]['certificate'] {
  return {
    person: identity.person,
    device: device.device,
    signingKey: device.signing.publicKey,
    agreementKey: device.agreement.publicKey,
  };
}

/** Plaintext of c1: who we are, padded. */
function encodeInner({ device, identity }: HandshakeSelf): Uint8Array {
  const deviceBytes = hexDecode(device.device);
  invariant(deviceBytes !== undefined, 'a device id is hex');
  return pad(encodeCbor([innerVersion, deviceBytes, identity.bytes]));
}

/** The verified identity and the live device of it that speaks. */
function decodeInner(
  backend: CryptoBackend,
  padded: Uint8Array,
): { identity: Identity; device: LiveDevice } | undefined {
  const bytes = unpad(padded);
  const fields = bytes && decodeCbor(bytes);
  if (!Array.isArray(fields) || fields.length !== 3 || fields[0] !== innerVersion) return undefined;
  const [, deviceBytes, identityBytes] = fields;
  if (!(deviceBytes instanceof Uint8Array) || !(identityBytes instanceof Uint8Array)) return undefined;
  const identity = decodeIdentity(backend, identityBytes);
  const name = hex(deviceBytes);
  const device = identity?.devices.find((live) => live.device === name);
  return identity && device && { identity, device };
}

function idOfSecret(backend: CryptoBackend, oneTimeSecret: Uint8Array | undefined): Uint8Array {
  if (oneTimeSecret === undefined) return noOneTimePrekey;
  return oneTimePrekeyId(backend, backend.x25519KeyPair(oneTimeSecret).publicKey);
}

function secretKeys(secret: (bytes: Uint8Array) => Uint8Array, keys: Keys): Keys {
  secret(keys.chain);
  secret(keys.other);
  return keys;
}

function allPresent(values: (Uint8Array | undefined)[]): values is Uint8Array[] {
  return values.every((value) => value !== undefined);
}
