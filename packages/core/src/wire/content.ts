/**
 * What stands inside a session's sealed messages. Specification: docs/protocol/content.md.
 *
 * Each content is a CBOR array `[type, …]`. All but acknowledgements carry a 16-byte id, by which they are
 * acknowledged and recognised when they come again. Decoding bounds every field and never throws.
 */
import { bytesEqual, utf8 } from '../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../base/cbor.ts';
import { isEmoji } from '../base/emoji.ts';
import { canonicalAddress } from '../base/place.ts';
import { textProblem } from '../base/text.ts';

/** Largest text of a message in UTF-8 bytes; with its frame it fits the largest padding of 28,672. */
export const textBytesMax = 28_000;
/** Largest greeting of a request in UTF-8 bytes. */
export const greetingBytesMax = 4_096;
/** Acknowledged ids in one content: 16 of them and their frame fit the smallest padding but one. */
export const ackIdsMax = 48;
const identityBytesMax = 16_384;
// A card carries its root chain, which grows with rotations (crypto/card).
const cardBytesMax = 3_072;
const mailboxesMax = 3;
const mailboxBytesMax = 512;
const nameBytesMax = 256;
/** Addresses a device tells of itself. */
export const toldAddressesMax = 4;
/** Different emoji of one person on one message. */
export const reactionsMax = 8;
/** Messages told to be read in one content: with its frame it fits the padding of 3,072. */
export const readIdsMax = 160;
/** Hues a person can choose among. */
export const huesCount = 12;

export type Content =
  /** `replyTo`: the message (16 bytes) of the same conversation that it answers. */
  | {
      type: 'message';
      id: Uint8Array;
      sentWallMs: number;
      text: string;
      ttlMs: number | undefined;
      replyTo: Uint8Array | undefined;
    }
  /** `tokens` lets carriers drop their copies; empty while there are none. */
  | { type: 'ack'; ids: Uint8Array[]; tokens: Uint8Array[] }
  /** Ends a meeting. `presence` (32 bytes) will locate our devices; `head` is our identity's. */
  | {
      type: 'accept';
      id: Uint8Array;
      name: string;
      card: Uint8Array;
      presence: Uint8Array;
      mailboxes: Uint8Array[];
      head: Uint8Array;
    }
  | {
      type: 'request';
      id: Uint8Array;
      name: string;
      greeting: string;
      card: Uint8Array;
      mailboxes: Uint8Array[];
    }
  /** First content of a session between people who know each other. `reset`: an older session was lost. */
  | { type: 'hello'; id: Uint8Array; head: Uint8Array; reset: boolean }
  | { type: 'identity'; id: Uint8Array; identity: Uint8Array }
  | { type: 'identityAsk'; id: Uint8Array }
  | { type: 'profile'; id: Uint8Array; name: string; hue: number | undefined }
  /** The secret (32 bytes) that locates our devices in the key space; the highest sequence counts. */
  | { type: 'presence'; id: Uint8Array; sequence: number; secret: Uint8Array }
  /** Where this device can be dialled now, canonical (base/place); the highest sequence counts. */
  | { type: 'addresses'; id: Uint8Array; sequence: number; addresses: string[] }
  | Change
  /** Messages of ours that the other person read. */
  | { type: 'read'; id: Uint8Array; messages: Uint8Array[] }
  /** Without an id: never acknowledged, never kept. */
  | { type: 'typing'; on: boolean };

/** What happens to a message, `target`. Of edits and reactions the highest sequence counts; a deletion is final. */
export type Change =
  | { type: 'edit'; id: Uint8Array; target: Uint8Array; sequence: number; text: string }
  | { type: 'delete'; id: Uint8Array; target: Uint8Array }
  /** All emoji of this person on that message; none takes all back. */
  | { type: 'react'; id: Uint8Array; target: Uint8Array; sequence: number; emoji: string[] };

const numbers = {
  message: 1,
  ack: 2,
  accept: 3,
  request: 4,
  hello: 5,
  identity: 6,
  identityAsk: 7,
  profile: 8,
  presence: 9,
  addresses: 10,
  edit: 11,
  delete: 12,
  react: 13,
  read: 14,
  typing: 15,
} as const;

