/**
 * Asking to be in each other's active view, and the answers. Layout: docs/protocol/frames.md, section neighbour.
 * What follows from them: docs/protocol/overlay.md.
 */
import { concat } from '../base/bytes.ts';
import { frameTypes } from './frame-type.ts';
import { decodeRecordEntries, encodeRecordEntries, type RecordEntry } from './record-entries.ts';

/** `join`: a newcomer, to be told about. `urgent`: who asks has no other neighbour; only a full table of such refuses. */
const wishes = ['join', 'urgent', 'ask', 'yes', 'no', 'leave'] as const;
export type NeighbourWish = (typeof wishes)[number];

export interface NeighbourFrame {
  type: 'neighbour';
  wish: NeighbourWish;
  /** With a question: our own record, if we publish one. With `no` and `leave`: others to ask. At most 8. */
  records: RecordEntry[];
}

export const neighbourRecordsMax = 8;

export function encodeNeighbour(frame: NeighbourFrame): Uint8Array {
  const records = encodeRecordEntries(frame.records, neighbourRecordsMax);
  return concat(Uint8Array.of(frameTypes.neighbour, wishes.indexOf(frame.wish)), records);
}

export function decodeNeighbour(bytes: Uint8Array): NeighbourFrame | undefined {
  const wish = wishes[bytes[1] ?? wishes.length];
  const records = decodeRecordEntries(bytes, 2, neighbourRecordsMax);
  if (wish === undefined || records === undefined) return undefined;
  return { type: 'neighbour', wish, records };
}
