/**
 * A first contact. The gate stands outside the sealed part, so that a flood is turned away before any dear
 * work is done for it. Layout: docs/protocol/frames.md, section request.
 */
import { concat } from '../base/bytes.ts';
import { invariant, unreachable } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';

/** Why the request deserves work: a token of a `--once` card, or work done for it. */
export type Gate =
  /** `tokenId` 16 bytes, `mac` 32 bytes. */
  | { kind: 'token'; tokenId: Uint8Array; mac: Uint8Array }
  /** `solution` 8 bytes. */
  | { kind: 'work'; solution: Uint8Array };

export interface RequestFrame {
  type: 'request';
  /** 16 bytes: the intake tag of the week. */
  tag: Uint8Array;
  gate: Gate;
  /** 24 bytes. */
  nonce: Uint8Array;
  /** 16 to 49,152 bytes: message 1 under the envelope key of the card. */
  sealed: Uint8Array;
}

/** Room for an identity of 16 KiB in its padding, and the largest content of a request. */
const sealedBytesMax = 49_152;
const sealedBytesMin = 16; // the tag of the AEAD
const tagBytes = 16;
const nonceBytes = 24;
const tokenIdBytes = 16;
const macBytes = 32;
const solutionBytes = 8;
const tokenKind = 1;
const workKind = 2;
const gateStart = 1 + tagBytes;

export function encodeRequest(frame: RequestFrame): Uint8Array {
  const { tag, gate, nonce, sealed } = frame;
  invariant(tag.length === tagBytes && nonce.length === nonceBytes, 'a tag has 16 and a nonce 24 bytes');
  invariant(
    sealed.length >= sealedBytesMin && sealed.length <= sealedBytesMax,
    'a sealed request has 16 to 49,152 bytes',
  );
  return concat(Uint8Array.of(frameTypes.request), tag, encodeGate(gate), nonce, sealed);
}

export function decodeRequest(bytes: Uint8Array): RequestFrame | undefined {
  const gateBytes = bytes[gateStart] === tokenKind ? tokenIdBytes + macBytes : solutionBytes;
  const nonceStart = gateStart + 1 + gateBytes;
  const sealedStart = nonceStart + nonceBytes;
  const sealedLength = bytes.length - sealedStart;
  if (sealedLength < sealedBytesMin || sealedLength > sealedBytesMax) return undefined;
  const gate = decodeGate(bytes[gateStart]!, bytes.subarray(gateStart + 1, nonceStart));
  if (gate === undefined) return undefined;
  return {
    type: 'request',
    tag: bytes.subarray(1, gateStart),
    gate,
    nonce: bytes.subarray(nonceStart, sealedStart),
    sealed: bytes.subarray(sealedStart),
  };
}

function encodeGate(gate: Gate): Uint8Array {
  switch (gate.kind) {
    case 'token':
      invariant(gate.tokenId.length === tokenIdBytes, 'a token id has 16 bytes');
      invariant(gate.mac.length === macBytes, 'a token MAC has 32 bytes');
      return concat(Uint8Array.of(tokenKind), gate.tokenId, gate.mac);
    case 'work':
      invariant(gate.solution.length === solutionBytes, 'a solution has 8 bytes');
      return concat(Uint8Array.of(workKind), gate.solution);
    default:
      return unreachable(gate);
  }
}

function decodeGate(kind: number, bytes: Uint8Array): Gate | undefined {
  switch (kind) {
    case tokenKind:
      return { kind: 'token', tokenId: bytes.subarray(0, tokenIdBytes), mac: bytes.subarray(tokenIdBytes) };
    case workKind:
      return { kind: 'work', solution: bytes };
    default:
      return undefined;
  }
}