/** Bytes of a content. Its fields must be within the bounds above: our own code chose them. */
export function encodeContent(content: Content): Uint8Array {
  const number = numbers[content.type];
  switch (content.type) {
    case 'message': {
      const { id, sentWallMs, text, ttlMs, replyTo } = content;
      return encodeCbor([number, id, sentWallMs, text, ttlMs ?? null, replyTo ?? null]);
    }
    case 'ack':
      return encodeCbor([number, content.ids, content.tokens]);
    case 'accept': {
      const { id, name, card, presence, mailboxes, head } = content;
      return encodeCbor([number, id, name, card, presence, mailboxes, head]);
    }
    case 'request': {
      const { id, name, greeting, card, mailboxes } = content;
      return encodeCbor([number, id, name, greeting, card, mailboxes]);
    }
    case 'hello':
      return encodeCbor([number, content.id, content.head, content.reset]);
    case 'identity':
      return encodeCbor([number, content.id, content.identity]);
    case 'identityAsk':
      return encodeCbor([number, content.id]);
    case 'profile':
      return encodeCbor([number, content.id, content.name, content.hue ?? null]);
    case 'presence':
      return encodeCbor([number, content.id, content.sequence, content.secret]);
    case 'addresses':
      return encodeCbor([number, content.id, content.sequence, content.addresses]);
    case 'edit':
      return encodeCbor([number, content.id, content.target, content.sequence, content.text]);
    case 'delete':
      return encodeCbor([number, content.id, content.target]);
    case 'react':
      return encodeCbor([number, content.id, content.target, content.sequence, content.emoji]);
    case 'read':
      return encodeCbor([number, content.id, content.messages]);
    case 'typing':
      return encodeCbor([number, content.on]);
  }
}

/** The content of opened bytes, or undefined where they are none or break a bound. */
export function decodeContent(bytes: Uint8Array): Content | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value)) return undefined;
  const [number, ...fields] = value;
  if (number === numbers.ack) return ack(fields);
  if (number === numbers.typing) return typing(fields);
  const [id, ...rest] = fields;
  if (typeof number !== 'number' || !isBytes(id, 16)) return undefined;
  switch (number) {
    case numbers.message:
      return message(id, rest);
    case numbers.accept:
      return accept(id, rest);
    case numbers.request:
      return request(id, rest);
    case numbers.hello: {
      const [head, reset, ...extra] = rest;
      if (!isBytes(head, 32) || typeof reset !== 'boolean' || extra.length > 0) return undefined;
      return { type: 'hello', id, head, reset };
    }
    case numbers.identity: {
      const [identity, ...extra] = rest;
      if (!isBytesUpTo(identity, identityBytesMax) || extra.length > 0) return undefined;
      return { type: 'identity', id, identity };
    }
    case numbers.identityAsk:
      return rest.length === 0 ? { type: 'identityAsk', id } : undefined;
    case numbers.profile:
      return profile(id, rest);
    case numbers.presence: {
      const [sequence, secret, ...extra] = rest;
      if (!isTime(sequence) || !isBytes(secret, 32) || extra.length > 0) return undefined;
      return { type: 'presence', id, sequence, secret };
    }
    case numbers.addresses: {
      const [sequence, addresses, ...extra] = rest;
      if (!isTime(sequence) || !areAddresses(addresses) || extra.length > 0) return undefined;
      return { type: 'addresses', id, sequence, addresses };
    }
    case numbers.edit:
    case numbers.delete:
    case numbers.react:
      return change(number, id, rest);
    case numbers.read: {
      const [messages, ...extra] = rest;
      if (!areIds(messages, readIdsMax) || messages.length === 0 || extra.length > 0) return undefined;
      return { type: 'read', id, messages };
    }
    default:
      return undefined;
  }
}

function message(id: Uint8Array, fields: CborValue[]): Content | undefined {
  const [sentWallMs, text, ttl, replyTo, ...extra] = fields;
  if (!isTime(sentWallMs) || !isMessageText(text) || extra.length > 0) return undefined;
  if (ttl !== null && !(isTime(ttl) && ttl >= 1)) return undefined;
  if (replyTo !== null && !isBytes(replyTo, 16)) return undefined;
  return { type: 'message', id, sentWallMs, text, ttlMs: ttl ?? undefined, replyTo: replyTo ?? undefined };
}

