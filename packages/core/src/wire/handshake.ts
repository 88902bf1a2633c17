/** A fresh session between people who know each other. Layout: docs/protocol/frames.md, section handshake. */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';

export interface HandshakeFrame {
  type: 'handshake';
  /** 16 bytes: by which the receiver finds the key of the sealed part. */
  tag: Uint8Array;
  /** 24 bytes. */
  nonce: Uint8Array;
  /** 16 to 40,960 bytes: message 1. */
  sealed: Uint8Array;
}

const sealedBytesMax = 40_960;
const sealedBytesMin = 16; // the tag of the AEAD
const tagBytes = 16;
const nonceBytes = 24;
const nonceStart = 1 + tagBytes;
const sealedStart = nonceStart + nonceBytes;

export function encodeHandshake(frame: HandshakeFrame): Uint8Array {
  const { tag, nonce, sealed } = frame;
  invariant(tag.length === tagBytes && nonce.length === nonceBytes, 'a tag has 16 and a nonce 24 bytes');
  invariant(
    sealed.length >= sealedBytesMin && sealed.length <= sealedBytesMax,
    'a sealed handshake has 16 to 40,960 bytes',
  );
  return concat(Uint8Array.of(frameTypes.handshake), tag, nonce, sealed);
}

export function decodeHandshake(bytes: Uint8Array): HandshakeFrame | undefined {
  const sealedLength = bytes.length - sealedStart;
  if (sealedLength < sealedBytesMin || sealedLength > sealedBytesMax) return undefined;
  return {
    type: 'handshake',
    tag: bytes.subarray(1, nonceStart),
    nonce: bytes.subarray(nonceStart, sealedStart),
    sealed: bytes.subarray(sealedStart),
  };
}
