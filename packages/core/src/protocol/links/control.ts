/**
 * What one link's control frames lead to: the hello, the lists and their proofs, pings and farewells. It
 * changes the state of that link only; what else has to happen is returned.
 */
import { bytesEqual } from '../../base/bytes.ts';
import type { PeerId } from '../../base/ids.ts';
import { unreachable } from '../../base/invariant.ts';
import type { Crypto } from '../../crypto/crypto.ts';
import type { Frame, LinkFrame } from '../../wire/frame.ts';
import { goodbyeReasons } from '../../wire/goodbye.ts';
import { type HelloFrame, protocolMajor } from '../../wire/hello.ts';
import type { Acquaintances } from './acquaintances.ts';
import type { LinkState } from './link-state.ts';
import { type ConfirmResult, idsPerLinkMax, Recognition } from './recognition.ts';

export interface ControlContext {
  crypto: Crypto;
  self: PeerId;
  acquaintances: Acquaintances;
  nowMs: number;
}

export type ControlAnswer =
  | { is: 'send'; frame: Frame }
  | { is: 'recognised'; id: string }
  /** `goodbye`: what the other is told, by number. */
  | { is: 'close'; reason: string; goodbye: number }
  /** The other closes, and said why, by number. */
  | { is: 'left'; goodbye: number };

export function answerControl(state: LinkState, frame: LinkFrame, context: ControlContext): ControlAnswer[] {
  const { recognition } = state;
  const { acquaintances, nowMs } = context;
  const first = frame.type === 'hello' || frame.type === 'goodbye';
  if (recognition === undefined && !first) return [misbehaved('order')];
  switch (frame.type) {
    case 'hello':
      return hello(state, frame, context);
    case 'goodbye':
      return [{ is: 'left', goodbye: frame.reason }];
    case 'ping':
      return [{ is: 'send', frame: { type: 'pong', token: frame.token } }];
    case 'recognise': {
      if (!state.theirLists.take(nowMs)) return [misbehaved('flood')];
      const hits = recognition?.receive(frame, acquaintances) ?? [];
      return hits.map((hit) => ({ is: 'send', frame: hit }));
    }
    case 'confirm':
      return judge(state, recognition?.confirm(frame, acquaintances));
    case 'confirmed':
      return judge(state, recognition?.confirmed(frame, acquaintances));
    case 'pong': // It was a sign of life.
    case 'bundleOffer': // These are the Peer's.
    case 'identityOffer':
      return [];
    default:
      return unreachable(frame);
  }
}

function hello(state: LinkState, frame: HelloFrame, context: ControlContext): ControlAnswer[] {
  if (frame.major !== protocolMajor) {
    return [{ is: 'close', reason: 'version', goodbye: goodbyeReasons.version }];
  }
  const { remote, selfNonce } = state;
  // Our own nonce can only come back from a mirror. Its lists would prove nothing, but why go on.
  if (state.recognition !== undefined || bytesEqual(frame.nonce, selfNonce)) return [misbehaved('order')];
  const linkContext = { self: context.self, remote, selfNonce, remoteNonce: frame.nonce.slice() };
  state.recognition = new Recognition(context.crypto, linkContext);
  state.relistAtMs = context.nowMs; // The list goes out with this very input.
  return [];
}

function judge(state: LinkState, result: ConfirmResult | undefined): ControlAnswer[] {
  if (result?.is === 'wrong') return [misbehaved('proof')];
  if (result?.is !== 'recognised') return [];
  const { id, answer } = result;
  const answers: ControlAnswer[] = answer === undefined ? [] : [{ is: 'send', frame: answer }];
  if (state.ids.has(id) || state.ids.size >= idsPerLinkMax) return answers;
  state.ids.add(id);
  return [...answers, { is: 'recognised', id }];
}

function misbehaved(reason: string): ControlAnswer {
  return { is: 'close', reason, goodbye: goodbyeReasons.misbehaved };
}
