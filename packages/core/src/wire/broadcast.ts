/** One signed message to everybody who follows a topic. Layout: docs/protocol/frames.md, section broadcast. */
import { readU32be } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { topicBytes } from './follow.ts';
import { frameTypes } from './frame-type.ts';

export interface BroadcastFrame {
  type: 'broadcast';
  topic: Uint8Array;
  /** Ed25519 key of its author, 32 bytes. */
  author: Uint8Array;
  /** Counts the author's messages in this topic from 1; an integer in [1, 2^48). */
  sequence: number;
  /** 64 bytes over topic, author, sequence and body (crypto/broadcast). */
  signature: Uint8Array;
  /** 1 to 60,000 bytes. */
  body: Uint8Array;
}

export const broadcastBodyBytesMax = 60_000;
/** Sequences are below this: 48 bits, which a clock in milliseconds fills in 8,900 years. */
export const broadcastSequenceEnd: number = 2 ** 48;
export const authorBytes = 32;
export const sequenceBytes = 6;
export const signatureBytes = 64;
const authorAt = 1 + topicBytes;
const sequenceAt = authorAt + authorBytes;
const signatureAt = sequenceAt + sequenceBytes;
const bodyAt = signatureAt + signatureBytes;

export function encodeBroadcast(frame: BroadcastFrame): Uint8Array {
  const { topic, author, sequence, signature, body } = frame;
  invariant(topic.length === topicBytes && author.length === authorBytes, 'a broadcast has topic and author');
  invariant(signature.length === signatureBytes, 'a signature has 64 bytes');
  invariant(body.length > 0 && body.length <= broadcastBodyBytesMax, 'a body has 1 to 60,000 bytes');
  const bytes = new Uint8Array(bodyAt + body.length);
  bytes[0] = frameTypes.broadcast;
  bytes.set(topic, 1);
  bytes.set(author, authorAt);
  writeSequence(bytes, sequenceAt, sequence);
  bytes.set(signature, signatureAt);
  bytes.set(body, bodyAt);
  return bytes;
}

export function decodeBroadcast(bytes: Uint8Array): BroadcastFrame | undefined {
  const length = bytes.length - bodyAt;
  if (length < 1 || length > broadcastBodyBytesMax) return undefined;
  const sequence = readSequence(bytes, sequenceAt);
  if (sequence === 0) return undefined;
  return {
    type: 'broadcast',
    topic: bytes.subarray(1, authorAt),
    author: bytes.subarray(authorAt, sequenceAt),
    sequence,
    signature: bytes.subarray(signatureAt, bodyAt),
    body: bytes.subarray(bodyAt),
  };
}

/** Six bytes, big-endian, at `offset`. */
export function writeSequence(bytes: Uint8Array, offset: number, sequence: number): void {
  invariant(
    Number.isInteger(sequence) && sequence > 0 && sequence < broadcastSequenceEnd,
    'a sequence has 48 bits',
  );
  const high = Math.floor(sequence / 2 ** 32);
  bytes[offset] = high >>> 8;
  bytes[offset + 1] = high;
  bytes[offset + 2] = sequence >>> 24;
  bytes[offset + 3] = sequence >>> 16;
  bytes[offset + 4] = sequence >>> 8;
  bytes[offset + 5] = sequence;
}

/** The number in the six bytes at `offset`, which may be 0. The caller has checked the length. */
export function readSequence(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! * 256 + bytes[offset + 1]!) * 2 ** 32 + readU32be(bytes, offset + 2);
}
