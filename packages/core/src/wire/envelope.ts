/**
 * One sealed message of a session, opaque to everybody but its two devices.
 * Layout: docs/protocol/frames.md, section envelope; what is inside: docs/protocol/envelope.md.
 */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';

export interface EnvelopeFrame {
  type: 'envelope';
  /** 17 to 40,960 bytes: a version byte, a tag of 16 bytes, then what only the session can read. */
  bytes: Uint8Array;
}

const envelopeBytesMax = 40_960;
const tagEnd = 17;

export function encodeEnvelope(frame: EnvelopeFrame): Uint8Array {
  const { length } = frame.bytes;
  invariant(length >= tagEnd && length <= envelopeBytesMax, 'an envelope has 17 to 40,960 bytes');
  return concat(Uint8Array.of(frameTypes.envelope), frame.bytes);
}

export function decodeEnvelope(bytes: Uint8Array): EnvelopeFrame | undefined {
  const length = bytes.length - 1;
  if (length < tagEnd || length > envelopeBytesMax) return undefined;
  return { type: 'envelope', bytes: bytes.subarray(1) };
}
