/**
 * Asking to be in each other's active view, and the answers. Layout: docs/protocol/frames.md, section neighbour.
 * What follows from them: docs/protocol/overlay.md.
 */
import { invariant } from '../base/invariant.ts';
import { topicBytes } from './follow.ts';
import { frameTypes } from './frame-type.ts';
import { decodeRecordEntries, encodeRecordEntries, type RecordEntry } from './record-entries.ts';

/** `join`: a newcomer, to be told about. `urgent`: who asks has no other neighbour; only a full table of such refuses. */
const wishes = ['join', 'urgent', 'ask', 'yes', 'no', 'leave'] as const;
export type NeighbourWish = (typeof wishes)[number];

export interface NeighbourFrame {
  type: 'neighbour';
  /** 16 bytes: the overlay that is meant. */
  topic: Uint8Array;
  wish: NeighbourWish;
  /** With a question: our own record, if we publish one. With `no` and `leave`: others to ask. At most 8. */
  records: RecordEntry[];
}

export const neighbourRecordsMax = 8;

const wishAt = 1 + topicBytes;

export function encodeNeighbour(frame: NeighbourFrame): Uint8Array {
  invariant(frame.topic.length === topicBytes, 'a topic has 16 bytes');
  const bytes = encodeRecordEntries(frame.records, neighbourRecordsMax, wishAt + 1);
  bytes[0] = frameTypes.neighbour;
  bytes.set(frame.topic, 1);
  bytes[wishAt] = wishes.indexOf(frame.wish);
  return bytes;
}

export function decodeNeighbour(bytes: Uint8Array): NeighbourFrame | undefined {
  const wish = wishes[bytes[wishAt] ?? wishes.length];
  const records = decodeRecordEntries(bytes, wishAt + 1, neighbourRecordsMax);
  if (wish === undefined || records === undefined) return undefined;
  return { type: 'neighbour', topic: bytes.subarray(1, wishAt), wish, records };
}
