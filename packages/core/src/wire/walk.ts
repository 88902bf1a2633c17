/** News of a newcomer on its random walk through the overlay. Layout: docs/protocol/frames.md, section walk. */
import { invariant } from '../base/invariant.ts';
import { topicBytes } from './follow.ts';
import { frameTypes } from './frame-type.ts';
import { decodeRecordEntries, encodeRecordEntries, type RecordEntry } from './record-entries.ts';

export interface WalkFrame {
  type: 'walk';
  /** 16 bytes: the overlay that is meant. */
  topic: Uint8Array;
  /** Steps it may still take, 0 to 255. */
  hopsLeft: number;
  /** The newcomer's record. */
  newcomer: RecordEntry;
}

const hopsAt = 1 + topicBytes;

export function encodeWalk({ topic, hopsLeft, newcomer }: WalkFrame): Uint8Array {
  invariant(topic.length === topicBytes, 'a topic has 16 bytes');
  const bytes = encodeRecordEntries([newcomer], 1, hopsAt + 1);
  bytes[0] = frameTypes.walk;
  bytes.set(topic, 1);
  bytes[hopsAt] = hopsLeft;
  return bytes;
}

export function decodeWalk(bytes: Uint8Array): WalkFrame | undefined {
  const records = decodeRecordEntries(bytes, hopsAt + 1, 1);
  const [newcomer] = records ?? [];
  if (newcomer === undefined) return undefined;
  return { type: 'walk', topic: bytes.subarray(1, hopsAt), hopsLeft: bytes[hopsAt]!, newcomer };
}
