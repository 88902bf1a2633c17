/**
 * Typing signs: told to who is there at the moment, never stored, never acknowledged, gone by themselves.
 * Specification: docs/protocol/content.md.
 */
import type { ConversationId, DeviceId, LinkId, PersonId } from '../base/ids.ts';
import type { ContactRow } from '../base/store.ts';
import { type BucketConfig, TokenBucket } from '../base/token-bucket.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import { encodeContent } from '../wire/content.ts';
import { encodeFrame, frameClass } from '../wire/frame.ts';
import type { Book } from './book.ts';
import type { Turn } from './turn.ts';

/** A sign that is not said again holds this long: one and a half of the longest pause between two. */
export const typingHoldsMs = 15_000;
/** Said again within this time it need not be told again: the one before holds long enough. */
const toldAgainMs = 5_000;
/** Each sign costs both ends a message of their session. Who begins and stops more often is not believed. */
const signs: BucketConfig = { burst: 6, refillMs: 2_000 };

export interface TypingParts {
  turn: Turn;
  book: Book;
  sessions: SessionTable;
  /** A link that stands with that device of a contact. */
  linkOf(device: DeviceId): LinkId | undefined;
  /** Whether our person tells, and so is told. */
  isShared(): boolean;
}

interface Signs {
  /** Until when it holds. */
  untilMs: number;
  /** When it was said last. */
  saidMs: number;
  allowed: TokenBucket;
}

export class Typing {
  #parts: TypingParts;
  /** What we said, and what was said to us: at most one for each contact, and only while a sign holds. */
  #ours = new Map<PersonId, Signs>();
  #theirs = new Map<PersonId, Signs>();

  constructor(parts: TypingParts) {
    this.#parts = parts;
  }

  /** @returns whether they know it now. */
  set({ person, state, keyChanged }: ContactRow, on: boolean): boolean {
    const { turn } = this.#parts;
    if (!this.#parts.isShared() || state !== 'connected' || keyChanged) return false;
    const before = this.#ours.get(person);
    const holds = before !== undefined && turn.nowMs < before.untilMs;
    if (!on && !holds) return false;
    if (on && holds && turn.nowMs - before.saidMs < toldAgainMs) return true;
    const allowed = before?.allowed ?? new TokenBucket(signs, turn.nowMs);
    const isTold = allowed.take(turn.nowMs) && this.#tell(person, on);
    if (isTold) this.#ours.set(person, this.#sign(on, allowed));
    return isTold;
  }

  /** What we write ends our sign at their end too: they see the message. */
  wrote(person: PersonId): void {
    const sign = this.#ours.get(person);
    if (sign !== undefined) sign.untilMs = this.#parts.turn.nowMs;
  }

  onTyping({ person, conversation, state }: ContactRow, on: boolean): void {
    if (!this.#parts.isShared() || state !== 'connected') return;
    const { turn } = this.#parts;
    const before = this.#theirs.get(person);
    const allowed = before?.allowed ?? new TokenBucket(signs, turn.nowMs);
    if (!allowed.take(turn.nowMs)) return;
    const wasOn = before !== undefined && turn.nowMs < before.untilMs;
    this.#theirs.set(person, this.#sign(on, allowed));
    if (on !== wasOn) this.#show(conversation, person, on);
  }

  /** A message of theirs came: that is what they typed. */
  received(person: PersonId): void {
    const sign = this.#theirs.get(person);
    if (sign !== undefined && this.#parts.turn.nowMs < sign.untilMs) this.#end(person, sign);
  }

  nextWakeMs(): number {
    let wakeMs = Infinity;
    for (const { untilMs, saidMs } of this.#theirs.values())
      wakeMs = Math.min(wakeMs, dueMs(untilMs, saidMs));
    return wakeMs;
  }

  wake(): void {
    const { nowMs } = this.#parts.turn;
    for (const [person, sign] of this.#theirs) {
      if (sign.untilMs > sign.saidMs && nowMs >= sign.untilMs) this.#end(person, sign);
    }
    for (const map of [this.#ours, this.#theirs]) {
      for (const [person, { saidMs }] of map) if (nowMs >= saidMs + forgetAfterMs) map.delete(person);
    }
  }

  #end(person: PersonId, sign: Signs): void {
    sign.untilMs = sign.saidMs;
    const conversation = this.#parts.book.get(person)?.conversation;
    if (conversation !== undefined) this.#show(conversation, person, false);
  }

  #sign(on: boolean, allowed: TokenBucket): Signs {
    const { nowMs } = this.#parts.turn;
    return { saidMs: nowMs, untilMs: on ? nowMs + typingHoldsMs : nowMs, allowed };
  }

  #show(conversation: ConversationId, person: PersonId, on: boolean): void {
    this.#parts.turn.push({ type: 'typing', conversation, person, on });
  }

  /** Over the links there are. A session that they may not have yet is not used: nothing of it is sent again. */
  #tell(person: PersonId, on: boolean): boolean {
    const { book, sessions, turn } = this.#parts;
    let isTold = false;
    for (const { device } of book.liveDevices(person)) {
      const link = this.#parts.linkOf(device);
      if (link === undefined || sessions.sending(device)?.confirmed !== true) continue;
      const envelope = sessions.seal(device, encodeContent({ type: 'typing', on }), turn.nowMs);
      if (envelope === undefined) continue;
      turn.send(link, frameClass('envelope'), encodeFrame({ type: 'envelope', bytes: envelope }));
      isTold = true;
    }
    return isTold;
  }
}

/** Long enough for the allowance to be full again. */
const forgetAfterMs = typingHoldsMs + signs.burst * signs.refillMs;

/** When a sign ends, or when its person is forgotten. */
function dueMs(untilMs: number, saidMs: number): number {
  return untilMs > saidMs ? untilMs : saidMs + forgetAfterMs;
}
