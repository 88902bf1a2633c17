/**
 * The frames that name broadcasts without carrying them: what somebody has, wants, or need not be sent, and
 * which author's messages shall come over this link or not. Layout: docs/protocol/frames.md, section broadcast ids.
 *
 *     type u8 | topic 16 | count u8 | count × (author 32, sequence u64)
 */
import { concat, readU32be, u64be } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { authorBytes } from './broadcast.ts';
import { topicBytes } from './follow.ts';
import { frameTypes } from './frame-type.ts';

export interface BroadcastId {
  author: Uint8Array;
  /** As in the broadcast; in `prune` the newest that is known. */
  sequence: number;
}

const kinds = ['digest', 'want', 'prune', 'dontWant'] as const;
export type BroadcastIdsKind = (typeof kinds)[number];

/** `digest`: we have these. `want`: send these, and the author's later ones. `prune`: send this author's no more. */
export interface BroadcastIdsFrame {
  type: BroadcastIdsKind;
  topic: Uint8Array;
  /** 1 to 64. */
  ids: BroadcastId[];
}

export const broadcastIdsMax = 64;
const idBytes = authorBytes + 8;
const headBytes = 1 + topicBytes + 1;

export function encodeBroadcastIds({ type, topic, ids }: BroadcastIdsFrame): Uint8Array {
  invariant(topic.length === topicBytes, 'a topic has 16 bytes');
  invariant(ids.length > 0 && ids.length <= broadcastIdsMax, 'a frame names 1 to 64 broadcasts');
  const parts = [Uint8Array.of(frameTypes[type]), topic, Uint8Array.of(ids.length)];
  for (const { author, sequence } of ids) parts.push(author, u64be(sequence));
  return concat(...parts);
}

export function decodeBroadcastIds(type: BroadcastIdsKind, bytes: Uint8Array): BroadcastIdsFrame | undefined {
  const count = bytes[headBytes - 1] ?? 0;
  if (count < 1 || count > broadcastIdsMax || bytes.length !== headBytes + count * idBytes) return undefined;
  const ids: BroadcastId[] = [];
  for (let at = headBytes; at < bytes.length; at += idBytes) {
    const high = readU32be(bytes, at + authorBytes);
    if (high >= 2 ** 21) return undefined;
    const sequence = high * 2 ** 32 + readU32be(bytes, at + authorBytes + 4);
    ids.push({ author: bytes.subarray(at, at + authorBytes), sequence });
  }
  return { type, topic: bytes.subarray(1, 1 + topicBytes), ids };
}
