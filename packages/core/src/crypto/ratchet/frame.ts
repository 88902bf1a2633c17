/**
 * The frame of a ratchet message, as bytes. No keys, no state. Specification: docs/protocol/ratchet.md, "Frame".
 * Fixed offsets instead of CBOR: this runs for every message, and its bytes are the associated data.
 */
import { readU32be } from '../../base/bytes.ts';
import { paddedSizes } from './padding.ts';

export const sidBytes = 16;
export const kemKeyBytes = 1_184;
export const kemCiphertextBytes = 1_088;
export const nonceBytes = 24;
const tagBytes = 16;
const dhBytes = 32;
const fixedBytes = 57;
const offerFlag = 1;
const answerFlag = 2;

export interface Header {
  /** X25519 public key of the sending chain. */
  dh: Uint8Array;
  /** Messages in the sender's chain before this one. */
  previous: number;
  /** Number of this message in its chain, from 0. */
  n: number;
  offer: Uint8Array | undefined;
  answer: Uint8Array | undefined;
}

/** Views into the frame they were read from. */
export interface Frame {
  sid: Uint8Array;
  header: Header;
  /** Everything before the nonce: what the seal authenticates besides th2. */
  headerBytes: Uint8Array;
  nonce: Uint8Array;
  sealed: Uint8Array;
}

/** @returns `prefix` and then the header's bytes, in one array. */
export function encodeHeader(prefix: Uint8Array, sid: Uint8Array, header: Header): Uint8Array {
  const { dh, previous, n, offer, answer } = header;
  const at = prefix.length;
  const bytes = new Uint8Array(at + fixedBytes + (offer?.length ?? 0) + (answer?.length ?? 0));
  bytes.set(prefix);
  bytes.set(sid, at);
  bytes[at + sidBytes] = (offer === undefined ? 0 : offerFlag) | (answer === undefined ? 0 : answerFlag);
  bytes.set(dh, at + 17);
  writeU32be(bytes, at + 49, previous);
  writeU32be(bytes, at + 53, n);
  if (offer !== undefined) bytes.set(offer, at + fixedBytes);
  if (answer !== undefined) bytes.set(answer, at + fixedBytes + (offer?.length ?? 0));
  return bytes;
}

/** @returns the parts of a frame, or undefined where flags or length are impossible. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < fixedBytes) return undefined;
  const flags = bytes[sidBytes]!;
  if ((flags & ~(offerFlag | answerFlag)) !== 0) return undefined;
  const offerEnd = fixedBytes + ((flags & offerFlag) === 0 ? 0 : kemKeyBytes);
  const headerEnd = offerEnd + ((flags & answerFlag) === 0 ? 0 : kemCiphertextBytes);
  const sealedAt = headerEnd + nonceBytes;
  if (!paddedSizes.includes(bytes.length - sealedAt - tagBytes)) return undefined;
  return {
    sid: bytes.subarray(0, sidBytes),
    header: {
      dh: bytes.subarray(17, 17 + dhBytes),
      previous: readU32be(bytes, 49),
      n: readU32be(bytes, 53),
      offer: offerEnd === fixedBytes ? undefined : bytes.subarray(fixedBytes, offerEnd),
      answer: headerEnd === offerEnd ? undefined : bytes.subarray(offerEnd, headerEnd),
    },
    headerBytes: bytes.subarray(0, headerEnd),
    nonce: bytes.subarray(headerEnd, sealedAt),
    sealed: bytes.subarray(sealedAt),
  };
}

function writeU32be(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
