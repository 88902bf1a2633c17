/** First frame on every link, once in each direction. Layout: docs/protocol/frames.md, section hello. */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';

/** What this build speaks. A link between different majors is refused. */
export const protocolMajor = 1;
/** Rises when frames are added; a sender uses only what the lower minor of both knows. */
export const protocolMinor = 2;

/** From this minor on a node knows the introduction frame. */
export const introductionMinor = 2;

/** What a link is for: as long as both like, or one question and its answer. */
export type LinkPurpose = 'neighbour' | 'question';

export interface HelloFrame {
  type: 'hello';
  /** 0 to 255. */
  major: number;
  /** 0 to 255. */
  minor: number;
  /** 32 fresh bytes: the challenge of recognition. */
  nonce: Uint8Array;
  /** Since minor 1; before, all links are for neighbours. */
  purpose: LinkPurpose;
}

const nonceBytes = 32;
const firstBytes = 3 + nonceBytes; // What minor 0 had, and what every version begins with.
const helloBytes = firstBytes + 1;
const purposes: readonly LinkPurpose[] = ['neighbour', 'question'];
// A later version may append to hello; this much lets an older one still read who speaks, and answer why not.
const helloBytesMax = 256;

export function encodeHello({ major, minor, nonce, purpose }: HelloFrame): Uint8Array {
  invariant(nonce.length === nonceBytes, 'a hello nonce has 32 bytes');
  const first = concat(Uint8Array.of(frameTypes.hello, major, minor), nonce);
  if (hasPurpose(major, minor)) return concat(first, Uint8Array.of(purposes.indexOf(purpose)));
  invariant(purpose === 'neighbour', 'minor 0 knows no other purpose');
  return first;
}

export function decodeHello(bytes: Uint8Array): HelloFrame | undefined {
  if (bytes.length < firstBytes || bytes.length > helloBytesMax) return undefined;
  const major = bytes[1]!;
  const minor = bytes[2]!;
  const newer = major > protocolMajor || (major === protocolMajor && minor > protocolMinor);
  const named = hasPurpose(major, minor) ? purposes[bytes[firstBytes] ?? 255] : 'neighbour';
  const length = hasPurpose(major, minor) ? helloBytes : firstBytes;
  if (!newer && (bytes.length !== length || named === undefined)) return undefined;
  const nonce = bytes.subarray(3, firstBytes);
  return { type: 'hello', major, minor, nonce, purpose: named ?? 'neighbour' };
}

/** Whether a hello of this version names its purpose. */
function hasPurpose(major: number, minor: number): boolean {
  return major > 1 || (major === 1 && minor >= 1);
}
