/** Time and timers as the driver needs them. The node has the system's, tests and the simulator their own. */
export interface Clock {
  /** Unix milliseconds as the clock on the wall shows them: may jump in both directions. */
  wallMs(): number;
  /** Milliseconds since any fixed moment: never runs backwards while the process lives. */
  monotonicMs(): number;
  /** Runs once when `delayMs` (0 to 2^31 - 1) have passed. @returns forgets it; safe to call twice. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs once, after what already waits in sockets and files was taken in. */
  soon(run: () => void): void;
}
