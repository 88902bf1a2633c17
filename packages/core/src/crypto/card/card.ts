/**
 * Cards: what a person hands out so that others can ask to meet, and the links that carry them.
 * Specification: docs/protocol/card.md. Vectors: vectors/card.json.
 *
 * A card binds an intake secret to a person; the current root key signs it. It names no bundle, because a printed
 * card must outlive weekly prekeys; a link may carry one beside it.
 *
 * Invariants: a {@link Card} value was verified in full; one wrong character in a link is always refused; a link
 * never yields an identity of another person or another chain than its card's.
 */
import { bech32m } from '@scure/base';
import { bytesEqual, concat, utf8 } from '../../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { PersonId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { CryptoBackend } from '../backend.ts';
import { H, suite } from '../hash.ts';
import { decodeIdentity, type Identity, type OwnRoot } from '../identity/identity.ts';
import { decodeChain } from '../identity/root-chain.ts';
import { labels } from '../labels.ts';
import { sign, verify } from '../sign.ts';

/** Longest card: 12 root entries, 2 hints, token and prekey. Without a rotation at most 600 bytes. */
export const cardBytesMax = 3_072;
/** Longest link in characters. */
export const linkLengthMax = 8_192;
export const hintsMax = 2;
export const hintBytesMax = 128;
const version = 1;
const linkStart = 'mesh://add?p=';
const linkPrefix = 'kithcard';
const linkVersion = 1;
const linkHashBytes = 8;
const bundleBytesMax = 4_096;

/** What a card says beside who made it. */
export interface CardContent {
  /** 32 bytes, shared by all who hold a card of this maker. */
  intakeSecret: Uint8Array;
  /** A claim; judged by who uses the card. */
  expiresWallMs: number;
  /** At most 2 multiaddrs of at most 128 bytes. */
  hints: string[];
  /** 32 bytes that let one holder in without asking; only in a card for one. */
  token: Uint8Array | undefined;
  /** `id` 8 bytes; only in a card for one. */
  oneTimePrekey: { id: Uint8Array; publicKey: Uint8Array } | undefined;
}

export interface Card extends CardContent {
  person: PersonId;
  /** Root entries in wire form, first to the one that signed. */
  chain: Uint8Array[];
  rootKey: Uint8Array;
  /** Wire form, at most {@link cardBytesMax}. */
  bytes: Uint8Array;
}

export type DecodedLink =
  | { ok: true; card: Card; identity: Identity | undefined; bundle: Uint8Array | undefined }
  /** `newer`: intact, but of a later version. */
  | { ok: false; reason: 'damaged' | 'newer' | 'not-a-card' };

/** A card signed by the current root key, which must be the last of `chain`. */
export function makeCard(
  backend: CryptoBackend,
  root: Pick<OwnRoot, 'current'>,
  content: CardContent & { person: PersonId; chain: Uint8Array[] },
): Card {
  const { chain, intakeSecret, expiresWallMs, hints, token, oneTimePrekey } = content;
  const prekey = oneTimePrekey === undefined ? null : [oneTimePrekey.id, oneTimePrekey.publicKey];
  const fields = [version, suite, chain, intakeSecret, expiresWallMs, hints, token ?? null, prekey];
  const body = encodeCbor(fields);
  const bytes = encodeCbor([body, sign(backend, labels.card, body, root.current.secretKey)]);
  const card = decodeCard(backend, bytes);
  invariant(card !== undefined && card.person === content.person, 'a card just made verifies');
  return card;
}

/** The card of these bytes, chain and signature verified, or undefined. Expiry is not judged here. */
export function decodeCard(backend: CryptoBackend, bytes: Uint8Array): Card | undefined {
  const wire = decodeCbor(bytes, { bytesMax: cardBytesMax });
  if (!Array.isArray(wire) || wire.length !== 2) return undefined;
  const [body, signature] = wire;
  if (!(body instanceof Uint8Array) || !isBytes(signature, 64)) return undefined;
  const fields = decodeCbor(body);
  if (!Array.isArray(fields) || fields.length !== 8) return undefined;
  const [cardVersion, cardSuite, entries, ...rest] = fields;
  if (cardVersion !== version || cardSuite !== suite) return undefined;
  const content = decodeContent(rest);
  const chain = content && decodeChain(backend, entries);
  if (content === undefined || chain === undefined) return undefined;
  const rootKey = chain.current.publicKey;
  if (!verify(backend, labels.card, body, signature, rootKey)) return undefined;
  return {
    ...content,
    person: chain.person,
    chain: chain.entries.map((entry) => entry.bytes),
    rootKey,
    bytes,
  };
}

/**
 * The card as a link, with identity and bundle so that two people in one room need nothing else. Where these
 * would make it longer than {@link linkLengthMax}, the card goes alone and the rest is found by its intake tag.
 */
