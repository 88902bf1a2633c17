/**
 * A bounded sample of peers that a flood cannot fill. Each slot has an order of its own, secret and random, over
 * groups (subnets) and then over the peers within one, and keeps the first of all it was ever offered. How often
 * a peer is offered changes nothing; a subnet with 100,000 peers weighs as much as one with a single peer.
 * The idea is that of Brahms (Bortnikov and others, 2009): min-wise independent samples, emptied when one is gone.
 */
import type { PeerId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import { spread } from './keyed-hash.ts';

export interface Sampled {
  readonly peer: PeerId;
  /** Secret keyed hashes of its group and of itself, in [0, 2^32). */
  readonly groupRank: number;
  readonly peerRank: number;
}

export class Sampler<Entry extends Sampled> {
  #seeds: number[] = [];
  #slots: (Entry | undefined)[] = [];
  #filled = 0;
  /** Those in the slots, until a slot changes: they are asked for far more often. */
  #entries: ReadonlySet<Entry> | undefined;

  constructor(slots: number, random: Random) {
    for (let slot = 0; slot < slots; slot++) {
      this.#seeds.push(Math.floor(random.next() * 2 ** 32));
      this.#slots.push(undefined);
    }
  }

  /** Takes the entry into each slot where it comes first. @returns those that lost a slot, perhaps their last. */
  offer(entry: Entry): Entry[] {
    const displaced: Entry[] = [];
    for (let slot = 0; slot < this.#slots.length; slot++) {
      const held = this.#slots[slot];
      if (held === entry || (held !== undefined && !this.#isBefore(slot, entry, held))) continue;
      this.#slots[slot] = entry;
      this.#entries = undefined;
      if (held === undefined) this.#filled++;
      else displaced.push(held);
    }
    return displaced;
  }

  /** Empties its slots. @returns whether it had one. */
  remove(entry: Entry): boolean {
    let had = false;
    for (let slot = 0; slot < this.#slots.length; slot++) {
      if (this.#slots[slot] !== entry) continue;
      this.#slots[slot] = undefined;
      this.#entries = undefined;
      had = true;
    }
    return had;
  }

  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  has(entry: Entry): boolean {
    return this.entries().has(entry);
  }

  /** Each once, in no particular order. */
  entries(): ReadonlySet<Entry> {
    if (this.#entries !== undefined) return this.#entries;
    const entries = new Set<Entry>();
    for (const entry of this.#slots) if (entry !== undefined) entries.add(entry);
    this.#entries = entries;
    return entries;
  }

  #isBefore(slot: number, a: Entry, b: Entry): boolean {
    const seed = this.#seeds[slot]!;
    if (a.groupRank !== b.groupRank) return spread(seed, a.groupRank) < spread(seed, b.groupRank);
    return spread(seed, a.peerRank) < spread(seed, b.peerRank);
  }
}
