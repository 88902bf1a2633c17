/** When to tell that our person types, and until when to show that somebody else does. Pure. */
import type { TypingSign } from '@kith/api/conversation-shapes';

/** The node asks to hear it again at least every 10 s. */
const tellAgainMs = 8_000;
/** Without a key for so long they are thinking, not typing. A guess. */
export const typingPauseMs = 5_000;
/** A sign that is not repeated ends: the stop may have been lost with the link. */
export const typingShownMs = 12_000;

export interface OwnTyping {
  /** When it was told last that they type; null: it was told, or is known, that they do not. */
  toldMs: number | null;
  lastKeyMs: number;
}

export const notTyping: OwnTyping = { toldMs: null, lastKeyMs: 0 };

/** @returns `tell`: what is to be said now; null: nothing. */
export function afterKey(
  state: OwnTyping,
  isWriting: boolean,
  nowMs: number,
): { state: OwnTyping; tell: boolean | null } {
  if (!isWriting) {
    return { state: { toldMs: null, lastKeyMs: nowMs }, tell: state.toldMs === null ? null : false };
  }
  const isDue = state.toldMs === null || nowMs - state.toldMs >= tellAgainMs;
  return {
    state: { toldMs: isDue ? nowMs : state.toldMs, lastKeyMs: nowMs },
    tell: isDue ? true : null,
  };
}

export function afterPause(state: OwnTyping, nowMs: number): { state: OwnTyping; tell: boolean | null } {
  const isOver = state.toldMs !== null && nowMs - state.lastKeyMs >= typingPauseMs;
  return isOver ? { state: notTyping, tell: false } : { state, tell: null };
}

/** Until when somebody is shown as typing, by conversation. */
export type ShownTyping = ReadonlyMap<string, number>;

export function withSign(shown: ShownTyping, sign: TypingSign, nowMs: number): ShownTyping {
  const next = new Map(shown);
  if (sign.typing) next.set(sign.conversation, nowMs + typingShownMs);
  else next.delete(sign.conversation);
  return next;
}

export function withoutEnded(shown: ShownTyping, nowMs: number): ShownTyping {
  const next = new Map([...shown].filter(([, untilMs]) => untilMs > nowMs));
  return next.size === shown.size ? shown : next;
}
