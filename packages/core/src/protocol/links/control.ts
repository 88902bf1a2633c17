/**
 * What one link's control frames lead to: the hello, the lists and their proofs, pings and farewells. It
 * changes the state of that link only; what else has to happen is returned.
 */
import { bytesEqual } from '../../base/bytes.ts';
import type { PeerId } from '../../base/ids.ts';
import { invariant, unreachable } from '../../base/invariant.ts';
import type { Crypto } from '../../crypto/crypto.ts';
import type { Frame, LinkFrame } from '../../wire/frame.ts';
import { goodbyeReasons } from '../../wire/goodbye.ts';
import { type HelloFrame, protocolMajor } from '../../wire/hello.ts';
import type { Acquaintances } from './acquaintances.ts';
import type { LinkState } from './link-state.ts';
import { type ConfirmResult, idsPerLinkMax, Recognition } from './recognition.ts';

/** On a link for a question nobody is recognised: nothing but this comes of its other end. */
const onQuestions: ReadonlySet<LinkFrame['type']> = new Set(['hello', 'goodbye', 'ping', 'pong']);

export interface ControlContext {
  crypto: Crypto;
  self: PeerId;
  acquaintances: Acquaintances;
  nowMs: number;
}

export type ControlAnswer =
  | { is: 'send'; frame: Frame }
  | { is: 'recognised'; id: string }
  /** It was for a question, and is a neighbour's now. */
  | { is: 'promoted' }
  /** `goodbye`: what the other is told, by number. */
  | { is: 'close'; reason: string; goodbye: number }
  /** The other closes, and said why, by number. */
  | { is: 'left'; goodbye: number };

export function answerControl(state: LinkState, frame: LinkFrame, context: ControlContext): ControlAnswer[] {
  const { recognition } = state;
  const { acquaintances, nowMs } = context;
  const first = frame.type === 'hello' || frame.type === 'goodbye';
  if (!state.open && !first) return [misbehaved('order')];
  if (state.purpose === 'question' && !onQuestions.has(frame.type)) return [misbehaved('order')];
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
    case 'introduction':
      return [];
    default:
      return unreachable(frame);
  }
}

function hello(state: LinkState, frame: HelloFrame, context: ControlContext): ControlAnswer[] {
  if (frame.major !== protocolMajor) {
    return [{ is: 'close', reason: 'version', goodbye: goodbyeReasons.version }];
  }
  // Our own nonce can only come back from a mirror. Its lists would prove nothing, but why go on.
  if (bytesEqual(frame.nonce, state.selfNonce)) return [misbehaved('order')];
  if (state.open) return promotedByThem(state, frame, context);
  state.open = true;
  state.remoteNonce = frame.nonce.slice();
  state.minor = frame.minor;
  // Who dialled says what for. To one of minor 0 every link is a neighbour's.
  if (!state.dialled) state.purpose = frame.purpose;
  else if (frame.minor < 1) state.purpose = 'neighbour';
  if (state.purpose === 'neighbour') beginRecognition(state, context);
  return [];
}

/** A link for a question becomes a neighbour's when either end says hello once more, as a neighbour. */
function promotedByThem(state: LinkState, frame: HelloFrame, context: ControlContext): ControlAnswer[] {
  const { promoted, remoteNonce } = state;
  const again =
    frame.purpose === 'neighbour' && remoteNonce !== undefined && bytesEqual(frame.nonce, remoteNonce);
  const asked = state.purpose === 'question' || promoted.byUs;
  if (!again || !asked || promoted.byThem) return [misbehaved('order')];
  promoted.byThem = true;
  if (state.purpose === 'neighbour') return []; // Both said it at once.
  state.purpose = 'neighbour';
  // We asked it something, as we ask a hundred strangers: its wish alone does not show it how many we know.
  state.listed = !state.dialled;
  beginRecognition(state, context);
  return [{ is: 'promoted' }];
}

export function beginRecognition(
  state: LinkState,
  { crypto, self, nowMs }: Omit<ControlContext, 'acquaintances'>,
): void {
  const { remote, selfNonce, remoteNonce } = state;
  invariant(remoteNonce !== undefined, 'lists come after the hellos');
  state.recognition = new Recognition(crypto, { self, remote, selfNonce, remoteNonce });
  if (state.listed) state.relistAtMs = nowMs; // The list goes out with this very input.
  state.unneededMs = nowMs;
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
