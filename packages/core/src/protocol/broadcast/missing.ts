/**
 * The messages of one topic that somebody has and we have not: whom to ask for each, and when. One neighbour is asked at a
 * time; each that has it gets its turn, `roundsMax` times, then it is given up until somebody announces it again.
 */
import type { BroadcastConfig } from './config.ts';
import { noSlot } from './author.ts';

export interface MissingMessage {
  name: string;
  handle: Uint8Array;
  sequence: number;
  /** Who says, or may be believed, to have it; as bits. */
  announced: number;
  /** Who was asked in this round. */
  asked: number;
  /** Who announced it first, and when. */
  firstSlot: number;
  firstMs: number;
  dueMs: number;
  rounds: number;
}

export class Missing {
  #config: BroadcastConfig;
  #byAuthor = new Map<string, Map<number, MissingMessage>>();
  #counts: number[];
  #size = 0;
  #dueMs = Infinity;

  constructor(config: BroadcastConfig) {
    this.#config = config;
    this.#counts = Array.from({ length: config.neighboursMax }, () => 0);
  }

  get size(): number {
    return this.#size;
  }

  /** Not later than the first message is due. */
  dueMs(): number {
    return this.#dueMs;
  }

  get(name: string, sequence: number): MissingMessage | undefined {
    return this.#byAuthor.get(name)?.get(sequence);
  }

  /** A neighbour has this message. When there is no room, nothing changes: it will be announced again. */
  note(what: { name: string; handle: Uint8Array; sequence: number }, slot: number, times: Times): void {
    const known = this.get(what.name, what.sequence);
    if (known !== undefined) {
      known.announced |= 1 << slot;
      if (times.dueMs < known.dueMs && known.asked === 0) known.dueMs = times.dueMs;
    } else {
      const { missingMax, missingPerNeighbourMax } = this.#config;
      if (this.#size >= missingMax || this.#counts[slot]! >= missingPerNeighbourMax) return;
      const { name, sequence } = what;
      const handle = what.handle.slice();
      const first = { firstSlot: slot, firstMs: times.nowMs, dueMs: times.dueMs };
      const entry = { name, handle, sequence, announced: 1 << slot, asked: 0, rounds: 0, ...first };
      const ofAuthor = this.#byAuthor.get(name) ?? new Map<number, MissingMessage>();
      this.#byAuthor.set(name, ofAuthor.set(sequence, entry));
      this.#size++;
      this.#counts[slot]!++;
    }
    this.#dueMs = Math.min(this.#dueMs, times.dueMs);
  }

  /** It came, or is not wanted any longer. */
  delete(name: string, sequence: number): MissingMessage | undefined {
    const ofAuthor = this.#byAuthor.get(name);
    const entry = ofAuthor?.get(sequence);
    if (ofAuthor === undefined || entry === undefined) return undefined;
    ofAuthor.delete(sequence);
    if (ofAuthor.size === 0) this.#byAuthor.delete(name);
    this.#size--;
    this.#counts[entry.firstSlot]!--;
    return entry;
  }

  /** Nothing of this author comes by itself any more. */
  hurry(name: string, nowMs: number): void {
    for (const entry of this.#byAuthor.get(name)?.values() ?? []) {
      if (entry.asked === 0) entry.dueMs = Math.min(entry.dueMs, nowMs);
    }
    this.#dueMs = Math.min(this.#dueMs, nowMs);
  }

  forgetNeighbour(slot: number, nowMs: number): void {
    const kept = ~(1 << slot);
    for (const ofAuthor of this.#byAuthor.values()) {
      for (const entry of ofAuthor.values()) {
        entry.announced &= kept;
        entry.asked &= kept;
        if (entry.announced === 0) this.delete(entry.name, entry.sequence);
        else if (entry.firstSlot === slot) this.#handOver(entry);
      }
    }
    this.#dueMs = Math.min(this.#dueMs, nowMs);
  }

  /** The messages to be asked for now, by the slot of whom to ask. They are due again after `retryMs`. */
  takeDue(nowMs: number): Map<number, MissingMessage[]> {
    const bySlot = new Map<number, MissingMessage[]>();
    if (this.#dueMs > nowMs) return bySlot;
    this.#dueMs = Infinity;
    for (const ofAuthor of this.#byAuthor.values()) {
      for (const entry of ofAuthor.values()) {
        const slot = entry.dueMs <= nowMs ? this.#ask(entry, nowMs) : noSlot;
        if (slot !== noSlot) {
          const asked = bySlot.get(slot);
          if (asked === undefined) bySlot.set(slot, [entry]);
          else asked.push(entry);
        }
        if (entry.announced !== 0) this.#dueMs = Math.min(this.#dueMs, entry.dueMs);
      }
    }
    return bySlot;
  }

  #ask(entry: MissingMessage, nowMs: number): number {
    if ((entry.announced & ~entry.asked) === 0) {
      entry.asked = 0;
      entry.rounds++;
    }
    if (entry.rounds >= this.#config.roundsMax) {
      this.delete(entry.name, entry.sequence);
      entry.announced = 0;
      return noSlot;
    }
    const left = entry.announced & ~entry.asked;
    const slot = (left & (1 << entry.firstSlot)) === 0 ? lowestSlot(left) : entry.firstSlot;
    entry.asked |= 1 << slot;
    entry.dueMs = nowMs + this.#config.retryMs;
    return slot;
  }

  #handOver(entry: MissingMessage): void {
    this.#counts[entry.firstSlot]!--;
    entry.firstSlot = lowestSlot(entry.announced);
    this.#counts[entry.firstSlot]!++;
  }
}

interface Times {
  nowMs: number;
  dueMs: number;
}

/** The lowest of the slots whose bits are set; at least one is. */
export function lowestSlot(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
