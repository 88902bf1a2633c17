/**
 * Our identity (root chain and device statements), for somebody who proved to hold a card of ours: a printed
 * card names only the person. Never sent before. Layout: docs/protocol/frames.md, section identityOffer.
 */
import { concat } from '../base/bytes.ts';
import { invariant } from '../base/invariant.ts';
import { frameTypes } from './frame-type.ts';

export interface IdentityOfferFrame {
  type: 'identityOffer';
  /** 1 to 16,384 bytes, as in docs/protocol/identity.md. */
  identity: Uint8Array;
}

export const identityBytesMax = 16_384;

export function encodeIdentityOffer(frame: IdentityOfferFrame): Uint8Array {
  const { identity } = frame;
  invariant(identity.length > 0 && identity.length <= identityBytesMax, 'an identity has 1 to 16,384 bytes');
  return concat(Uint8Array.of(frameTypes.identityOffer), identity);
}

export function decodeIdentityOffer(bytes: Uint8Array): IdentityOfferFrame | undefined {
  const length = bytes.length - 1;
  if (length < 1 || length > identityBytesMax) return undefined;
  return { type: 'identityOffer', identity: bytes.subarray(1) };
}
