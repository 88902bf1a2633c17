/**
 * Rendezvous values: what people who share a secret leave for each other with strangers of the key space.
 * Specification: docs/protocol/rendezvous.md. Vectors: vectors/rendezvous.json.
 *
 * Secret, slot and week give a key pair, and its public key gives the place where the value is kept. A keeper can check
 * that the value belongs there and which of two is newer, and nothing else: all values look alike, have one
 * size, and no key of one week or slot can be linked with another's without the secret.
 *
 * Everybody who holds the secret can sign and open. What stands inside must be judged by its own signature.
 */
import { concat, u32be, u64be, utf8 } from '../../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../base/cbor.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend, KeyPair } from '../backend.ts';
import type { Crypto } from '../crypto.ts';
import { derive, H } from '../hash.ts';
import { labels } from '../labels.ts';
import { sign, verify } from '../sign.ts';

/** Longest value in wire form. */
export const rendezvousBytesMax = 1_024;
/** Longest time a value may ask to be kept. */
export const rendezvousTtlMsMax: number = 24 * 3_600_000;
/** Longest content; all are padded to one byte more. */
export const rendezvousContentBytesMax = 719;
const paddedBytes = rendezvousContentBytesMax + 1;
const nonceBytes = 24;
const sealedBytes = nonceBytes + paddedBytes + 16;
const slotBytesMax = 128;
const version = 1;
/** Signing seed, sealing key, key of nonces. */
const derivedBytes = 96;

export interface RendezvousKeys {
  signing: KeyPair;
  /** 32 bytes. */
  sealing: Uint8Array;
  /** 32 bytes: hedges the nonces. */
  nonceKey: Uint8Array;
  /** 32 bytes: where in the key space the value is kept. */
  place: Uint8Array;
}

/** What any keeper sees of a value; its signature and place were verified. */
export interface Rendezvous {
  /** 32 bytes. */
  place: Uint8Array;
  /** 32 bytes, of this week and slot alone. */
  publicKey: Uint8Array;
  /** From 1; the highest wins. */
  sequence: number;
  /** From receipt, 1 to {@link rendezvousTtlMsMax}. */
  ttlMs: number;
  sealed: Uint8Array;
  /** Wire form, at most {@link rendezvousBytesMax}. */
  bytes: Uint8Array;
}

/**
 * The keys of one slot in one week, made for one use and given back by {@link wipeRendezvousKeys}: the signing key has a
 * place in locked memory, of which there are few.
 *
 * @param secret - 32 bytes that those who may meet there share.
 * @param where - `slot`: at most 128 bytes; `week`: whole weeks since the Unix epoch.
 */
export function rendezvousKeys(
  backend: CryptoBackend,
  secret: Uint8Array,
  where: { slot: string; week: number },
): RendezvousKeys {
  const { slot, week } = where;
  const slotBytes = utf8(slot);
  invariant(
    secret.length === 32 && slotBytes.length <= slotBytesMax,
    'a secret of 32 bytes and a short slot',
  );
  invariant(Number.isInteger(week) && week >= 0 && week < 2 ** 32, 'weeks are counted from the epoch');
  const salt = concat(u32be(week), slotBytes);
  const derived = derive(backend, labels.rendezvousKeys, salt, secret, derivedBytes);
  const signing = backend.ed25519KeyPair(derived.subarray(0, 32));
  const keys = { signing, sealing: derived.slice(32, 64), nonceKey: derived.slice(64) };
  backend.wipe(derived);
  return { ...keys, place: rendezvousPlace(backend, signing.publicKey) };
}

export function wipeRendezvousKeys(backend: CryptoBackend, keys: RendezvousKeys): void {
  backend.secrets.release(keys.signing.secretKey);
  for (const secret of [keys.sealing, keys.nonceKey]) backend.wipe(secret);
}

/** Where values under this key are kept, 32 bytes. */
export function rendezvousPlace(backend: CryptoBackend, publicKey: Uint8Array): Uint8Array {
  return H(backend, labels.rendezvousPlace, publicKey).slice(0, 32);
}

