/**
 * The list by which two nodes find out whether they know each other, and strangers learn nothing.
 * What the entries mean: docs/protocol/links.md. Layout: docs/protocol/frames.md, section recognise.
 */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';

export interface RecogniseFrame {
  type: 'recognise';
  /** 0 to 255; names this list in the confirmations that answer it. */
  round: number;
  /** 32 fresh bytes, so that two lists of one link share no entry. */
  nonce: Uint8Array;
  /** Short MACs and random bytes that look alike, 8 bytes each, one after the other. */
  entries: Uint8Array;
}

export const recogniseEntryBytes = 8;
export const recogniseEntriesMin = 64;
export const recogniseEntriesMax = 1_024;

const nonceBytes = 32;
const headBytes = 3 + nonceBytes;
const exponentMin = 6; // 2^6 entries
const exponentMax = 10; // 2^10 entries

export function encodeRecognise(frame: RecogniseFrame): Uint8Array {
  const exponent = Math.log2(frame.entries.length / recogniseEntryBytes);
  invariant(Number.isInteger(exponent), 'the number of entries is a power of two');
  invariant(exponent >= exponentMin && exponent <= exponentMax, 'a list has 64 to 1,024 entries');
  invariant(frame.nonce.length === nonceBytes, 'a list nonce has 32 bytes');
  return concat(Uint8Array.of(frameTypes.recognise, frame.round, exponent), frame.nonce, frame.entries);
}

export function decodeRecognise(bytes: Uint8Array): RecogniseFrame | undefined {
  if (bytes.length < headBytes) return undefined;
  const exponent = bytes[2]!;
  if (exponent < exponentMin || exponent > exponentMax) return undefined;
  if (bytes.length !== headBytes + 2 ** exponent * recogniseEntryBytes) return undefined;
  return {
    type: 'recognise',
    round: bytes[1]!,
    nonce: bytes.subarray(3, headBytes),
    entries: bytes.subarray(headBytes),
  };
}
