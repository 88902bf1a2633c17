/** Asking a node to keep a signed value under its key, and the answer. Layout: docs/protocol/frames.md, section keep. */
import { concat, readU32be, u32be } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { keptValueBytesMax } from './find.ts';
import { frameTypes } from './frame-type.ts';

export interface KeepFrame {
  type: 'keep';
  /** Names the question on this link; an integer in [0, 2^32). */
  question: number;
  /** Signed, 1 to 1,024 bytes; its key follows from it (docs/protocol/rendezvous.md). */
  value: Uint8Array;
}

const outcomes = ['kept', 'old', 'full', 'far', 'refused'] as const;
export type KeepOutcome = (typeof outcomes)[number];

export interface KeptFrame {
  type: 'kept';
  question: number;
  /** `old`: a newer one is kept. `full`: no room. `far`: others are nearer to the key. `refused`: anything else. */
  outcome: KeepOutcome;
}

export function encodeKeep({ question, value }: KeepFrame): Uint8Array {
  invariant(value.length > 0 && value.length <= keptValueBytesMax, 'a value has 1 to 1,024 bytes');
  return concat(Uint8Array.of(frameTypes.keep), u32be(question), value);
}

export function decodeKeep(bytes: Uint8Array): KeepFrame | undefined {
  const length = bytes.length - 5;
  if (length < 1 || length > keptValueBytesMax) return undefined;
  return { type: 'keep', question: readU32be(bytes, 1), value: bytes.subarray(5) };
}

export function encodeKept({ question, outcome }: KeptFrame): Uint8Array {
  return concat(Uint8Array.of(frameTypes.kept), u32be(question), Uint8Array.of(outcomes.indexOf(outcome)));
}

export function decodeKept(bytes: Uint8Array): KeptFrame | undefined {
  const outcome = outcomes[bytes[5] ?? outcomes.length];
  if (bytes.length !== 6 || outcome === undefined) return undefined;
  return { type: 'kept', question: readU32be(bytes, 1), outcome };
}
