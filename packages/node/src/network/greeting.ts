/**
 * The first frame in each direction of a link stream. The dialler greets, the other side answers; only an
 * `accept` makes a link. After it every frame belongs to the Peer.
 *
 *     greeting  1 | u32be turn
 *     accept    2 | u32be turn
 *     refuse    3 | u8 reason
 *
 * `turn` counts the greetings a node has sent to anybody. An accept carries the answerer's own count: each
 * greeting it sent up to then is void, so a late one cannot replace the link that both just agreed on.
 */
import { readU32be, u32be } from '@kith/core/base/bytes';

export const refusals = ['duplicate', 'full', 'stopping'] as const;
export type Refusal = (typeof refusals)[number];

export type Greeting =
  | { type: 'greeting'; turn: number }
  | { type: 'accept'; turn: number }
  | { type: 'refuse'; reason: Refusal };

const typeByte = { greeting: 1, accept: 2, refuse: 3 } as const;

export function encodeGreeting(greeting: Greeting): Uint8Array {
  if (greeting.type === 'refuse') return Uint8Array.of(typeByte.refuse, refusals.indexOf(greeting.reason));
  return Uint8Array.of(typeByte[greeting.type], ...u32be(greeting.turn));
}

/** @returns undefined where the bytes are no greeting. */
export function decodeGreeting(bytes: Uint8Array): Greeting | undefined {
  if (bytes[0] === typeByte.refuse && bytes.length === 2) {
    const reason = refusals[bytes[1]!];
    return reason === undefined ? undefined : { type: 'refuse', reason };
  }
  if (bytes.length !== 5) return undefined;
  const turn = readU32be(bytes, 1);
  if (bytes[0] === typeByte.greeting) return { type: 'greeting', turn };
  return bytes[0] === typeByte.accept ? { type: 'accept', turn } : undefined;
}
