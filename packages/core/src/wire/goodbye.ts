/** Says why the link is closed next. Layout: docs/protocol/frames.md, section goodbye. */
import { frameTypes } from './frame-type.ts';

/** The reasons a node gives. Another number is read as it is, and means no more than `closing`. */
export const goodbyeReasons = {
  /** The node stops. */
  closing: 0,
  /** The other speaks another major version. */
  version: 1,
  /** All places are taken; come back later. */
  full: 2,
  /** Another link to the same node stays. */
  duplicate: 3,
  /** Frames out of order, malformed or too many. */
  misbehaved: 4,
  /** Nothing was heard for too long. */
  silent: 5,
} as const;

export interface GoodbyeFrame {
  type: 'goodbye';
  /** 0 to 255; see {@link goodbyeReasons}. */
  reason: number;
}

export function encodeGoodbye(frame: GoodbyeFrame): Uint8Array {
  return Uint8Array.of(frameTypes.goodbye, frame.reason);
}

export function decodeGoodbye(bytes: Uint8Array): GoodbyeFrame | undefined {
  return bytes.length === 2 ? { type: 'goodbye', reason: bytes[1]! } : undefined;
}
