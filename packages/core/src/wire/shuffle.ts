/**
 * Records offered to a neighbour, and those it gives for them. One exchange at a time on a link, so it needs no
 * number. Layout: docs/protocol/frames.md, section shuffle.
 */
import { invariant } from '../base/invariant.ts';
import { topicBytes } from './follow.ts';
import { frameTypes } from './frame-type.ts';
import { decodeRecordEntries, encodeRecordEntries, type RecordEntry } from './record-entries.ts';

/** `shuffle` asks for records, `shuffled` answers with at most as many as came. */
export interface ShuffleFrame {
  type: 'shuffle' | 'shuffled';
  /** 16 bytes: the overlay that is meant. */
  topic: Uint8Array;
  /** At most 8. */
  records: RecordEntry[];
}

export const shuffleRecordsMax = 8;
const recordsAt = 1 + topicBytes;

export function encodeShuffle({ type, topic, records }: ShuffleFrame): Uint8Array {
  invariant(topic.length === topicBytes, 'a topic has 16 bytes');
  const bytes = encodeRecordEntries(records, shuffleRecordsMax, 1 + topicBytes);
  bytes[0] = frameTypes[type];
  bytes.set(topic, 1);
  return bytes;
}

export function decodeShuffle(type: ShuffleFrame['type'], bytes: Uint8Array): ShuffleFrame | undefined {
  const records = decodeRecordEntries(bytes, recordsAt, shuffleRecordsMax);
  return records && { type, topic: bytes.subarray(1, recordsAt), records };
}
