/** First frame on every link, once in each direction. Layout: docs/protocol/frames.md, section hello. */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';

/** What this build speaks. A link between different majors is refused. */
export const protocolMajor = 1;
/** Rises when frames are added; a sender uses only what the lower minor of both knows. */
export const protocolMinor = 0;

export interface HelloFrame {
  type: 'hello';
  /** 0 to 255. */
  major: number;
  /** 0 to 255. */
  minor: number;
  /** 32 fresh bytes: the challenge of recognition. */
  nonce: Uint8Array;
}

const nonceBytes = 32;
const helloBytes = 3 + nonceBytes;
// A later version may append to hello; this much lets an older one still read who speaks, and answer why not.
const helloBytesMax = 256;

export function encodeHello(frame: HelloFrame): Uint8Array {
  invariant(frame.nonce.length === nonceBytes, 'a hello nonce has 32 bytes');
  return concat(Uint8Array.of(frameTypes.hello, frame.major, frame.minor), frame.nonce);
}

export function decodeHello(bytes: Uint8Array): HelloFrame | undefined {
  if (bytes.length < helloBytes || bytes.length > helloBytesMax) return undefined;
  const major = bytes[1]!;
  const minor = bytes[2]!;
  const newer = major > protocolMajor || (major === protocolMajor && minor > protocolMinor);
  if (bytes.length !== helloBytes && !newer) return undefined;
  return { type: 'hello', major, minor, nonce: bytes.subarray(3, helloBytes) };
}