export function encodeLink(
  backend: CryptoBackend,
  parts: { card: Card; identity: Identity | undefined; bundle: Uint8Array | undefined },
): string {
  const { card, identity, bundle } = parts;
  const full = linkOf(backend, [card.bytes, identity?.bytes ?? null, bundle ?? null]);
  return full.length <= linkLengthMax ? full : linkOf(backend, [card.bytes, null, null]);
}

/** What a link holds. White space around it is fine, and so is upper case throughout, as QR codes prefer it. */
export function decodeLink(backend: CryptoBackend, text: string): DecodedLink {
  if (text.length > linkLengthMax * 2) return { ok: false, reason: 'not-a-card' };
  const trimmed = text.trim();
  const lower = trimmed.toLowerCase();
  // Some letters outside ASCII have an ASCII letter as their lower case.
  if (!lower.startsWith(linkStart) || !/^[!-~]+$/.test(trimmed)) return { ok: false, reason: 'not-a-card' };
  const damaged = { ok: false, reason: 'damaged' } as const;
  // Mixed case is damage: one letter that changed its case is one wrong character.
  if (trimmed.length > linkLengthMax || (trimmed !== lower && trimmed !== trimmed.toUpperCase()))
    return damaged;
  const payload = decodePayload(backend, lower.slice(linkStart.length));
  if (payload === undefined) return damaged;
  if (payload[0]! > linkVersion) return { ok: false, reason: 'newer' };
  const fields = decodeCbor(payload.subarray(1));
  if (payload[0] !== linkVersion || !Array.isArray(fields) || fields.length !== 3) return damaged;
  return decodeParts(backend, fields) ?? damaged;
}

function linkOf(backend: CryptoBackend, fields: CborValue[]): string {
  const content = concat(Uint8Array.of(linkVersion), encodeCbor(fields));
  const payload = concat(content, linkHash(backend, content));
  return linkStart + bech32m.encode(linkPrefix, bech32m.toWords(payload), false);
}

/** Version and content of an intact payload. */
function decodePayload(backend: CryptoBackend, text: string): Uint8Array | undefined {
  const decoded = bech32m.decodeUnsafe(text, linkLengthMax);
  if (!decoded || decoded.prefix !== linkPrefix) return undefined;
  const payload = bech32m.fromWordsUnsafe(decoded.words);
  if (!payload || payload.length < 1 + linkHashBytes) return undefined;
  const content = payload.subarray(0, -linkHashBytes);
  // Beyond about 1,000 characters the checksum alone does not catch two errors far apart.
  return bytesEqual(payload.subarray(-linkHashBytes), linkHash(backend, content)) ? content : undefined;
}

function decodeParts(backend: CryptoBackend, fields: CborValue[]): DecodedLink | undefined {
  const [cardBytes, identityBytes, bundle] = fields;
  if (!(cardBytes instanceof Uint8Array)) return undefined;
  if (bundle !== null && !(bundle instanceof Uint8Array && bundle.length <= bundleBytesMax)) return undefined;
  if (identityBytes !== null && !(identityBytes instanceof Uint8Array)) return undefined;
  const card = decodeCard(backend, cardBytes);
  if (card === undefined) return undefined;
  const identity = identityBytes === null ? undefined : decodeIdentity(backend, identityBytes);
  if (identityBytes !== null && (identity === undefined || !isOfCard(identity, card))) return undefined;
  return { ok: true, card, identity, bundle: bundle ?? undefined };
}

function isOfCard(identity: Identity, card: Card): boolean {
  return (
    identity.chain.length === card.chain.length &&
    identity.chain.every((entry, index) => bytesEqual(entry, card.chain[index]!))
  );
}

function decodeContent(fields: CborValue[]): CardContent | undefined {
  const [intakeSecret, expiresWallMs, hints, token, prekey] = fields;
  if (!isBytes(intakeSecret, 32)) return undefined;
  if (typeof expiresWallMs !== 'number' || expiresWallMs < 0) return undefined;
  if (!Array.isArray(hints) || hints.length > hintsMax || !hints.every(isHint)) return undefined;
  if (token !== null && !isBytes(token, 32)) return undefined;
  const oneTimePrekey = decodePrekey(prekey);
  if (oneTimePrekey === 'damaged') return undefined;
  return { intakeSecret, expiresWallMs, hints, token: token ?? undefined, oneTimePrekey };
}

function decodePrekey(value: CborValue | undefined): CardContent['oneTimePrekey'] | 'damaged' {
  if (value === null) return undefined;
  if (!Array.isArray(value) || value.length !== 2) return 'damaged';
  const [id, publicKey] = value;
  return isBytes(id, 8) && isBytes(publicKey, 32) ? { id, publicKey } : 'damaged';
}

/** The characters of multiaddrs alone: a hint is dialled, shown and logged. */
export function isHint(value: CborValue): value is string {
  return typeof value === 'string' && utf8(value).length <= hintBytesMax && /^\/[\w.:/%~-]+$/.test(value);
}

function linkHash(backend: CryptoBackend, content: Uint8Array): Uint8Array {
  return H(backend, labels.link, content).subarray(0, linkHashBytes);
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}