/** A value in wire form. `content`: at most {@link rendezvousContentBytesMax}; its length does not show. */
export function makeRendezvous(
  { backend, keys: source }: Crypto,
  keys: RendezvousKeys,
  what: { sequence: number; ttlMs: number; content: Uint8Array },
): Uint8Array {
  const { sequence, ttlMs, content } = what;
  invariant(content.length <= rendezvousContentBytesMax, 'the content of a value has at most 719 bytes');
  const { publicKey, secretKey } = keys.signing;
  const padded = new Uint8Array(paddedBytes);
  padded.set(content);
  padded[content.length] = 0x80;
  const nonce = backend.blake2b(nonceBytes, keys.nonceKey, source.bytes(nonceBytes), u64be(sequence), padded);
  const sealed = concat(nonce, backend.xchachaSeal(keys.sealing, nonce, publicKey, padded));
  backend.wipe(padded);
  const body = encodeCbor([version, publicKey, sequence, ttlMs, sealed]);
  const bytes = encodeCbor([body, sign(backend, labels.rendezvousValue, body, secretKey)]);
  invariant(readRendezvous(bytes) !== undefined, 'sequence and lifetime of a value are within their bounds');
  return bytes;
}

/** What a keeper may take: form, bounds and signature verified; the place follows from the key inside. */
export function decodeRendezvous(backend: CryptoBackend, bytes: Uint8Array): Rendezvous | undefined {
  const read = readRendezvous(bytes);
  if (read === undefined) return undefined;
  const { body, signature, value } = read;
  if (!verify(backend, labels.rendezvousValue, body, signature, value.publicKey)) return undefined;
  return { ...value, place: rendezvousPlace(backend, value.publicKey) };
}

/** The content of a value under these keys, or undefined where it is none of theirs or does not verify. */
export function openRendezvous(
  backend: CryptoBackend,
  keys: RendezvousKeys,
  bytes: Uint8Array,
): { content: Uint8Array; sequence: number; ttlMs: number } | undefined {
  const value = decodeRendezvous(backend, bytes);
  const { publicKey } = keys.signing;
  if (value === undefined || !backend.equal(value.publicKey, publicKey)) return undefined;
  const nonce = value.sealed.subarray(0, nonceBytes);
  const padded = backend.xchachaOpen(keys.sealing, nonce, publicKey, value.sealed.subarray(nonceBytes));
  const end = padded === undefined ? -1 : endOfContent(padded);
  const content = padded?.slice(0, Math.max(0, end));
  if (padded !== undefined) backend.wipe(padded);
  if (content === undefined || end < 0) return undefined;
  return { content, sequence: value.sequence, ttlMs: value.ttlMs };
}

function readRendezvous(
  bytes: Uint8Array,
): { body: Uint8Array; signature: Uint8Array; value: Omit<Rendezvous, 'place'> } | undefined {
  const wire = decodeCbor(bytes, { bytesMax: rendezvousBytesMax });
  if (!Array.isArray(wire) || wire.length !== 2) return undefined;
  const [body, signature] = wire;
  if (!(body instanceof Uint8Array) || !isBytes(signature, 64)) return undefined;
  const fields = decodeCbor(body);
  if (!Array.isArray(fields) || fields.length !== 5) return undefined;
  const [valueVersion, publicKey, sequence, ttlMs, sealed] = fields;
  if (valueVersion !== version || !isBytes(publicKey, 32) || !isBytes(sealed, sealedBytes)) return undefined;
  if (typeof sequence !== 'number' || sequence < 1) return undefined;
  if (typeof ttlMs !== 'number' || ttlMs < 1 || ttlMs > rendezvousTtlMsMax) return undefined;
  return { body, signature, value: { publicKey, sequence, ttlMs, sealed, bytes } };
}

/** Where the padding begins: the last byte that is not zero, which must be 0x80; or -1. */
function endOfContent(padded: Uint8Array): number {
  const end = padded.findLastIndex((byte) => byte !== 0);
  return end >= 0 && padded[end] === 0x80 ? end : -1;
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}
