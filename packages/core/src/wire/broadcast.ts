/** One signed message to everybody who follows a topic. Layout: docs/protocol/frames.md, section broadcast. */
import { concat, readU32be, u64be } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { topicBytes } from './follow.ts';
import { frameTypes } from './frame-type.ts';

export interface BroadcastFrame {
  type: 'broadcast';
  topic: Uint8Array;
  /** Ed25519 key of its author, 32 bytes. */
  author: Uint8Array;
  /** Counts the author's messages in this topic from 1; an integer in [1, 2^53). */
  sequence: number;
  /** 64 bytes over topic, author, sequence and body (crypto/broadcast). */
  signature: Uint8Array;
  /** 1 to 60,000 bytes. */
  body: Uint8Array;
}

export const broadcastBodyBytesMax = 60_000;
export const authorBytes = 32;
const signatureBytes = 64;
const authorAt = 1 + topicBytes;
const sequenceAt = authorAt + authorBytes;
const signatureAt = sequenceAt + 8;
const bodyAt = signatureAt + signatureBytes;

export function encodeBroadcast(frame: BroadcastFrame): Uint8Array {
  const { topic, author, sequence, signature, body } = frame;
  invariant(topic.length === topicBytes && author.length === authorBytes, 'a broadcast has topic and author');
  invariant(signature.length === signatureBytes, 'a signature has 64 bytes');
  invariant(body.length > 0 && body.length <= broadcastBodyBytesMax, 'a body has 1 to 60,000 bytes');
  return concat(Uint8Array.of(frameTypes.broadcast), topic, author, u64be(sequence), signature, body);
}

export function decodeBroadcast(bytes: Uint8Array): BroadcastFrame | undefined {
  const length = bytes.length - bodyAt;
  if (length < 1 || length > broadcastBodyBytesMax) return undefined;
  const high = readU32be(bytes, sequenceAt);
  const sequence = high * 2 ** 32 + readU32be(bytes, sequenceAt + 4);
  if (high >= 2 ** 21 || sequence === 0) return undefined;
  return {
    type: 'broadcast',
    topic: bytes.subarray(1, authorAt),
    author: bytes.subarray(authorAt, sequenceAt),
    sequence,
    signature: bytes.subarray(signatureAt, bodyAt),
    body: bytes.subarray(bodyAt),
  };
}
