/**
 * The bytes of message 1. No keys. Specification: docs/protocol/handshake.md, "Message 1".
 */
import { concat, readU32be, u32be } from '../../base/bytes.ts';
import { paddedSizes } from '../ratchet/padding.ts';
import { suite } from '../hash.ts';
import { bundleHashBytes, oneTimePrekeyIdBytes } from './bundle.ts';

export const message1Version = 1;
const tagBytes = 16;
const ephemeralAt = 2 + bundleHashBytes + oneTimePrekeyIdBytes;
const ciphertextAt = ephemeralAt + 32;
const lengthAt = ciphertextAt + 1_088;
const certificateAt = lengthAt + 4;
/** Two padded contents of the largest size, their tags, and the fields: below a frame of 64 KiB. */
export const message1BytesMax = 60_000;

export interface Message1 {
  bundleHash: Uint8Array;
  /** All zeros when no one-time prekey was used. */
  oneTimePrekeyId: Uint8Array;
  ephemeral: Uint8Array;
  kemCiphertext: Uint8Array;
  /** c1: the initiator's device and identity, sealed. */
  sealedIdentity: Uint8Array;
  frame: Uint8Array;
}

export function encodeMessage1(message: Message1): Uint8Array {
  return concat(
    Uint8Array.of(message1Version, suite),
    message.bundleHash,
    message.oneTimePrekeyId,
    message.ephemeral,
    message.kemCiphertext,
    u32be(message.sealedIdentity.length),
    message.sealedIdentity,
    message.frame,
  );
}

/** @returns views into `bytes`, or undefined where version, suite or lengths are not those of a message 1. */
export function decodeMessage1(bytes: Uint8Array): Message1 | undefined {
  if (bytes.length < certificateAt || bytes.length > message1BytesMax) return undefined;
  if (bytes[0] !== message1Version || bytes[1] !== suite) return undefined;
  const sealedLength = readU32be(bytes, lengthAt);
  if (!paddedSizes.includes(sealedLength - tagBytes)) return undefined;
  const frameAt = certificateAt + sealedLength;
  if (frameAt >= bytes.length) return undefined;
  return {
    bundleHash: bytes.subarray(2, 2 + bundleHashBytes),
    oneTimePrekeyId: bytes.subarray(2 + bundleHashBytes, ephemeralAt),
    ephemeral: bytes.subarray(ephemeralAt, ciphertextAt),
    kemCiphertext: bytes.subarray(ciphertextAt, lengthAt),
    sealedIdentity: bytes.subarray(certificateAt, frameAt),
    frame: bytes.subarray(frameAt),
  };
}
