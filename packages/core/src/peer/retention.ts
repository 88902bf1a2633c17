/**
 * Removes messages that are older than the person wants to keep them (`keepDays`), a few in a turn, while nothing else
 * waits. What still waits to be delivered stays, since its text is needed to seal it; what was not read stays, since
 * nobody has seen it yet. Both go when that has ended.
 */
import { arrivalWallMs } from '../base/arrival.ts';
import type { ConversationId, MessageId } from '../base/ids.ts';
import type { Store, StoredMessage } from '../base/store.ts';
import { isWaiting } from './conversations.ts';
import { endEditing } from './drafts.ts';
import type { Turn } from './turn.ts';

/** Messages looked at in a turn: a few tens of milliseconds where all of them go. */
export const retentionStepMessages = 200;
/** Between two steps, so that others come to their turn. */
const stepMs = 100;
/** Between two walks through what is old. */
const walkMs = 3_600_000;
const dayMs = 24 * 3_600_000;

export class Retention {
  readonly #store: Store;
  readonly #turn: Turn;
  readonly #keepDays: () => number | null;
  #dueMs: number;
  /** Position up to which this walk has come. */
  #walked = 0;

  constructor(parts: { store: Store; turn: Turn; keepDays(): number | null }) {
    this.#store = parts.store;
    this.#turn = parts.turn;
    this.#keepDays = () => parts.keepDays();
    this.#dueMs = parts.turn.nowMs + stepMs;
  }

  nextWakeMs(): number {
    return this.#keepDays() === null ? Infinity : this.#dueMs;
  }

  /** The choice changed: a walk begins soon. */
  changed(): void {
    this.#walked = 0;
    this.#dueMs = this.#turn.nowMs + stepMs;
  }

  wake(): void {
    const keepDays = this.#keepDays();
    const { nowMs, wallMs } = this.#turn;
    if (keepDays === null || nowMs < this.#dueMs) return;
    // The earlier of the two clocks: a wall clock set to a far year must not empty the profile.
    const endWallMs = Math.min(nowMs, wallMs) - keepDays * dayMs;
    const rows = this.#store.oldest(retentionStepMessages, this.#walked);
    const old = rows.filter((row) => arrivalWallMs(row) < endWallMs);
    this.#remove(old);
    // Not at the first that is younger: it may have come while the clock was ahead, and what follows is old all the same.
    const hasMore = rows.length === retentionStepMessages && old.length > 0;
    this.#walked = hasMore ? rows.at(-1)!.position : 0;
    this.#dueMs = nowMs + (hasMore ? stepMs : walkMs);
  }

  #remove(rows: StoredMessage[]): void {
    const known = new Map<ConversationId, { readUpTo: number; editing: MessageId | undefined }>();
    const gone = new Map<ConversationId, MessageId[]>();
    for (const row of rows) {
      const { conversation, id, direction, position } = row;
      const { readUpTo, editing } = known.get(conversation) ?? this.#known(conversation);
      known.set(conversation, { readUpTo, editing });
      if (isWaiting(row) || (direction === 'in' && position > readUpTo)) continue;
      if (id === editing) endEditing({ store: this.#store, turn: this.#turn }, row);
      this.#turn.store({ op: 'removeMessage', conversation, id });
      gone.set(conversation, [...(gone.get(conversation) ?? []), id]);
    }
    // Which of them: what is shown elsewhere of the conversation stays as it is.
    for (const [id, messages] of gone) this.#turn.event('conversation', { id, what: 'cleared', messages });
  }

  #known(conversation: ConversationId): { readUpTo: number; editing: MessageId | undefined } {
    const summary = this.#store.conversation(conversation);
    return { readUpTo: summary?.readUpTo ?? 0, editing: summary?.draft?.editing };
  }
}
