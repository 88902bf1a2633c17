/**
 * Presence: where one device can be reached now, signed by the device. It stands inside a rendezvous value, which
 * everybody who holds the secret could have made; only this signature says that the device did.
 * Specification: docs/protocol/rendezvous.md, section presence.
 *
 * The place is signed too, so that a presence counts only for the secret, slot and week it was made for.
 */
import { bytesEqual, hex, hexDecode } from '../../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { DeviceId, PeerId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import { canonicalAddress } from '../../base/place.ts';
import type { CryptoBackend } from '../backend.ts';
import type { DeviceKeys, LiveDevice } from '../identity/identity.ts';
import { labels } from '../labels.ts';
import { peerIdOf, publicKeyOf } from '../record/peer-id.ts';
import { sign, verify } from '../sign.ts';
import { rendezvousContentBytesMax } from './rendezvous.ts';

export const presenceAddressesMax = 4;
const version = 1;

export interface Presence {
  device: DeviceId;
  /** The node the device runs in now; new at every start. */
  peer: PeerId | undefined;
  /** At most 4 multiaddrs in canonical form (base/place), best first. */
  addresses: string[];
  /** From 1; the highest wins. */
  sequence: number;
}

/** The slot under the intake secret of a person's cards. */
export const intakeSlot = 'intake';

/** The slot of a device under its person's presence secret. */
export function presenceSlot(device: DeviceId): string {
  return `device/${device}`;
}

/** A presence in wire form, for the value kept at `place`. Facts out of bounds are a programmer's error and throw. */
export function makePresence(
  backend: CryptoBackend,
  keys: Pick<DeviceKeys, 'device' | 'signing'>,
  facts: Omit<Presence, 'device'> & { place: Uint8Array },
): Uint8Array {
  const { peer, addresses, sequence, place } = facts;
  const device = hexDecode(keys.device);
  invariant(device?.length === 32, 'a device id is hex of 32 bytes');
  const networkKey = peer === undefined ? null : publicKeyOf(peer);
  invariant(networkKey !== undefined, 'a peer id names an Ed25519 key');
  const body = encodeCbor([version, place, device, networkKey, addresses, sequence]);
  const bytes = encodeCbor([body, sign(backend, labels.presence, body, keys.signing.secretKey)]);
  const made = read(bytes);
  invariant(made !== undefined && bytesEqual(made.place, place), 'the facts of a presence are within bounds');
  return bytes;
}

/** The presence that this very device made for this place, or undefined. */
export function decodePresence(
  backend: CryptoBackend,
  bytes: Uint8Array,
  expected: Pick<LiveDevice, 'device' | 'signingKey'> & { place: Uint8Array },
): Presence | undefined {
  const found = read(bytes);
  if (found === undefined || found.presence.device !== expected.device) return undefined;
  if (!bytesEqual(found.place, expected.place)) return undefined;
  const { body, signature, presence } = found;
  return verify(backend, labels.presence, body, signature, expected.signingKey) ? presence : undefined;
}

function read(
  bytes: Uint8Array,
): { body: Uint8Array; signature: Uint8Array; place: Uint8Array; presence: Presence } | undefined {
  const wire = decodeCbor(bytes, { bytesMax: rendezvousContentBytesMax });
  if (!Array.isArray(wire) || wire.length !== 2) return undefined;
  const [body, signature] = wire;
  if (!(body instanceof Uint8Array) || !isBytes(signature, 64)) return undefined;
  const fields = decodeCbor(body);
  if (!Array.isArray(fields) || fields.length !== 6) return undefined;
  const [presenceVersion, place, device, networkKey, addresses, sequence] = fields;
  if (presenceVersion !== version || !isBytes(place, 32) || !isBytes(device, 32)) return undefined;
  if (networkKey !== null && !isBytes(networkKey, 32)) return undefined;
  if (!areAddresses(addresses) || typeof sequence !== 'number' || sequence < 1) return undefined;
  const peer = networkKey === null ? undefined : peerIdOf(networkKey);
  const presence = { device: hex(device) as DeviceId, peer, addresses, sequence };
  return { body, signature, place, presence };
}

function areAddresses(value: CborValue | undefined): value is string[] {
  if (!Array.isArray(value) || value.length > presenceAddressesMax) return false;
  return value.every(
    (each, index) =>
      typeof each === 'string' && canonicalAddress(each) === each && !value.slice(0, index).includes(each),
  );
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}
