/**
 * Nonces that the node gave to browsers and waits to see used. Each works once, for a short while, for the session that it
 * was given to. They are nowhere but in memory, so that none outlives the node that made it. Pure.
 */
/** Of one session: more windows than ever load at once. Beyond, its oldest ends, and that page asks again. */
export const challengesMax = 64;
/** A page opens its WebSocket as soon as it has read the answer. */
export const challengeMsMax = 30_000;

interface Challenge {
  nodeNonce: string;
  pageNonce: string;
  untilMs: number;
}

export class Challenges {
  /** By session; those are bounded themselves. */
  readonly #given = new Map<string, readonly Challenge[]>();

  give(session: string, nonces: { nodeNonce: string; pageNonce: string }, nowMs: number): void {
    const waiting = this.#living(session, nowMs).slice(1 - challengesMax);
    this.#given.set(session, [...waiting, { ...nonces, untilMs: nowMs + challengeMsMax }]);
  }

  /** @returns the page's nonce that it was given for. It is used up. */
  take(session: string, nodeNonce: string, nowMs: number): string | undefined {
    // Looked up plainly: 256 bits that work once are not found out by measuring.
    const waiting = this.#living(session, nowMs);
    const found = waiting.find((challenge) => challenge.nodeNonce === nodeNonce);
    const left = waiting.filter((challenge) => challenge !== found);
    if (left.length === 0) this.#given.delete(session);
    else this.#given.set(session, left);
    return found?.pageNonce;
  }

  /** The session is over. */
  forget(session: string): void {
    this.#given.delete(session);
  }

  #living(session: string, nowMs: number): Challenge[] {
    return (this.#given.get(session) ?? []).filter(({ untilMs }) => nowMs < untilMs);
  }
}
