/**
 * Which records ended here, by node and sequence, so that a neighbour who still has one, or claims to, cannot bring
 * it back to life. Bounded: the oldest goes, and then that record might return for one more lifetime.
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
  #graves = new Map<PeerId, { sequence: number; untilMs: number }>();

  constructor(config: TombstonesConfig) {
    this.#config = config;
  }

  get size(): number {
    return this.#graves.size;
  }

  /** This record and all older ones of the node are over. */
  bury(peer: PeerId, sequence: number, nowMs: number): void {
    const before = this.#graves.get(peer)?.sequence ?? 0;
    this.#graves.delete(peer);
    for (const [oldest, { untilMs }] of this.#graves) {
      if (this.#graves.size < this.#config.tombstonesMax && untilMs > nowMs) break;
      this.#graves.delete(oldest);
    }
    const untilMs = nowMs + this.#config.keptMs;
    this.#graves.set(peer, { sequence: Math.max(before, sequence), untilMs });
  }

  isOver(peer: PeerId, sequence: number, nowMs: number): boolean {
    const grave = this.#graves.get(peer);
    return grave !== undefined && grave.untilMs > nowMs && sequence <= grave.sequence;
  }
}
