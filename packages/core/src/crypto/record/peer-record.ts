/**
 * Peer records: where a node can be reached and what it offers, signed by its network key.
 * Specification: docs/protocol/peer-record.md. Vectors: vectors/peer-record.json.
 *
 * Invariants: a {@link PeerRecord} was verified in full; a {@link PeerRecordClaim} only has the form of one. Whatever
 * passes either reader has addresses in their one canonical form that may be dialled.
 */
import { bytesEqual } from '../../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { PeerId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import { addressLengthMax, canonicalAddress } from '../../base/place.ts';
import type { CryptoBackend, KeyPair } from '../backend.ts';
import { labels } from '../labels.ts';
import { sign, verify } from '../sign.ts';
import { peerIdOf } from './peer-id.ts';

/** Longest record in wire form. */
export const peerRecordBytesMax = 1_024;
export const recordAddressesMax = 4;
/** Longest time a record may ask to be kept. */
export const recordTtlMsMax: number = 2 * 3_600_000;
const version = 1;
const offerRelay = 1;
const offerCarrier = 2;

/** What a node says about itself. */
export interface PeerRecordFacts {
  /** From 1; the highest wins. `max(previous + 1, unix milliseconds)`. */
  sequence: number;
  /** A claim, shown and compared with others; it never vetoes. */
  issuedWallMs: number;
  /** From receipt, 1 to {@link recordTtlMsMax}. */
  ttlMs: number;
  /** 1 to 4 different multiaddrs in canonical form (base/place), best first. */
  addresses: string[];
  offers: { relay: boolean; carrier: boolean };
  onion: { key: Uint8Array; notAfterWallMs: number } | undefined;
}

/** A record whose form and bounds are right; its signature was not looked at. */
export interface PeerRecordClaim extends PeerRecordFacts {
  peer: PeerId;
  /** 32 bytes, the Ed25519 key that `peer` names. */
  publicKey: Uint8Array;
  /** Wire form, at most {@link peerRecordBytesMax}. */
  bytes: Uint8Array;
}

/** A record that was signed by the node it names. */
export interface PeerRecord extends PeerRecordClaim {
  readonly verified: true;
}

/** A record of the node that has this key. Facts out of bounds are a programmer's error and throw. */
export function makePeerRecord(backend: CryptoBackend, keys: KeyPair, facts: PeerRecordFacts): PeerRecord {
  const { sequence, issuedWallMs, ttlMs, addresses, offers, onion } = facts;
  const offered = (offers.relay ? offerRelay : 0) + (offers.carrier ? offerCarrier : 0);
  const onionKey = onion === undefined ? null : [onion.key, onion.notAfterWallMs];
  const { publicKey, secretKey } = keys;
  const fields = [version, publicKey, sequence, issuedWallMs, ttlMs, addresses, offered, onionKey];
  const body = encodeCbor(fields);
  const bytes = encodeCbor([body, sign(backend, labels.peerRecord, body, secretKey)]);
  const claim = readPeerRecord(bytes);
  invariant(claim !== undefined, 'the facts of a record are within its bounds');
  return { ...claim, verified: true };
}

/** The record of these bytes, form, bounds and signature verified, or undefined. */
export function decodePeerRecord(backend: CryptoBackend, bytes: Uint8Array): PeerRecord | undefined {
  const claim = readPeerRecord(bytes);
  return claim && verifyPeerRecord(backend, claim);
}

/** What a record says, judged by form and bounds alone: to compare it cheaply with what is known. */
export function readPeerRecord(bytes: Uint8Array): PeerRecordClaim | undefined {
  const parts = partsOf(bytes);
  const fields = parts && decodeCbor(parts.body);
  if (!Array.isArray(fields) || fields.length !== 8) return undefined;
  const [recordVersion, publicKey, sequence, issuedWallMs, ttlMs, addresses, offered, onionKey] = fields;
  if (recordVersion !== version || !isBytes(publicKey, 32)) return undefined;
  if (!isCount(sequence, 1) || !isCount(issuedWallMs, 0) || !isCount(ttlMs, 1)) return undefined;
  if (ttlMs > recordTtlMsMax || !areAddresses(addresses)) return undefined;
  if (!isCount(offered, 0) || offered > offerRelay + offerCarrier) return undefined;
  const onion = decodeOnion(onionKey);
  if (onion === 'damaged') return undefined;
  const offers = { relay: (offered & offerRelay) > 0, carrier: (offered & offerCarrier) > 0 };
  const peer = peerIdOf(publicKey);
  return { peer, publicKey, sequence, issuedWallMs, ttlMs, addresses, offers, onion, bytes };
}

/** The same record, its signature verified, or undefined. */
export function verifyPeerRecord(backend: CryptoBackend, claim: PeerRecordClaim): PeerRecord | undefined {
  const parts = partsOf(claim.bytes);
  if (parts === undefined) return undefined;
  const { body, signature } = parts;
  if (!verify(backend, labels.peerRecord, body, signature, claim.publicKey)) return undefined;
  const { peer, publicKey, sequence, issuedWallMs, ttlMs, addresses, offers, onion, bytes } = claim;
  // Named one by one: an object that is spread and added to takes a second one, and there are a thousand of them.
  return { peer, publicKey, sequence, issuedWallMs, ttlMs, addresses, offers, onion, bytes, verified: true };
}

/** Body and signature, the body as it was signed. */
function partsOf(bytes: Uint8Array): { body: Uint8Array; signature: Uint8Array } | undefined {
  const wire = decodeCbor(bytes, { bytesMax: peerRecordBytesMax });
  if (!Array.isArray(wire) || wire.length !== 2) return undefined;
  const [body, signature] = wire;
  return body instanceof Uint8Array && isBytes(signature, 64) ? { body, signature } : undefined;
}

/**
 * Whether a node said two things under one number: same key, same sequence, other bodies. Of two verified records that
 * is proof against the node; two signatures under one body are none.
 */
export function isEquivocation(a: PeerRecordClaim, b: PeerRecordClaim): boolean {
  if (a.sequence !== b.sequence || !bytesEqual(a.publicKey, b.publicKey)) return false;
  const [one, other] = [partsOf(a.bytes), partsOf(b.bytes)];
  return one !== undefined && other !== undefined && !bytesEqual(one.body, other.body);
}

function areAddresses(value: CborValue | undefined): value is string[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > recordAddressesMax) return false;
  return value.every((each, index) => isAddress(each) && !value.slice(0, index).includes(each));
}

function isAddress(value: CborValue): boolean {
  return typeof value === 'string' && value.length <= addressLengthMax && canonicalAddress(value) === value;
}

function decodeOnion(value: CborValue | undefined): PeerRecordFacts['onion'] | 'damaged' {
  if (value === null) return undefined;
  if (!Array.isArray(value) || value.length !== 2) return 'damaged';
  const [key, notAfterWallMs] = value;
  return isBytes(key, 32) && isCount(notAfterWallMs, 0) ? { key, notAfterWallMs } : 'damaged';
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

/** Integers of the decoder are safe ones. */
function isCount(value: CborValue | undefined, least: number): value is number {
  return typeof value === 'number' && value >= least;
}
