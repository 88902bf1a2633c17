/**
 * The frames that name broadcasts without carrying them: what somebody has, wants, or need not be sent, and
 * which author's messages shall come over this link or not. Layout: docs/protocol/frames.md, section broadcast ids.
 *
 *     type u8 | topic 16 | 1 to 64 × (handle 8, sequence u48, run u8)
 *
 * These frames come several times as often as broadcasts: so an author is named by the first 8 bytes of its key.
 */
import { invariant } from '../base/invariant.ts';
import { readSequence, sequenceBytes, writeSequence } from './broadcast.ts';
import { topicBytes } from './follow.ts';
import { frameTypes } from './frame-type.ts';

/** The broadcasts `sequence - run` to `sequence` of an author. */
export interface BroadcastId {
  /** The first 8 bytes of the author's key. */
  handle: Uint8Array;
  /** An integer in [1, 2^48). */
  sequence: number;
  /** 0 to 255, and below `sequence`. */
  run: number;
}

const kinds = ['digest', 'want', 'prune', 'dontWant'] as const;
export type BroadcastIdsKind = (typeof kinds)[number];

/**
 * `digest`: we have these. `want`: send these, and what else comes of their authors. `prune`: send digests alone of these
 * authors. `dontWant`: we have these, and are about to send them on.
 */
export interface BroadcastIdsFrame {
  type: BroadcastIdsKind;
  topic: Uint8Array;
  /** 1 to 64. */
  ids: BroadcastId[];
}

export const broadcastIdsMax = 64;
export const broadcastRunMax = 255;
export const handleBytes = 8;
const idBytes = handleBytes + sequenceBytes + 1;
const headBytes = 1 + topicBytes;

export function encodeBroadcastIds({ type, topic, ids }: BroadcastIdsFrame): Uint8Array {
  invariant(topic.length === topicBytes, 'a topic has 16 bytes');
  invariant(ids.length > 0 && ids.length <= broadcastIdsMax, 'a frame names 1 to 64 runs of broadcasts');
  const bytes = new Uint8Array(headBytes + ids.length * idBytes);
  bytes[0] = frameTypes[type];
  bytes.set(topic, 1);
  let at = headBytes;
  for (const { handle, sequence, run } of ids) {
    invariant(handle.length === handleBytes, 'a handle has 8 bytes');
    invariant(run >= 0 && run <= broadcastRunMax && run < sequence, 'a run begins at 1 or later');
    bytes.set(handle, at);
    writeSequence(bytes, at + handleBytes, sequence);
    bytes[at + idBytes - 1] = run;
    at += idBytes;
  }
  return bytes;
}

export function decodeBroadcastIds(type: BroadcastIdsKind, bytes: Uint8Array): BroadcastIdsFrame | undefined {
  const count = (bytes.length - headBytes) / idBytes;
  if (!Number.isInteger(count) || count < 1 || count > broadcastIdsMax) return undefined;
  const ids: BroadcastId[] = [];
  for (let at = headBytes; at < bytes.length; at += idBytes) {
    const sequence = readSequence(bytes, at + handleBytes);
    const run = bytes[at + idBytes - 1]!;
    if (run >= sequence) return undefined;
    ids.push({ handle: bytes.subarray(at, at + handleBytes), sequence, run });
  }
  return { type, topic: bytes.subarray(1, headBytes), ids };
}
