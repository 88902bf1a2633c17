/** Who is told, live, that contacts type. Nothing is kept: who was not listening missed nothing. */
import { KithError } from '@kith/core/base/errors';
import type { PeerOutput } from '@kith/core/peer/contract';

/** More watchers at once are refused `busy`. */
export const typingWatchersMax = 256;

export type TypingOutput = Extract<PeerOutput, { type: 'typing' }>;

export class TypingWatchers {
  readonly #listeners = new Set<(sign: TypingOutput) => void>();

  get size(): number {
    return this.#listeners.size;
  }

  /** The listener never throws. @returns ends it; safe to call twice. @throws KithError `busy`. */
  add(listener: (sign: TypingOutput) => void): () => void {
    if (this.#listeners.size >= typingWatchersMax) throw new KithError('busy');
    // A listener of its own, so that the same one may be added twice.
    const own = (sign: TypingOutput): void => listener(sign);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(sign: TypingOutput): void {
    for (const listener of this.#listeners) listener(sign);
  }
}
