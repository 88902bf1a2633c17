/** Answers a ping with its number. Layout: docs/protocol/frames.md, section pong. */
import { concat, readU32be, u32be } from '../base/bytes.ts';
import { frameTypes } from './frame-type.ts';

export interface PongFrame {
  type: 'pong';
  /** 0 to 2^32 - 1, chosen by the one who asks. */
  token: number;
}

export function encodePong(frame: PongFrame): Uint8Array {
  return concat(Uint8Array.of(frameTypes.pong), u32be(frame.token));
}

export function decodePong(bytes: Uint8Array): PongFrame | undefined {
  return bytes.length === 5 ? { type: 'pong', token: readU32be(bytes, 1) } : undefined;
}
