/**
 * A count that is shown where showing costs something: the title of the window, the badge of the app. At most once a second, the
 * last value wins; whether anything waits at all is shown at once.
 */

/** Nobody reads a count more often. */
export const paceMs = 1_000;

export class PacedCount {
  readonly #show: (count: number) => void;
  #shown: number | null = null;
  #shownMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: (count: number) => void) {
    this.#show = show;
  }

  set(count: number): void {
    clearTimeout(this.#timer);
    if (count === this.#shown) return;
    const leftMs = this.#shownMs + paceMs - performance.now();
    if (count === 0 || this.#shown === 0 || leftMs <= 0) this.#put(count);
    else this.#timer = setTimeout(() => this.#put(count), leftMs);
  }

  #put(count: number): void {
    this.#shown = count;
    this.#shownMs = performance.now();
    this.#show(count);
  }
}
