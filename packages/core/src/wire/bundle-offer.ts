/**
 * Our newest prekey bundle and the head of our identity, for somebody who was recognised. Never sent before.
 * Layout: docs/protocol/frames.md, section bundleOffer.
 */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';

export interface BundleOfferFrame {
  type: 'bundleOffer';
  /** 32 bytes: hash of the sorted statements and the chain of the sender's identity. */
  identityHead: Uint8Array;
  /** A signed bundle, 1 to 4,096 bytes; which device it is of follows from the recognition. */
  bundle: Uint8Array;
}

export const bundleBytesMax = 4_096;
const headBytes = 32;
const prefixBytes = 1 + headBytes;

export function encodeBundleOffer(frame: BundleOfferFrame): Uint8Array {
  invariant(frame.identityHead.length === headBytes, 'an identity head has 32 bytes');
  invariant(frame.bundle.length > 0 && frame.bundle.length <= bundleBytesMax, 'a bundle has 1 to 4 KiB');
  return concat(Uint8Array.of(frameTypes.bundleOffer), frame.identityHead, frame.bundle);
}

export function decodeBundleOffer(bytes: Uint8Array): BundleOfferFrame | undefined {
  const length = bytes.length - prefixBytes;
  if (length < 1 || length > bundleBytesMax) return undefined;
  return {
    type: 'bundleOffer',
    identityHead: bytes.subarray(1, prefixBytes),
    bundle: bytes.subarray(prefixBytes),
  };
}
