/** How often something may happen: `burst` times at once, and once more every `refillMs`. */
export interface BucketConfig {
  burst: number;
  refillMs: number;
}

export class TokenBucket {
  #config: BucketConfig;
  #tokens: number;
  #countedMs: number;

  constructor(config: BucketConfig, nowMs: number) {
    this.#config = config;
    this.#tokens = config.burst;
    this.#countedMs = nowMs;
  }

  /** Takes one token. @returns false when there is none: it may not happen now. */
  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** What a token was taken for need not count after all. */
  giveBack(): void {
    this.#tokens = Math.min(this.#config.burst, this.#tokens + 1);
  }

  /** When the next token is there; `nowMs` when one is. */
  readyMs(nowMs: number): number {
    this.#refill(nowMs);
    return this.#tokens >= 1 ? nowMs : this.#countedMs + this.#config.refillMs;
  }

  #refill(nowMs: number): void {
    const { burst, refillMs } = this.#config;
    const grown = Math.floor((nowMs - this.#countedMs) / refillMs);
    if (grown <= 0) return;
    this.#tokens = Math.min(burst, this.#tokens + grown);
    this.#countedMs += grown * refillMs;
  }
}
