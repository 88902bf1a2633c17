import type { Clock } from '../src/driver/clock.ts';

/** A clock for tests: moves by hand, and runs what is due only when told. */
export class HandClock implements Clock {
  wall = 1_760_000_000_000;
  monotonic = 0;
  #timers: { atMs: number; run: () => void }[] = [];
  #soon: (() => void)[] = [];

  wallMs(): number {
    return this.wall;
  }
  monotonicMs(): number {
    return this.monotonic;
  }
  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.monotonic + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }
  soon(run: () => void): void {
    this.#soon.push(run);
  }
  get timers(): number[] {
    return this.#timers.map((timer) => timer.atMs);
  }
  /** Moves on and runs everything that became due. */
  drain(passedMs = 0): void {
    this.wall += passedMs;
    this.monotonic += passedMs;
    for (let count = 0; count < 10_000; count++) {
      const due = this.#timers.find((timer) => timer.atMs <= this.monotonic);
      if (due !== undefined) this.#timers = this.#timers.filter((each) => each !== due);
      const run = this.#soon.shift() ?? due?.run;
      if (run === undefined) return;
      run();
    }
    throw new Error('the loop does not come to rest');
  }
}
