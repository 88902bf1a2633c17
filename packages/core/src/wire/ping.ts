/** Asks whether the other side is still there. Layout: docs/protocol/frames.md, section ping. */
import { concat, readU32be, u32be } from '../base/bytes.ts';
import { frameTypes } from './frame-type.ts';

export interface PingFrame {
  type: 'ping';
  /** 0 to 2^32 - 1, chosen by the one who asks. */
  token: number;
}

export function encodePing(frame: PingFrame): Uint8Array {
  return concat(Uint8Array.of(frameTypes.ping), u32be(frame.token));
}

export function decodePing(bytes: Uint8Array): PingFrame | undefined {
  return bytes.length === 5 ? { type: 'ping', token: readU32be(bytes, 1) } : undefined;
}
