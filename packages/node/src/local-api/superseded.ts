/**
 * Cookies that a newer link took the place of. Windows of that browser ask anew the moment the link signs it in, some
 * with the cookie from before: to take that back would take the new one, which has the same name. Pure.
 */

/** Beyond, the oldest is forgotten, and taken back as any other that opens nothing. */
export const supersededMax = 64;
/** By then every window of the browser has heard of the new one. */
export const supersededMsMax = 60_000;

export class Superseded {
  #tokens: { tokenHash: string; untilMs: number }[] = [];

  add(tokenHashes: readonly string[], nowMs: number): void {
    const living = this.#tokens.filter(({ untilMs }) => nowMs < untilMs);
    const added = tokenHashes.map((tokenHash) => ({ tokenHash, untilMs: nowMs + supersededMsMax }));
    this.#tokens = [...living, ...added].slice(-supersededMax);
  }

  /** Whether one of them is remembered. */
  hasAny(tokenHashes: readonly string[], nowMs: number): boolean {
    return this.#tokens.some(({ tokenHash, untilMs }) => nowMs < untilMs && tokenHashes.includes(tokenHash));
  }
}