function change(number: number, id: Uint8Array, fields: CborValue[]): Change | undefined {
  const [target, ...rest] = fields;
  if (!isBytes(target, 16)) return undefined;
  if (number === numbers.delete) return rest.length === 0 ? { type: 'delete', id, target } : undefined;
  const [sequence, said, ...extra] = rest;
  if (!isTime(sequence) || extra.length > 0) return undefined;
  if (number === numbers.edit) {
    return isMessageText(said) ? { type: 'edit', id, target, sequence, text: said } : undefined;
  }
  return areEmoji(said) ? { type: 'react', id, target, sequence, emoji: said } : undefined;
}

function typing(fields: CborValue[]): Content | undefined {
  const [on, ...extra] = fields;
  return typeof on === 'boolean' && extra.length === 0 ? { type: 'typing', on } : undefined;
}

function profile(id: Uint8Array, fields: CborValue[]): Content | undefined {
  const [name, hue, ...extra] = fields;
  if (!isText(name, nameBytesMax) || extra.length > 0) return undefined;
  if (hue !== null && !(isTime(hue) && hue < huesCount)) return undefined;
  return { type: 'profile', id, name, hue: hue ?? undefined };
}

function ack(fields: CborValue[]): Content | undefined {
  const [ids, tokens, ...extra] = fields;
  if (!areIds(ids, ackIdsMax) || ids.length === 0) return undefined;
  if (!isBytesList(tokens, ackIdsMax, 16) || extra.length > 0) return undefined;
  return { type: 'ack', ids, tokens };
}

function accept(id: Uint8Array, fields: CborValue[]): Content | undefined {
  const [name, card, presence, mailboxes, head, ...extra] = fields;
  if (!isText(name, nameBytesMax) || !isBytesUpTo(card, cardBytesMax)) return undefined;
  if (!isBytes(presence, 32) || !isBytesList(mailboxes, mailboxesMax, undefined)) return undefined;
  if (!isBytes(head, 32) || extra.length > 0) return undefined;
  return { type: 'accept', id, name, card, presence, mailboxes, head };
}

function request(id: Uint8Array, fields: CborValue[]): Content | undefined {
  const [name, greeting, card, mailboxes, ...extra] = fields;
  if (!isText(name, nameBytesMax) || !isText(greeting, greetingBytesMax)) return undefined;
  if (greeting !== '' && textProblem(greeting) !== undefined) return undefined;
  if (!isBytesUpTo(card, cardBytesMax)) return undefined;
  if (!isBytesList(mailboxes, mailboxesMax, undefined) || extra.length > 0) return undefined;
  return { type: 'request', id, name, greeting, card, mailboxes };
}

function areAddresses(value: CborValue | undefined): value is string[] {
  if (!Array.isArray(value) || value.length > toldAddressesMax) return false;
  return value.every(
    (each, index) =>
      typeof each === 'string' && canonicalAddress(each) === each && !value.slice(0, index).includes(each),
  );
}

/** Repeats would only waste work; an honest peer never sends them. */
function areIds(value: CborValue | undefined, countMax: number): value is Uint8Array[] {
  if (!isBytesList(value, countMax, 16)) return false;
  return value.every((each, index) => !value.slice(0, index).some((earlier) => bytesEqual(earlier, each)));
}

function areEmoji(value: CborValue | undefined): value is string[] {
  if (!Array.isArray(value) || value.length > reactionsMax) return false;
  return value.every(
    (each, index) => typeof each === 'string' && isEmoji(each) && !value.slice(0, index).includes(each),
  );
}

function isMessageText(value: CborValue | undefined): value is string {
  return isText(value, textBytesMax) && textProblem(value) === undefined;
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

function isBytesUpTo(value: CborValue | undefined, lengthMax: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= lengthMax;
}

/** `length` undefined: mailboxes, each of bounded length. */
function isBytesList(
  value: CborValue | undefined,
  countMax: number,
  length: number | undefined,
): value is Uint8Array[] {
  if (!Array.isArray(value) || value.length > countMax) return false;
  return value.every((each) =>
    length === undefined ? isBytesUpTo(each, mailboxBytesMax) : isBytes(each, length),
  );
}

function isText(value: CborValue | undefined, bytesMax: number): value is string {
  return typeof value === 'string' && value.length <= bytesMax && utf8(value).length <= bytesMax;
}

function isTime(value: CborValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
