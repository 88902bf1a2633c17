/**
 * What is typed and not sent, for all conversations, until the node has it on its disk. Pure: time comes in, saves come out.
 *
 * A draft is saved when the person pauses, at the latest {@link draftMsMax} after the first key, at once when they leave, and again
 * when the node comes back. One save a conversation is under way at a time, but for the last one of a page that is left.
 */
import type { Draft } from '@kith/api/conversation-shapes';

export type DraftContent = Pick<Draft, 'text' | 'replyTo' | 'editing'>;

/** After the last key. A guess: between two thoughts, not between two letters. */
export const draftPauseMs = 500;
/** After the first key that is not saved. */
export const draftMsMax = 2_000;

export const noDraft: DraftContent = { text: '', replyTo: null, editing: null };

interface Kept {
  content: DraftContent;
  /** What the node has, as far as is known; null: unknown. */
  saved: DraftContent | null;
  /** What is under way, the newest last. */
  saving: DraftContent[];
  firstKeyMs: number | null;
  dueMs: number | null;
}

export interface Save {
  conversation: string;
  content: DraftContent;
}

export class DraftKeeper {
  readonly #kept = new Map<string, Kept>();
  #isConnected = true;

  /** What was typed here last; null where nothing was typed since the start. */
  content(conversation: string): DraftContent | null {
    return this.#kept.get(conversation)?.content ?? null;
  }

  /** Something typed is not on the disk yet. */
  get isDirty(): boolean {
    return [...this.#kept.values()].some((kept) => !isSame(kept.content, kept.saved));
  }

  typed(conversation: string, content: DraftContent, nowMs: number): void {
    const kept = this.#of(conversation);
    kept.content = content;
    if (isSame(content, kept.saved) && kept.saving.length === 0) {
      kept.firstKeyMs = null;
      kept.dueMs = null;
      return;
    }
    kept.firstKeyMs ??= nowMs;
    kept.dueMs = Math.min(nowMs + draftPauseMs, kept.firstKeyMs + draftMsMax);
  }

  /**
   * What the node says it has: of another window, or of before.
   *
   * @returns whether the composer shall show it: only where nothing was typed here that is not saved.
   */
  told(conversation: string, content: DraftContent): boolean {
    const kept = this.#of(conversation, content);
    const isOurs = isSame(kept.content, kept.saved) && kept.saving.length === 0;
    // The answer to our own save may be older than what was typed since.
    if (!isOurs) return false;
    const isNew = !isSame(kept.content, content);
    kept.content = content;
    kept.saved = content;
    return isNew;
  }

  /** The person leaves: the next {@link wake} saves it. */
  flush(nowMs: number, conversation?: string): void {
    for (const [name, kept] of this.#kept) {
      if (conversation !== undefined && name !== conversation) continue;
      if (kept.dueMs !== null) kept.dueMs = nowMs;
    }
  }

  nextWakeMs(): number | null {
    if (!this.#isConnected) return null;
    let next: number | null = null;
    for (const { dueMs, saving } of this.#kept.values()) {
      if (dueMs !== null && saving.length === 0) next = Math.min(next ?? dueMs, dueMs);
    }
    return next;
  }

  /**
   * What is to be saved now. Each is answered by {@link done}.
   *
   * @param isLast - Nothing can wait any more, not even for what is under way: whoever calls knows that it arrives before.
   */
  wake(nowMs: number, isLast = false): Save[] {
    if (!this.#isConnected) return [];
    const saves: Save[] = [];
    for (const [conversation, kept] of this.#kept) {
      if (kept.dueMs === null || kept.dueMs > nowMs || (kept.saving.length > 0 && !isLast)) continue;
      kept.dueMs = null;
      kept.firstKeyMs = null;
      if (isSame(kept.content, kept.saving.at(-1) ?? kept.saved)) continue;
      kept.saving.push(kept.content);
      saves.push({ conversation, content: kept.content });
    }
    return saves;
  }

  done({ conversation, content }: Save, isSaved: boolean, nowMs: number): void {
    const kept = this.#of(conversation);
    // Refused, or the answer was lost: what the node has then is not known.
    kept.saved = isSaved ? content : null;
    kept.saving = kept.saving.filter((each) => each !== content);
    if (isSame(kept.content, kept.saved)) return;
    kept.firstKeyMs ??= nowMs;
    kept.dueMs ??= nowMs + draftMsMax;
  }

  connected(isConnected: boolean, nowMs: number): void {
    this.#isConnected = isConnected;
    if (isConnected) this.flush(nowMs);
  }

  #of(conversation: string, content: DraftContent = noDraft): Kept {
    const known = this.#kept.get(conversation);
    if (known !== undefined) return known;
    const kept: Kept = { content, saved: content, saving: [], firstKeyMs: null, dueMs: null };
    this.#kept.set(conversation, kept);
    return kept;
  }
}

function isSame(one: DraftContent, other: DraftContent | null): boolean {
  return (
    other !== null &&
    one.text === other.text &&
    one.replyTo === other.replyTo &&
    one.editing === other.editing
  );
}
