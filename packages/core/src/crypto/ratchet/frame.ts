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
/** Header without KEM fields. */
export const fixedBytes = 57;
const offerFlag = 1;
const answerFlag = 2;
/** Longest frame: both KEM fields and the largest content. */
export const frameBytesMax: number =
  fixedBytes + kemKeyBytes + kemCiphertextBytes + nonceBytes + 28_672 + tagBytes;

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

/** Bytes {@link writeHeader} takes for this header. */
export function headerBytesOf(header: Header): number {
  return fixedBytes + (header.offer?.length ?? 0) + (header.answer?.length ?? 0);
}

/** Writes sid and header into `into` from `at` on; `into` has the room that {@link headerBytesOf} tells. */
export function writeHeader(into: Uint8Array, at: number, parts: { sid: Uint8Array; header: Header }): void {
  const { dh, previous, n, offer, answer } = parts.header;
  into.set(parts.sid, at);
  into[at + sidBytes] = (offer === undefined ? 0 : offerFlag) | (answer === undefined ? 0 : answerFlag);
  into.set(dh, at + 17);
  writeU32be(into, at + 49, previous);
  writeU32be(into, at + 53, n);
  if (offer !== undefined) into.set(offer, at + fixedBytes);
  if (answer !== undefined) into.set(answer, at + fixedBytes + (offer?.length ?? 0));
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
