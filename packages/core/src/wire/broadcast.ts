/** One signed message to everybody who follows a topic. Layout: docs/protocol/frames.md, section broadcast. */
import { concat, readU32be, u32be } from '../base/bytes.ts';
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
  const type = Uint8Array.of(frameTypes.broadcast);
  return concat(type, topic, author, encodeSequence(sequence), signature, body);
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

export function encodeSequence(sequence: number): Uint8Array {
  invariant(
    Number.isInteger(sequence) && sequence > 0 && sequence < broadcastSequenceEnd,
    'a sequence has 48 bits',
  );
  const high = Math.floor(sequence / 2 ** 32);
  return concat(Uint8Array.of(high >>> 8, high & 255), u32be(sequence >>> 0));
}

/** The number in the six bytes at `offset`, which may be 0. The caller has checked the length. */
export function readSequence(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! * 256 + bytes[offset + 1]!) * 2 ** 32 + readU32be(bytes, offset + 2);
}
