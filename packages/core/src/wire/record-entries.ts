/**
 * Signed peer records on their way from node to node, as several frames carry them. Only form and bounds are
 * judged here; the records are verified by `crypto/record`. Layout: docs/protocol/frames.md, section records.
 *
 *     count u8 | count × (hops u8, remaining u16, length u16, record)
 */
import { invariant } from '../base/invariant.ts';

export interface RecordEntry {
  /** Nodes that passed it on so far, 0 from its maker; 0 to 255. Beyond the hop limit it is not passed on. */
  hops: number;
  /** What is left of its lifetime, as the sender says; whole seconds, 0 to 65,535. */
  remainingSeconds: number;
  /** The signed bytes, 1 to 1,024. */
  record: Uint8Array;
}

export const recordBytesMax = 1_024;
const entryHeadBytes = 5;

/** @param headBytes - so much room is left before them, for what a frame begins with. */
export function encodeRecordEntries(
  entries: readonly RecordEntry[],
  entriesMax: number,
  headBytes = 0,
): Uint8Array {
  invariant(entries.length <= entriesMax, 'a frame has room for these records');
  let size = headBytes + 1;
  for (const { record } of entries) size += entryHeadBytes + record.length;
  const bytes = new Uint8Array(size);
  bytes[headBytes] = entries.length;
  let at = headBytes + 1;
  for (const { hops, remainingSeconds, record } of entries) {
    const { length } = record;
    invariant(length > 0 && length <= recordBytesMax, 'a record has 1 to 1,024 bytes');
    const seconds = Math.max(0, Math.min(65_535, Math.floor(remainingSeconds)));
    bytes[at] = hops;
    bytes[at + 1] = seconds >> 8;
    bytes[at + 2] = seconds & 255;
    bytes[at + 3] = length >> 8;
    bytes[at + 4] = length & 255;
    bytes.set(record, at + entryHeadBytes);
    at += entryHeadBytes + length;
  }
  return bytes;
}

/** The entries that fill `bytes` from `offset` to its end, or undefined where they do not. */
export function decodeRecordEntries(
  bytes: Uint8Array,
  offset: number,
  entriesMax: number,
): RecordEntry[] | undefined {
  const count = bytes[offset];
  if (count === undefined || count > entriesMax) return undefined;
  const entries: RecordEntry[] = [];
  let at = offset + 1;
  for (let index = 0; index < count; index++) {
    if (at + entryHeadBytes > bytes.length) return undefined;
    const length = bytes[at + 3]! * 256 + bytes[at + 4]!;
    const end = at + entryHeadBytes + length;
    if (length === 0 || length > recordBytesMax || end > bytes.length) return undefined;
    const remainingSeconds = bytes[at + 1]! * 256 + bytes[at + 2]!;
    entries.push({ hops: bytes[at]!, remainingSeconds, record: bytes.subarray(at + entryHeadBytes, end) });
    at = end;
  }
  return at === bytes.length ? entries : undefined;
}
