/**
 * When the table is looked after, and where: our own place and a random one by turns, often at first, then rarely.
 * Its searches are ordinary ones; who answers them becomes a proven entry.
 */
import type { Random } from '../../base/random.ts';

export interface UpkeepConfig {
  /** After the first node is known, and between the searches that fill a new table. */
  joinMs: number;
  joinSearches: number;
  /** Between two searches of a table that stands; a random part of up to a half is added or taken off. */
  refreshMs: number;
  /** Of one such search. */
  questionsMax: number;
}

export const upkeepDefaults: UpkeepConfig = {
  joinMs: 2_000, // A guess.
  joinSearches: 8, // Our own place four times, four others.
  refreshMs: 1_200_000, // A guess: about 20 questions, so one a minute.
  questionsMax: 24, // The 20 nearest and the way there.
};

export class Upkeep {
  #self: Uint8Array;
  #config: UpkeepConfig;
  #random: Random;
  #done = 0;
  /** undefined before anybody is known. */
  nextMs: number | undefined;

  constructor(self: Uint8Array, config: UpkeepConfig, random: Random) {
    this.#self = self;
    this.#config = config;
    this.#random = random;
  }

  /** Somebody is known. Again: nothing. */
  begin(nowMs: number): void {
    this.nextMs ??= nowMs + this.#config.joinMs * (0.5 + this.#random.next());
  }

  /** What is due cannot be done now. */
  postpone(nowMs: number): void {
    if (this.nextMs !== undefined && this.nextMs <= nowMs) this.nextMs = nowMs + this.#config.joinMs;
  }

  /** The place to search now, or undefined when it is not time. `depth`: buckets of the table. */
  take(depth: number, nowMs: number): Uint8Array | undefined {
    if (this.nextMs === undefined || nowMs < this.nextMs) return undefined;
    const { joinMs, joinSearches, refreshMs } = this.#config;
    const turn = this.#done++;
    const spacing = this.#done < joinSearches ? joinMs : refreshMs;
    this.nextMs = nowMs + spacing * (0.5 + this.#random.next());
    return turn % 2 === 0 ? this.#self : this.#elsewhere(depth);
  }

  /** A random place in a random bucket: our own bits up to there, the next one turned. */
  #elsewhere(depth: number): Uint8Array {
    const bucket = Math.floor(this.#random.next() * Math.max(1, depth));
    const place = this.#self.map(() => Math.floor(this.#random.next() * 256));
    for (let bit = 0; bit <= bucket; bit++) {
      const at = bit >> 3;
      const mask = 128 >> (bit & 7);
      const ours = this.#self[at]! & mask;
      place[at] = (place[at]! & ~mask) | (bit === bucket ? ours ^ mask : ours);
    }
    return place;
  }
}
