/**
 * Which devices are a person's: root-signed statements, kept as a set. Specification: docs/protocol/identity.md.
 *
 * Replicas keep the union; revoke beats add; the order in which statements come is irrelevant. Each device takes
 * one place of the set, with its revoke when there is one, else with its add, so that the limits too give the
 * same set in any order. A statement counts under the root key that signed it: after a rotation only those of
 * the new key do, and what a thief of the old one signs is void.
 */
import { bytesEqual, hex, utf8 } from '../../base/bytes.ts';
import { type CborValue, decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { DeviceId } from '../../base/ids.ts';
import type { CryptoBackend } from '../backend.ts';
import { H, suite } from '../hash.ts';
import { labels } from '../labels.ts';
import { sign, verify } from '../sign.ts';

/** Statements of one root key (docs/protocol/identity.md). */
export const statementsMax = 64;
/** Devices that one root key may add, live or revoked: with names of 32 bytes they fill the 16 KiB of an identity. */
export const devicesMax = 44;
/** Devices that speak for a person at once (docs/protocol/identity.md). Of more, the earliest count. */
export const liveDevicesMax = 8;
/** Name of a device in UTF-8 bytes. */
export const deviceNameBytesMax = 32;
const statementBytesMax = 320;
const version = 1;
const kinds = { add: 1, revoke: 2 } as const;

export interface AddStatement {
  kind: 'add';
  bytes: Uint8Array;
  /** Signed by the device (possession) and by the root. */
  body: Uint8Array;
  deviceSignature: Uint8Array;
  rootSignature: Uint8Array;
  device: DeviceId;
  person: Uint8Array;
  signingKey: Uint8Array;
  agreementKey: Uint8Array;
  name: string;
  seq: number;
}

export interface RevokeStatement {
  kind: 'revoke';
  bytes: Uint8Array;
  body: Uint8Array;
  rootSignature: Uint8Array;
  device: DeviceId;
  person: Uint8Array;
  /** What the device signed with a sequence number above this is void; 0 voids everything. */
  cutoff: number;
  seq: number;
}

export type Statement = AddStatement | RevokeStatement;

/** What a device says of itself, 32-byte person hash included, so that nobody else can claim it. */
export function deviceBody(parts: {
  person: Uint8Array;
  signingKey: Uint8Array;
  agreementKey: Uint8Array;
  name: string;
  seq: number;
}): Uint8Array {
  const { person, signingKey, agreementKey, name, seq } = parts;
  return encodeCbor([version, suite, person, signingKey, agreementKey, name, seq]);
}

/** 32 bytes in hex over what the device says of itself: the same under every root key. */
export function deviceIdOf(backend: CryptoBackend, body: Uint8Array): DeviceId {
  return hex(H(backend, labels.deviceId, body).slice(0, 32)) as DeviceId;
}

/** The device's half of an `add`: 64 bytes. */
export function signPossession(
  backend: CryptoBackend,
  body: Uint8Array,
  deviceSecret: Uint8Array,
): Uint8Array {
  return sign(backend, labels.devicePossession, body, deviceSecret);
}

/** Wire form of an `add`. */
export function encodeAdd(
  backend: CryptoBackend,
  parts: { body: Uint8Array; deviceSignature: Uint8Array },
  rootSecret: Uint8Array,
): Uint8Array {
  const rootSignature = sign(backend, labels.deviceAdd, parts.body, rootSecret);
  return encodeCbor([kinds.add, parts.body, parts.deviceSignature, rootSignature]);
}

/** Wire form of a `revoke`. `device`, `person`: 32 bytes each. */
export function encodeRevoke(
  backend: CryptoBackend,
  parts: { person: Uint8Array; device: Uint8Array; cutoff: number; seq: number },
  rootSecret: Uint8Array,
): Uint8Array {
  const { person, device, cutoff, seq } = parts;
  const body = encodeCbor([version, suite, person, device, cutoff, seq]);
  return encodeCbor([kinds.revoke, body, sign(backend, labels.deviceRevoke, body, rootSecret)]);
}

/** The statement of these bytes, with its signatures not yet verified, or undefined. */
export function parseStatement(backend: CryptoBackend, bytes: CborValue): Statement | undefined {
  const wire = bytes instanceof Uint8Array ? decodeCbor(bytes, { bytesMax: statementBytesMax }) : undefined;
  if (!(bytes instanceof Uint8Array) || !Array.isArray(wire)) return undefined;
  const [kind, body, ...signatures] = wire;
  if (!(body instanceof Uint8Array)) return undefined;
  const fields = decodeCbor(body);
  if (!Array.isArray(fields) || fields[0] !== version || fields[1] !== suite) return undefined;
  const content = { bytes, body, fields: fields.slice(2), signatures };
  if (kind === kinds.add) return parseAdd(backend, content);
  return kind === kinds.revoke ? parseRevoke(content) : undefined;
}

/** Whether a parsed statement is of this person, signed by this root key and, for an `add`, by the device. */
export function verifyStatement(
  backend: CryptoBackend,
  statement: Statement,
  root: { person: Uint8Array; publicKey: Uint8Array },
): boolean {
  const { body, rootSignature, person } = statement;
  if (!bytesEqual(person, root.person)) return false;
  if (statement.kind === 'revoke') {
    return verify(backend, labels.deviceRevoke, body, rootSignature, root.publicKey);
  }
  const { deviceSignature, signingKey } = statement;
  return (
    verify(backend, labels.deviceAdd, body, rootSignature, root.publicKey) &&
    verify(backend, labels.devicePossession, body, deviceSignature, signingKey)
  );
}

/**
 * The set that any collection of statements of one root key stands for, in its one order (by bytes).
 *
 * Of several about one device: revoke before add, then the lowest cutoff, then the lowest bytes. Of too many
 * devices: revoked ones stay, lowest id first, up to {@link statementsMax}; then the earliest adds, up to
 * {@link devicesMax} devices in all. Truncating early or late gives the same, because a revoke always takes
 * the place of its device and never frees one.
 */
export function normalise(statements: Statement[]): Statement[] {
  const byDevice = new Map<DeviceId, Statement>();
  for (const statement of statements) {
    const known = byDevice.get(statement.device);
    if (known === undefined || outranks(statement, known)) byDevice.set(statement.device, statement);
  }
  const kept = [...byDevice.values()];
  const revokes = kept
    .filter((each) => each.kind === 'revoke')
    .sort((a, b) => (a.device < b.device ? -1 : 1))
    .slice(0, statementsMax);
  const adds = inOrder(kept).slice(0, Math.max(0, devicesMax - revokes.length));
  return [...revokes, ...adds].sort((a, b) => compareBytes(a.bytes, b.bytes));
}

/** The devices that speak for the person, earliest first, at most {@link liveDevicesMax}. */
export function liveDevices(normal: Statement[]): AddStatement[] {
  return inOrder(normal).slice(0, liveDevicesMax);
}

/** Negative, zero or positive, as `a` sorts before, with or after `b`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let index = 0; index < common; index++) {
    if (a[index] !== b[index]) return a[index]! - b[index]!;
  }
  return a.length - b.length;
}

/** Adds by seq, then by device: the same order on every replica. */
function inOrder(statements: Statement[]): AddStatement[] {
  const adds = statements.filter((each) => each.kind === 'add');
  return adds.sort((a, b) => a.seq - b.seq || (a.device < b.device ? -1 : 1));
}

function outranks(a: Statement, b: Statement): boolean {
  if (a.kind !== b.kind) return a.kind === 'revoke';
  if (a.kind === 'revoke' && b.kind === 'revoke' && a.cutoff !== b.cutoff) return a.cutoff < b.cutoff;
  return compareBytes(a.bytes, b.bytes) < 0;
}

interface Content {
  bytes: Uint8Array;
  body: Uint8Array;
  fields: CborValue[];
  signatures: CborValue[];
}

function parseAdd(backend: CryptoBackend, content: Content): AddStatement | undefined {
  const { bytes, body, fields, signatures } = content;
  const [deviceSignature, rootSignature] = signatures;
  if (signatures.length !== 2 || !isBytes(deviceSignature, 64) || !isBytes(rootSignature, 64))
    return undefined;
  const [person, signingKey, agreementKey, name, seq] = fields;
  if (fields.length !== 5 || !isBytes(person, 32)) return undefined;
  if (!isBytes(signingKey, 32) || !isBytes(agreementKey, 32) || !isDeviceName(name)) return undefined;
  if (!isCount(seq)) return undefined;
  const signed = { kind: 'add' as const, bytes, body, deviceSignature, rootSignature };
  return { ...signed, device: deviceIdOf(backend, body), person, signingKey, agreementKey, name, seq };
}

function parseRevoke(content: Content): RevokeStatement | undefined {
  const { bytes, body, fields, signatures } = content;
  const [rootSignature] = signatures;
  if (signatures.length !== 1 || !isBytes(rootSignature, 64)) return undefined;
  const [person, device, cutoff, seq] = fields;
  if (fields.length !== 4 || !isBytes(person, 32) || !isBytes(device, 32)) return undefined;
  if (!isCount(cutoff) || !isCount(seq)) return undefined;
  const named = { device: hex(device) as DeviceId, person, cutoff, seq };
  return { kind: 'revoke', bytes, body, rootSignature, ...named };
}

/** Validity must not hang on a runtime's Unicode tables: who shows a name cleans it (base/text.ts). */
export function isDeviceName(value: CborValue | undefined): value is string {
  if (typeof value !== 'string' || value.length < 1 || value.length > deviceNameBytesMax) return false;
  return utf8(value).length <= deviceNameBytesMax;
}

function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

function isCount(value: CborValue | undefined): value is number {
  return typeof value === 'number' && value >= 0;
}
