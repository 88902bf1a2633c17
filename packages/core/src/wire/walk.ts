/** News of a newcomer on its random walk through the overlay. Layout: docs/protocol/frames.md, section walk. */
import { concat } from '../base/bytes.ts';
import { frameTypes } from './frame-type.ts';
import { decodeRecordEntries, encodeRecordEntries, type RecordEntry } from './record-entries.ts';

export interface WalkFrame {
  type: 'walk';
  /** Steps it may still take, 0 to 255. */
  hopsLeft: number;
  /** The newcomer's record. */
  newcomer: RecordEntry;
}

export function encodeWalk(frame: WalkFrame): Uint8Array {
  return concat(Uint8Array.of(frameTypes.walk, frame.hopsLeft), encodeRecordEntries([frame.newcomer], 1));
}

export function decodeWalk(bytes: Uint8Array): WalkFrame | undefined {
  const records = decodeRecordEntries(bytes, 2, 1);
  const [newcomer] = records ?? [];
  if (newcomer === undefined) return undefined;
  return { type: 'walk', hopsLeft: bytes[1]!, newcomer };
}
