/**
 * When the table is looked after, and where: our own place and a random one by turns. Often at first; then as rarely as
 * the nodes around allow: who leaves is noticed by the searches, and where many left the next one comes sooner.
 * The searches are ordinary ones; who answers them becomes a proven entry. In a full bucket nobody finds room, so once the
 * table stands they ask its entries alone: who is gone makes room for a spare.
 */
import type { Random } from '../../base/random.ts';
import type { LookupConfig } from './lookup.ts';

export interface UpkeepConfig {
  /** After the first node is known; then twice as long after each of the searches that fill a new table. */
  joinMs: number;
  joinSearches: number;
  /** Between two searches of a table that stands, at first; a random part of up to a half is added or taken off. */
  refreshMs: number;
  /** Where a `deadShare` of those asked did not answer, half as long until the next, but no less than that. */
  refreshMsMin: number;
  /** Else half as long again, but no more than that. */
  refreshMsMax: number;
  deadShare: number;
  /** Of one such search. */
  questionsMax: number;
}

export const upkeepDefaults: UpkeepConfig = {
  joinMs: 2_000, // A guess: the last of eight comes after four minutes. All at once were a third of what a young network says.
  joinSearches: 8, // Our own place four times, four others.
  refreshMs: 600_000, // A guess: the median session of a node in a young network.
  refreshMsMin: 120_000, // A guess: about 20 questions, ten a minute at worst.
  refreshMsMax: 3_600_000, // Kademlia: an hour.
  deadShare: 0.25, // A guess: above what 30 % of liars cause by silence, a quarter of whom say nothing here.
  questionsMax: 24, // The 20 nearest and the way there.
};

export class Upkeep {
  #self: Uint8Array;
  #config: UpkeepConfig;
  #random: Random;
  #done = 0;
  #refreshMs: number;
  /** undefined before anybody is known. */
  nextMs: number | undefined;

  constructor(self: Uint8Array, config: UpkeepConfig, random: Random) {
    this.#self = self;
    this.#config = config;
    this.#random = random;
    this.#refreshMs = config.refreshMs;
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
    const { joinMs, joinSearches } = this.#config;
    const turn = this.#done++;
    const spacing = this.#done < joinSearches ? joinMs * 2 ** turn : this.#refreshMs;
    this.nextMs = nowMs + spacing * (0.5 + this.#random.next());
    if (turn % 2 === 0) return this.#self;
    // As the keys of searches: an entry is asked after as often as it is needed.
    return this.#stands() ? this.#drawn() : this.#elsewhere(depth);
  }

  /** Those of one such search. `isFull`: the bucket in which it looks. */
  limits(limits: LookupConfig, isFull: boolean): LookupConfig {
    const { questionsMax } = this.#config;
    return { ...limits, questionsMax, namesMax: isFull && this.#stands() ? 0 : limits.namesMax };
  }

  /** How many of those asked in one upkeep search did not answer. */
  learn(failed: number, asked: number): void {
    const { deadShare, refreshMsMin, refreshMsMax } = this.#config;
    // The searches that fill a new table, seconds apart, say nothing of who leaves.
    if (asked === 0 || !this.#stands()) return;
    const isDying = failed >= asked * deadShare;
    const next = this.#refreshMs * (isDying ? 0.5 : 1.5);
    this.#refreshMs = Math.min(refreshMsMax, Math.max(refreshMsMin, next));
  }

  /** Whether the searches that fill a new table are behind us. */
  #stands(): boolean {
    return this.#done > this.#config.joinSearches;
  }

  #drawn(): Uint8Array {
    return this.#self.map(() => Math.floor(this.#random.next() * 256));
  }

  /** A random place in a random bucket: our own bits up to there, the next one turned. */
  #elsewhere(depth: number): Uint8Array {
    const bucket = Math.floor(this.#random.next() * Math.max(1, depth));
    const place = this.#drawn();
    for (let bit = 0; bit <= bucket; bit++) {
      const at = bit >> 3;
      const mask = 128 >> (bit & 7);
      const ours = this.#self[at]! & mask;
      place[at] = (place[at]! & ~mask) | (bit === bucket ? ours ^ mask : ours);
    }
    return place;
  }
}
