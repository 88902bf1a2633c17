/**
 * What the holder of a card shares with its maker, and what two contacts share: tags and keys derived from the
 * intake secret or from both devices' agreement keys. Specification: docs/protocol/card.md.
 */
import { concat, hexDecode, u32be } from '../../base/bytes.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend } from '../backend.ts';
import { derive, H } from '../hash.ts';
import type { DeviceKeys, LiveDevice } from '../identity/identity.ts';
import { type Label, labels } from '../labels.ts';

/** What requests of a week are found by, 16 bytes. `week`: whole weeks since the Unix epoch. */
export function intakeTag(backend: CryptoBackend, intakeSecret: Uint8Array, week: number): Uint8Array {
  return ofWeek(backend, labels.intakeTag, { intakeSecret, week, length: 16 });
}

/** What requests of a week are sealed under, 32 bytes. */
export function intakeEnvelopeKey(
  backend: CryptoBackend,
  intakeSecret: Uint8Array,
  week: number,
): Uint8Array {
  return ofWeek(backend, labels.intakeEnvelope, { intakeSecret, week, length: 32 });
}

/** By which the holder of a card and its maker recognise each other on a link, 32 bytes. */
export function intakeRecognitionKey(backend: CryptoBackend, intakeSecret: Uint8Array): Uint8Array {
  invariant(intakeSecret.length === 32, 'an intake secret has 32 bytes');
  return derive(backend, labels.intakeRecognition, new Uint8Array(0), intakeSecret, 32);
}

/**
 * By which two devices of contacts recognise each other on a link, 32 bytes, the same on both ends; undefined
 * where their key is of low order.
 *
 * The device ids go in, not the agreement keys alone: nobody has to prove that an agreement key is theirs, and who
 * names that of another must not be recognised in its place. An id is a hash over person and both keys.
 */
export function pairRecognitionKey(
  backend: CryptoBackend,
  own: Pick<DeviceKeys, 'device' | 'agreement'>,
  their: Pick<LiveDevice, 'device' | 'agreementKey'>,
): Uint8Array | undefined {
  const shared = backend.x25519(own.agreement.secretKey, their.agreementKey);
  if (shared === undefined) return undefined;
  const [first, second] = [own.device, their.device].sort().map(hexDecode);
  invariant(first !== undefined && second !== undefined, 'a device id is hex');
  const key = derive(backend, labels.pairRecognition, concat(first, second), shared, 32);
  backend.wipe(shared);
  return key;
}

/** What a one-time token is named by where the token itself must not be shown, 16 bytes. */
export function tokenId(backend: CryptoBackend, token: Uint8Array): Uint8Array {
  return H(backend, labels.tokenId, token).slice(0, 16);
}

function ofWeek(
  backend: CryptoBackend,
  label: Label,
  parts: { intakeSecret: Uint8Array; week: number; length: number },
): Uint8Array {
  const { intakeSecret, week, length } = parts;
  invariant(intakeSecret.length === 32, 'an intake secret has 32 bytes');
  invariant(Number.isInteger(week) && week >= 0 && week < 2 ** 32, 'weeks are counted from the epoch');
  return derive(backend, label, u32be(week), intakeSecret, length);
}
