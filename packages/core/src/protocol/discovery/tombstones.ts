/**
 * Which records ended here, by node and sequence, so that a neighbour who still has one, or claims to, cannot bring
 * it back to life. One that ended before its own lifetime was over, because whoever brought it said so, may return for
 * what is left of it: else a liar could bury a record of anybody's by bringing it first.
 *
 * Bounded: the oldest goes, and then that record might return for one more lifetime.
 */
import type { PeerId } from '../../base/ids.ts';

export interface TombstonesConfig {
  tombstonesMax: number;
  keptMs: number;
}

export const tombstonesDefaults: TombstonesConfig = {
  tombstonesMax: 4_096, // About 100 bytes each; four times the shelf.
  keptMs: 14_400_000, // Twice the longest lifetime: by then every honest node has forgotten it.
};

export class Tombstones {
  #config: TombstonesConfig;
  /** Oldest first. */
  #graves = new Map<PeerId, { sequence: number; latestMs: number; untilMs: number }>();

  constructor(config: TombstonesConfig) {
    this.#config = config;
  }

  get size(): number {
    return this.#graves.size;
  }

  /** This record and all older ones of the node are over; itself for good from `latestMs` on. */
  bury(peer: PeerId, { sequence, latestMs }: { sequence: number; latestMs: number }, nowMs: number): void {
    const before = this.#graves.get(peer);
    this.#graves.delete(peer);
    for (const [oldest, { untilMs }] of this.#graves) {
      if (this.#graves.size < this.#config.tombstonesMax && untilMs > nowMs) break;
      this.#graves.delete(oldest);
    }
    const newest = before !== undefined && before.sequence > sequence ? before : { sequence, latestMs };
    this.#graves.set(peer, { ...newest, untilMs: nowMs + this.#config.keptMs });
  }

  /** Until when that record may be kept here: Infinity where nothing is buried, the past where it is over. */
  latestOf(peer: PeerId, sequence: number, nowMs: number): number {
    const grave = this.#graves.get(peer);
    if (grave === undefined || grave.untilMs <= nowMs || sequence > grave.sequence) return Infinity;
    return sequence === grave.sequence ? grave.latestMs : -Infinity;
  }
}
