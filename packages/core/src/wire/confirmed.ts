/**
 * The author of a list answers a confirm: it holds the key as well.
 * Layout: docs/protocol/frames.md, section confirmed.
 */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';
import { recogniseEntriesMax } from './recognise.ts';

export interface ConfirmedFrame {
  type: 'confirmed';
  /** The round of the list meant. */
  round: number;
  /** Which entry of that list, from 0. */
  index: number;
  /** 32 bytes. */
  mac: Uint8Array;
}

const macBytes = 32;
const confirmedBytes = 4 + macBytes;

export function encodeConfirmed(frame: ConfirmedFrame): Uint8Array {
  const { round, index, mac } = frame;
  invariant(index >= 0 && index < recogniseEntriesMax, 'an index points into a list');
  invariant(mac.length === macBytes, 'a full MAC has 32 bytes');
  return concat(Uint8Array.of(frameTypes.confirmed, round, index >>> 8, index & 255), mac);
}

export function decodeConfirmed(bytes: Uint8Array): ConfirmedFrame | undefined {
  if (bytes.length !== confirmedBytes) return undefined;
  const index = bytes[2]! * 256 + bytes[3]!;
  if (index >= recogniseEntriesMax) return undefined;
  return { type: 'confirmed', round: bytes[1]!, index, mac: bytes.subarray(4) };
}
