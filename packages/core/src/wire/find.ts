/**
 * A question to a node of the key space, and its answer: the nodes it knows nearest to a key, and what is kept
 * under it. Layout: docs/protocol/frames.md, section find.
 */
import { readU32be, writeU32be } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';
import { decodeRecordEntries, encodeRecordEntries, type RecordEntry } from './record-entries.ts';

export interface FindFrame {
  type: 'find';
  /** Names the question on this link; an integer in [0, 2^32). */
  question: number;
  /** How many records the answer may hold, 1 to 20: few where the asked node is only on the way. */
  wanted: number;
  /** 32 bytes: a place in the key space. */
  key: Uint8Array;
  /** The asker's own record, where it looks for its own place: so its neighbours learn of it. At most 1. */
  records: RecordEntry[];
}

export interface FoundFrame {
  type: 'found';
  question: number;
  /** What is kept under the key, 1 to 1,024 bytes, or undefined. Signed; see docs/protocol/rendezvous.md. */
  value: Uint8Array | undefined;
  /** Records of the nearest nodes known, nearest first; at most 20. */
  records: RecordEntry[];
}

export const keyBytes = 32;
export const keptValueBytesMax = 1_024;
export const foundRecordsMax = 20;
export const findRecordsMax = 1;
const findHeadBytes = 6 + keyBytes;
const foundHeadBytes = 7;

export function encodeFind({ question, wanted, key, records }: FindFrame): Uint8Array {
  invariant(key.length === keyBytes, 'a key has 32 bytes');
  invariant(wanted >= 1 && wanted <= foundRecordsMax, 'an answer holds 1 to 20 records');
  const bytes = encodeRecordEntries(records, findRecordsMax, findHeadBytes);
  bytes[0] = frameTypes.find;
  writeU32be(bytes, 1, question);
  bytes[5] = wanted;
  bytes.set(key, 6);
  return bytes;
}

export function decodeFind(bytes: Uint8Array): FindFrame | undefined {
  const wanted = bytes[5] ?? 0;
  if (bytes.length < findHeadBytes || wanted < 1 || wanted > foundRecordsMax) return undefined;
  const records = decodeRecordEntries(bytes, findHeadBytes, findRecordsMax);
  if (records === undefined) return undefined;
  const key = bytes.subarray(6, findHeadBytes);
  return { type: 'find', question: readU32be(bytes, 1), wanted, key, records };
}

export function encodeFound({ question, value, records }: FoundFrame): Uint8Array {
  const length = value?.length ?? 0;
  invariant(value === undefined || length > 0, 'a value has at least one byte');
  invariant(length <= keptValueBytesMax, 'a value has at most 1,024 bytes');
  const bytes = encodeRecordEntries(records, foundRecordsMax, foundHeadBytes + length);
  bytes[0] = frameTypes.found;
  writeU32be(bytes, 1, question);
  bytes[5] = length >> 8;
  bytes[6] = length;
  if (value !== undefined) bytes.set(value, foundHeadBytes);
  return bytes;
}

export function decodeFound(bytes: Uint8Array): FoundFrame | undefined {
  if (bytes.length < foundHeadBytes) return undefined;
  const length = bytes[5]! * 256 + bytes[6]!;
  const end = foundHeadBytes + length;
  if (length > keptValueBytesMax || end > bytes.length) return undefined;
  const records = decodeRecordEntries(bytes, end, foundRecordsMax);
  if (records === undefined) return undefined;
  const value = length === 0 ? undefined : bytes.subarray(foundHeadBytes, end);
  return { type: 'found', question: readU32be(bytes, 1), value, records };
}
