/**
 * Signed peer records on their way from node to node, as several frames carry them. Only form and bounds are
 * judged here; the records are verified by `crypto/record`. Layout: docs/protocol/frames.md, section records.
 *
 *     count u8 | count × (hops u8, remaining u16, length u16, record)
 */
import { concat } from '../base/bytes.ts';
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

export function encodeRecordEntries(entries: readonly RecordEntry[], entriesMax: number): Uint8Array {
  invariant(entries.length <= entriesMax, 'a frame has room for these records');
  const parts: Uint8Array[] = [Uint8Array.of(entries.length)];
  for (const { hops, remainingSeconds, record } of entries) {
    invariant(record.length > 0 && record.length <= recordBytesMax, 'a record has 1 to 1,024 bytes');
    const seconds = Math.max(0, Math.min(65_535, Math.floor(remainingSeconds)));
    const { length } = record;
    parts.push(Uint8Array.of(hops, seconds >> 8, seconds & 255, length >> 8, length & 255), record);
  }
  return concat(...parts);
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
