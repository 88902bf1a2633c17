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
import { type BroadcastFrame, decodeBroadcast, encodeBroadcast } from './broadcast.ts';
import { type BroadcastIdsFrame, decodeBroadcastIds, encodeBroadcastIds } from './broadcast-ids.ts';
import { type BundleOfferFrame, decodeBundleOffer, encodeBundleOffer } from './bundle-offer.ts';
import { type ConfirmFrame, decodeConfirm, encodeConfirm } from './confirm.ts';
import { type ConfirmedFrame, decodeConfirmed, encodeConfirmed } from './confirmed.ts';
import { type EnvelopeFrame, decodeEnvelope, encodeEnvelope } from './envelope.ts';
import { decodeFind, decodeFound, encodeFind, encodeFound, type FindFrame, type FoundFrame } from './find.ts';
import { decodeFollow, encodeFollow, type FollowFrame } from './follow.ts';
import { frameBytesMax, frameTypes, type FrameType } from './frame-type.ts';
import { type GoodbyeFrame, decodeGoodbye, encodeGoodbye } from './goodbye.ts';
import { type HandshakeFrame, decodeHandshake, encodeHandshake } from './handshake.ts';
import { type HelloFrame, decodeHello, encodeHello } from './hello.ts';
import { type IdentityOfferFrame, decodeIdentityOffer, encodeIdentityOffer } from './identity-offer.ts';
import { decodeIntroduction, encodeIntroduction, type IntroductionFrame } from './introduction.ts';
import { decodeKeep, decodeKept, encodeKeep, encodeKept, type KeepFrame, type KeptFrame } from './keep.ts';
import { decodeNeighbour, encodeNeighbour, type NeighbourFrame } from './neighbour.ts';
import { type PingFrame, decodePing, encodePing } from './ping.ts';
import { type PongFrame, decodePong, encodePong } from './pong.ts';
import { type RecogniseFrame, decodeRecognise, encodeRecognise } from './recognise.ts';
import { type RequestFrame, decodeRequest, encodeRequest } from './request.ts';
import { decodeShuffle, encodeShuffle, type ShuffleFrame } from './shuffle.ts';
import { decodeWalk, encodeWalk, type WalkFrame } from './walk.ts';

export type Frame =
  | HelloFrame
  | RecogniseFrame
  | ConfirmFrame
  | ConfirmedFrame
  | BundleOfferFrame
  | IdentityOfferFrame
  | IntroductionFrame
  | PingFrame
  | PongFrame
  | GoodbyeFrame
  | RequestFrame
  | HandshakeFrame
  | EnvelopeFrame
  | NeighbourFrame
  | WalkFrame
  | ShuffleFrame
  | FollowFrame
  | BroadcastFrame
  | BroadcastIdsFrame
  | FindFrame
  | FoundFrame
  | KeepFrame
  | KeptFrame;

/** The frames by which a link is set up and kept: the links machine judges each, and how many come. */
export type LinkFrame =
  | HelloFrame
  | RecogniseFrame
  | ConfirmFrame
  | ConfirmedFrame
  | BundleOfferFrame
  | IdentityOfferFrame
  | IntroductionFrame
  | PingFrame
  | PongFrame
  | GoodbyeFrame;

const linkFrames: ReadonlySet<FrameType> = new Set<LinkFrame['type']>([
  'hello',
  'recognise',
  'confirm',
  'confirmed',
  'bundleOffer',
  'identityOffer',
  'introduction',
  'ping',
  'pong',
  'goodbye',
]);

export function isLinkFrame(frame: Frame): frame is LinkFrame {
  return linkFrames.has(frame.type);
}

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
    case frameTypes.introduction:
      return decodeIntroduction(bytes);
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
    case frameTypes.neighbour:
      return decodeNeighbour(bytes);
    case frameTypes.walk:
      return decodeWalk(bytes);
    case frameTypes.shuffle:
      return decodeShuffle('shuffle', bytes);
    case frameTypes.shuffled:
      return decodeShuffle('shuffled', bytes);
    case frameTypes.follow:
      return decodeFollow(bytes);
    case frameTypes.broadcast:
      return decodeBroadcast(bytes);
    case frameTypes.find:
      return decodeFind(bytes);
    case frameTypes.found:
      return decodeFound(bytes);
    case frameTypes.keep:
      return decodeKeep(bytes);
    case frameTypes.kept:
      return decodeKept(bytes);
    case frameTypes.digest:
      return decodeBroadcastIds('digest', bytes);
    case frameTypes.want:
      return decodeBroadcastIds('want', bytes);
    case frameTypes.prune:
      return decodeBroadcastIds('prune', bytes);
    case frameTypes.dontWant:
      return decodeBroadcastIds('dontWant', bytes);
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
    case 'introduction':
      return encodeIntroduction(frame);
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
    case 'neighbour':
      return encodeNeighbour(frame);
    case 'walk':
      return encodeWalk(frame);
    case 'shuffle':
    case 'shuffled':
      return encodeShuffle(frame);
    case 'follow':
      return encodeFollow(frame);
    case 'broadcast':
      return encodeBroadcast(frame);
    case 'find':
      return encodeFind(frame);
    case 'found':
      return encodeFound(frame);
    case 'keep':
      return encodeKeep(frame);
    case 'kept':
      return encodeKept(frame);
    case 'digest':
    case 'want':
    case 'prune':
    case 'dontWant':
      return encodeBroadcastIds(frame);
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
    case 'broadcast':
    case 'find':
    case 'found':
    case 'keep':
    case 'kept':
      return 'message';
    case 'hello':
    case 'recognise':
    case 'confirm':
    case 'confirmed':
    case 'bundleOffer':
    case 'identityOffer':
    case 'introduction':
    case 'ping':
    case 'pong':
    case 'goodbye':
    case 'neighbour':
    case 'walk':
    case 'shuffle':
    case 'shuffled':
    case 'follow':
    case 'digest':
    case 'want':
    case 'prune':
    case 'dontWant':
      return 'control';
    default:
      return unreachable(type);
  }
}
