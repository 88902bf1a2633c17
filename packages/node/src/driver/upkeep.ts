/** Lets the database do what can wait, while the loop rests. */
import type { Clock } from './clock.ts';

/** Without input for so long, the database may do what can wait. */
export const idleMs = 1_000;
const stepMs = 20; // Between two steps: it must not take the machine for itself.

export class Upkeep {
  readonly #clock: Clock;
  readonly #step: () => boolean;
  readonly #onFailed: (cause: unknown) => void;
  #cancel: (() => void) | undefined;

  /** @param parts - `step` does a little and returns whether there is more. */
  constructor(parts: { clock: Clock; step: () => boolean; onFailed: (cause: unknown) => void }) {
    this.#clock = parts.clock;
    this.#step = parts.step;
    this.#onFailed = parts.onFailed;
  }

  /** The loop ran: what waits, waits anew. */
  postpone(delayMs: number = idleMs): void {
    this.stop();
    this.#cancel = this.#clock.after(delayMs, () => {
      this.#cancel = undefined;
      try {
        if (this.#step()) this.postpone(stepMs);
      } catch (cause) {
        // Nothing depends on it: it is tried again after the next batch.
        this.#onFailed(cause);
      }
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
