/** Which rows came while the list stood: they rise once, and only at the end. What scrolling draws anew does not. */
import type { MessageWindow } from '../data/messages/message-window.ts';

/** A burst does not dance. */
const freshMax = 3;

export class FreshRows {
  readonly #fresh = new Set<string>();
  readonly #sent = new Set<string>();
  #newest: number | null = null;

  /** Seeing the same window twice is seeing it once. */
  see(window: MessageWindow): void {
    const last = window.messages.at(-1)?.position ?? null;
    if (last !== null && !window.hasNewer) {
      const known = this.#newest;
      if (known !== null && last > known) {
        const came = window.messages.slice(-freshMax - 1).filter(({ position }) => position > known);
        // Own ones rose when they were sent.
        const rising = came.filter(({ id }) => !window.keys.has(id));
        if (came.length <= freshMax) for (const { id } of rising) this.#fresh.add(id);
      }
      this.#newest = last;
    }
    for (const { key } of window.pending) {
      if (!this.#sent.has(key)) this.#fresh.add(key);
      this.#sent.add(key);
    }
  }

  /** @returns whether the row is drawn for the first time. */
  take(key: string): boolean {
    return this.#fresh.delete(key);
  }
}
