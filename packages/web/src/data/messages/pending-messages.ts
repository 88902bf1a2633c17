/**
 * Own messages between the key press and the node's disk. Each ends in one of two ways: the stored message takes its place,
 * or the caller takes it back and gives the person their text again.
 */
import type { Quoted } from '@kith/api/conversation-shapes';
import type { Message } from '@kith/api/shapes';

export interface Pending {
  /** Of this window of the browser alone; the key of its row, also after it was stored. */
  key: string;
  text: string;
  replyTo: Quoted | null;
  ttlMs: number | null;
  /** ISO 8601, by this machine's clock. */
  at: string;
  /** Once the node answered. The message itself comes as an event, before the answer or after it. */
  id: string | null;
  /** The node went away while it was asked. */
  isUnsure: boolean;
}

interface Settling {
  pending: readonly Pending[];
  keys: ReadonlyMap<string, string>;
}

/** Keys remembered of messages that were sent from here; beyond it the oldest may be drawn anew once. */
const keysMax = 1_000;
/** The node runs on this machine, but its time never runs backwards while the browser's may. A guess. */
const clockSlackMs = 2_000;

/**
 * Removes what is stored by now. Before the node's answer only the text tells which event is which: two pending messages with
 * the same text may change places, and nobody can see that.
 */
export function settle<State extends Settling>(state: State, stored: readonly Message[]): State {
  if (state.pending.length === 0 || stored.length === 0) return state;
  let pending = state.pending;
  let keys = state.keys;
  for (const message of stored) {
    if (message.direction !== 'out' || keys.has(message.id)) continue;
    const match =
      pending.find((one) => one.id === message.id) ?? pending.find((one) => isLikely(one, message));
    if (match === undefined) continue;
    pending = pending.filter((one) => one !== match);
    keys = withKey(keys, message.id, match.key);
  }
  return pending === state.pending ? state : { ...state, pending, keys };
}

function isLikely(pending: Pending, message: Message): boolean {
  return (
    pending.id === null &&
    pending.text === message.text &&
    (pending.replyTo?.id ?? null) === (message.replyTo?.id ?? null) &&
    // The same text from an hour ago is another message.
    Date.parse(pending.at) <= Date.parse(message.sentAt) + clockSlackMs
  );
}

function withKey(keys: ReadonlyMap<string, string>, id: string, key: string): ReadonlyMap<string, string> {
  const next = new Map(keys).set(id, key);
  const oldest = next.keys().next().value;
  if (next.size > keysMax && oldest !== undefined) next.delete(oldest);
  return next;
}
