/**
 * The values this node keeps for others, in memory alone.
 *
 * A value is signed and names its own place: whoever carries it cannot change it. One a place, the newest by its
 * sequence. It ends by machine time from its receipt; the same value once more does not prolong it, so that a copy sent
 * again and again by anybody cannot outlive what its author wanted.
 *
 * Invariants (keeper.test.ts checks them):
 *   1. At most `valuesMax` values, `subnetValuesMax` that came from one subnet.
 *   2. The sequence of a place never falls while its value is kept.
 */
import { hex } from '../../base/bytes.ts';
import type { KeepOutcome } from '../../wire/keep.ts';
import { distance } from './distance.ts';

export interface KeeperConfig {
  valuesMax: number;
  subnetValuesMax: number;
  ttlMsMax: number;
}

export const keeperDefaults: KeeperConfig = {
  valuesMax: 4_096, // 4 MiB at most. A guess.
  subnetValuesMax: 256, // A guess: a sixteenth; one provider's customers share a subnet.
  ttlMsMax: 24 * 3_600_000, // protocol: presence is told anew at least daily.
};

/** What stands in a value whose signature was checked. */
export interface ValueFacts {
  /** 32 bytes. */
  place: Uint8Array;
  sequence: number;
  ttlMs: number;
}

interface Kept {
  value: Uint8Array;
  place: Uint8Array;
  sequence: number;
  expiresMs: number;
  subnet: string | undefined;
}

export class Keeper {
  #self: Uint8Array;
  #config: KeeperConfig;
  #values = new Map<string, Kept>();
  /** No value expires before this; may be early. */
  #nextExpiryMs = Infinity;

  constructor(self: Uint8Array, config: KeeperConfig) {
    this.#self = self;
    this.#config = config;
  }

  get size(): number {
    return this.#values.size;
  }

  /** The value kept at a place now, or undefined. A view: not to be changed. */
  get(place: Uint8Array, nowMs: number): Uint8Array | undefined {
    const kept = this.#values.get(hex(place));
    return kept !== undefined && kept.expiresMs > nowMs ? kept.value : undefined;
  }

  /** Keeps a verified value for the subnet that brought it. `value` is copied. */
  keep(value: Uint8Array, facts: ValueFacts, subnet: string | undefined, nowMs: number): KeepOutcome {
    this.expire(nowMs);
    const name = hex(facts.place);
    const old = this.#values.get(name);
    if (old !== undefined && old.sequence >= facts.sequence) {
      return old.sequence === facts.sequence ? 'kept' : 'old';
    }
    const lifeMs = Math.min(facts.ttlMs, this.#config.ttlMsMax);
    if (!(lifeMs > 0)) return 'refused';
    if (old === undefined && !this.#makeRoom(facts.place, subnet)) return 'full';
    const expiresMs = nowMs + lifeMs;
    const { place, sequence } = facts;
    const holder = old === undefined ? subnet : old.subnet;
    const kept = { value: value.slice(), place: place.slice(), sequence, expiresMs, subnet: holder };
    this.#values.set(name, kept);
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresMs);
    return 'kept';
  }

  expire(nowMs: number): void {
    if (nowMs < this.#nextExpiryMs) return;
    this.#nextExpiryMs = Infinity;
    for (const [name, { expiresMs }] of this.#values) {
      if (expiresMs <= nowMs) this.#values.delete(name);
      else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiresMs);
    }
  }

  /** When full, the value farthest from our own place goes, since others keep that rather than we. */
  #makeRoom(place: Uint8Array, subnet: string | undefined): boolean {
    if (subnet !== undefined) {
      let count = 0;
      for (const kept of this.#values.values()) if (kept.subnet === subnet) count++;
      if (count >= this.#config.subnetValuesMax) return false;
    }
    if (this.#values.size < this.#config.valuesMax) return true;
    let farthest = distance(place, this.#self);
    let farthestName: string | undefined;
    for (const [name, kept] of this.#values) {
      const far = distance(kept.place, this.#self);
      if (far <= farthest) continue;
      farthest = far;
      farthestName = name;
    }
    return farthestName !== undefined && this.#values.delete(farthestName);
  }
}
