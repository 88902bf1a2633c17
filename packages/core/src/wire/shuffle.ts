/**
 * Records offered in exchange for others, on a random walk, and the answer on its way back. Layout:
 * docs/protocol/frames.md, section shuffle.
 */
import { concat, readU32be, u32be } from '../base/bytes.ts';
import { frameTypes } from './frame-type.ts';
import { decodeRecordEntries, encodeRecordEntries, type RecordEntry } from './record-entries.ts';

export interface ShuffleFrame {
  type: 'shuffle';
  /** Names the exchange on this link alone; an integer in [0, 2^32). */
  exchange: number;
  /** Steps it may still take, 0 to 255. */
  hopsLeft: number;
  records: RecordEntry[];
}

export interface ShuffledFrame {
  type: 'shuffled';
  exchange: number;
  records: RecordEntry[];
}

export const shuffleRecordsMax = 8;

export function encodeShuffle(frame: ShuffleFrame): Uint8Array {
  const records = encodeRecordEntries(frame.records, shuffleRecordsMax);
  return concat(
    Uint8Array.of(frameTypes.shuffle),
    u32be(frame.exchange),
    Uint8Array.of(frame.hopsLeft),
    records,
  );
}

export function decodeShuffle(bytes: Uint8Array): ShuffleFrame | undefined {
  const records = decodeRecordEntries(bytes, 6, shuffleRecordsMax);
  if (records === undefined) return undefined;
  return { type: 'shuffle', exchange: readU32be(bytes, 1), hopsLeft: bytes[5]!, records };
}

export function encodeShuffled(frame: ShuffledFrame): Uint8Array {
  const records = encodeRecordEntries(frame.records, shuffleRecordsMax);
  return concat(Uint8Array.of(frameTypes.shuffled), u32be(frame.exchange), records);
}

export function decodeShuffled(bytes: Uint8Array): ShuffledFrame | undefined {
  const records = decodeRecordEntries(bytes, 5, shuffleRecordsMax);
  if (records === undefined) return undefined;
  return { type: 'shuffled', exchange: readU32be(bytes, 1), records };
}
