/** How much of something may happen: `burst` at once, and `perSecond` more every second. */
export interface AllowanceConfig {
  burst: number;
  perSecond: number;
}

export class Allowance {
  #config: AllowanceConfig;
  #left: number;
  #countedMs: number;

  constructor(config: AllowanceConfig, nowMs: number) {
    this.#config = config;
    this.#left = config.burst;
    this.#countedMs = nowMs;
  }

  /** Takes `amount`. @returns false when there is not as much left: then nothing is taken. */
  take(amount: number, nowMs: number): boolean {
    const { burst, perSecond } = this.#config;
    this.#left = Math.min(burst, this.#left + ((nowMs - this.#countedMs) * perSecond) / 1_000);
    this.#countedMs = nowMs;
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }
}
