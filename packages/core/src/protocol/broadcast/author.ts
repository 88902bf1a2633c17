/**
 * What is known of one author in one topic: which of its messages came, and the tree they come and go by.
 *
 * Neighbours are numbered slots; sets of them are the bits of one number.
 */
import { handleBytes } from '../../wire/broadcast-ids.ts';
import { Allowance } from './allowance.ts';
import type { BroadcastConfig } from './config.ts';

export const noSlot = -1;

/** A message that is kept to repair others. */
export interface Held {
  author: Author;
  sequence: number;
  /** As it came, and as it goes on. */
  frame: Uint8Array;
  signature: Uint8Array;
  body: Uint8Array;
  atMs: number;
  /** The neighbours, as bits, that showed they have it; and those it was sent to. */
  have: number;
  sent: number;
}

export class Author {
  readonly key: Uint8Array;
  readonly handle: Uint8Array;
  readonly name: string;
  readonly allowance: Allowance;
  /** 0 before the first. */
  newest = 0;
  /** Below `newest`, what did not come and is still taken; all else up to `newest` counts as seen. */
  readonly holes: Set<number> = new Set();
  readonly held: Map<number, Held> = new Map();
  heardMs: number;
  /** Two contents under one sequence were seen: no second one is looked at any more. */
  equivocated = false;
  /** Neighbours that are sent digests alone: they asked for that, or have a better way. */
  lazy = 0;
  /** Neighbours that were asked to send digests alone; and those that were asked twice. */
  pruned = 0;
  prunedTwice = 0;
  prunedAtMs = 0;
  /** From whom the newest message came first. */
  parent: number = noSlot;
  /** Who announced the newest message first, of all but the parent: the next parent, should it be lost. */
  second: number = noSlot;
  secondSequence = 0;
  /** Whose digests lead the parent's messages, and by how much on average. */
  rival: number = noSlot;
  rivalLeadMs = 0;

  /** Two messages of it were new: the first made its tree, where there was none. */
  settled = false;

  constructor(key: Uint8Array, config: BroadcastConfig, nowMs: number) {
    this.key = key.slice();
    this.handle = this.key.subarray(0, handleBytes);
    this.name = handleName(this.handle);
    this.allowance = new Allowance(config.authored, nowMs);
    this.heardMs = nowMs;
  }

  hasSeen(sequence: number): boolean {
    return sequence <= this.newest && !this.holes.has(sequence);
  }

  /** @returns the sequences that this message shows to be missing, ascending. */
  see(sequence: number, holesMax: number): number[] {
    if (sequence <= this.newest) {
      this.holes.delete(sequence);
      return [];
    }
    // Of an author just met, or one that began anew far above, what was said before may still come, but is not missed:
    // if it was said at all, somebody will announce it.
    const anew = this.newest === 0 || sequence - this.newest > holesMax;
    const skipped: number[] = [];
    for (let hole = Math.max(this.newest + 1, sequence - holesMax); hole < sequence; hole++)
      skipped.push(hole);
    for (const hole of skipped) this.holes.add(hole);
    for (const oldest of this.holes) {
      if (this.holes.size <= holesMax) break;
      this.holes.delete(oldest);
    }
    this.newest = sequence;
    return anew ? [] : skipped;
  }

  /** Neighbours that are sent the messages, or bring them. */
  carriers(): number {
    return ~this.lazy | (this.parent === noSlot ? 0 : 1 << this.parent);
  }

  /** Counts everything up to `newest` as seen: it was, before the author was forgotten. */
  remember(newest: number): void {
    this.newest = newest;
  }

  forgetNeighbour(slot: number): void {
    const kept = ~(1 << slot);
    this.lazy &= kept;
    this.pruned &= kept;
    this.prunedTwice &= kept;
    if (this.parent === slot) this.parent = noSlot;
    if (this.second === slot) this.second = noSlot;
    if (this.rival === slot) this.rival = noSlot;
  }
}

/** A handle as the key of a map. */
export function handleName(bytes: Uint8Array): string {
  const low = String.fromCharCode(bytes[0]!, bytes[1]!, bytes[2]!, bytes[3]!);
  return low + String.fromCharCode(bytes[4]!, bytes[5]!, bytes[6]!, bytes[7]!);
}
