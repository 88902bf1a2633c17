/**
 * The checker of a list found an entry it knows, and proves that it holds the key.
 * Layout: docs/protocol/frames.md, section confirm.
 */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';
import { recogniseEntriesMax } from './recognise.ts';

export interface ConfirmFrame {
  type: 'confirm';
  /** The round of the list meant. */
  round: number;
  /** Which entry of that list, from 0. */
  index: number;
  /** 32 bytes. */
  mac: Uint8Array;
}

const macBytes = 32;
const confirmBytes = 4 + macBytes;

export function encodeConfirm(frame: ConfirmFrame): Uint8Array {
  const { round, index, mac } = frame;
  invariant(index >= 0 && index < recogniseEntriesMax, 'an index points into a list');
  invariant(mac.length === macBytes, 'a full MAC has 32 bytes');
  return concat(Uint8Array.of(frameTypes.confirm, round, index >>> 8, index & 255), mac);
}

export function decodeConfirm(bytes: Uint8Array): ConfirmFrame | undefined {
  if (bytes.length !== confirmBytes) return undefined;
  const index = bytes[2]! * 256 + bytes[3]!;
  if (index >= recogniseEntriesMax) return undefined;
  return { type: 'confirm', round: bytes[1]!, index, mac: bytes.subarray(4) };
}
