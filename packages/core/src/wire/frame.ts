/**
 * All frames two neighbours exchange, as one closed union, and the only way from bytes to them.
 *
 * Decoding checks form and bounds, nothing else: whether a frame may come now, and whether it is genuine, is
 * decided by the machines. A decoded frame holds views of the bytes it came from; whoever keeps one longer
 * than the input copies it. Specification: docs/protocol/frames.md.
 *
 * Invariants (frame.test.ts checks them):
 *   1. No bytes make `decodeFrame` throw; whatever is malformed is undefined.
 *   2. Of our version, each frame has exactly one encoding: what decodes encodes to the same bytes.
 */
import { unreachable } from '../base/invariant.ts';
import { type BundleOfferFrame, decodeBundleOffer, encodeBundleOffer } from './bundle-offer.ts';
import { type ConfirmFrame, decodeConfirm, encodeConfirm } from './confirm.ts';
import { type ConfirmedFrame, decodeConfirmed, encodeConfirmed } from './confirmed.ts';
import { type EnvelopeFrame, decodeEnvelope, encodeEnvelope } from './envelope.ts';
import { frameBytesMax, frameTypes, type FrameType } from './frame-type.ts';
import { type GoodbyeFrame, decodeGoodbye, encodeGoodbye } from './goodbye.ts';
import { type HandshakeFrame, decodeHandshake, encodeHandshake } from './handshake.ts';
import { type HelloFrame, decodeHello, encodeHello } from './hello.ts';
import { type IdentityOfferFrame, decodeIdentityOffer, encodeIdentityOffer } from './identity-offer.ts';
import { type PingFrame, decodePing, encodePing } from './ping.ts';
import { type PongFrame, decodePong, encodePong } from './pong.ts';
import { type RecogniseFrame, decodeRecognise, encodeRecognise } from './recognise.ts';
import { type RequestFrame, decodeRequest, encodeRequest } from './request.ts';

export type Frame =
  | HelloFrame
  | RecogniseFrame
  | ConfirmFrame
  | ConfirmedFrame
  | BundleOfferFrame
  | IdentityOfferFrame
  | PingFrame
  | PongFrame
  | GoodbyeFrame
  | RequestFrame
  | HandshakeFrame
  | EnvelopeFrame;

/** Frames of a higher class are written first: control before message before bulk. */
export type WireClass = 'control' | 'message' | 'bulk';

/** The frame these bytes are, or undefined where they are malformed or of an unknown type. Never throws. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length === 0 || bytes.length > frameBytesMax) return undefined;
  const type: number = bytes[0]!;
  switch (type) {
    case frameTypes.hello:
      return decodeHello(bytes);
    case frameTypes.recognise:
      return decodeRecognise(bytes);
    case frameTypes.confirm:
      return decodeConfirm(bytes);
    case frameTypes.confirmed:
      return decodeConfirmed(bytes);
    case frameTypes.bundleOffer:
      return decodeBundleOffer(bytes);
    case frameTypes.identityOffer:
      return decodeIdentityOffer(bytes);
    case frameTypes.ping:
      return decodePing(bytes);
    case frameTypes.pong:
      return decodePong(bytes);
    case frameTypes.goodbye:
      return decodeGoodbye(bytes);
    case frameTypes.request:
      return decodeRequest(bytes);
    case frameTypes.handshake:
      return decodeHandshake(bytes);
    case frameTypes.envelope:
      return decodeEnvelope(bytes);
    default:
      return undefined;
  }
}

/** The bytes of a frame of ours. Throws where a field has a wrong length: that is a programmer's error. */
export function encodeFrame(frame: Frame): Uint8Array {
  switch (frame.type) {
    case 'hello':
      return encodeHello(frame);
    case 'recognise':
      return encodeRecognise(frame);
    case 'confirm':
      return encodeConfirm(frame);
    case 'confirmed':
      return encodeConfirmed(frame);
    case 'bundleOffer':
      return encodeBundleOffer(frame);
    case 'identityOffer':
      return encodeIdentityOffer(frame);
    case 'ping':
      return encodePing(frame);
    case 'pong':
      return encodePong(frame);
    case 'goodbye':
      return encodeGoodbye(frame);
    case 'request':
      return encodeRequest(frame);
    case 'handshake':
      return encodeHandshake(frame);
    case 'envelope':
      return encodeEnvelope(frame);
    default:
      return unreachable(frame);
  }
}

/** In which class a frame is written. `bulk` is for files and history and has no frame yet. */
export function frameClass(type: FrameType): WireClass {
  switch (type) {
    case 'request':
    case 'handshake':
    case 'envelope':
      return 'message';
    case 'hello':
    case 'recognise':
    case 'confirm':
    case 'confirmed':
    case 'bundleOffer':
    case 'identityOffer':
    case 'ping':
    case 'pong':
    case 'goodbye':
      return 'control';
    default:
      return unreachable(type);
  }
}
