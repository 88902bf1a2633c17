/**
 * Leaving our device's presence in the key space: for this week, near its ends for the neighbouring one too, again
 * before it expires and when it changes. Each value has a time of its own: what one node writes at one moment
 * could be matched by those who see many places. Specification: docs/protocol/rendezvous.md.
 */
import { hex } from '../base/bytes.ts';
import type { PeerId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { makePresence } from '../crypto/rendezvous/presence.ts';
import { makeRendezvous, rendezvousKeys, wipeRendezvousKeys } from '../crypto/rendezvous/rendezvous.ts';
import { type Own, weekMs } from './own.ts';
import type { Turn } from './turn.ts';

export interface PresencePostConfig {
  /** How long a value asks to be kept. */
  ttlMs: number;
  /** Written again after this, give or take a tenth. */
  everyMs: number;
  /** The longest a first or changed value waits, so that several do not go at once. */
  spreadMs: number;
  /** After nobody took it. */
  retryMs: number;
  /** How near to its end or beginning the neighbouring week is written too. */
  boundaryMs: number;
}

export const presencePostDefaults: PresencePostConfig = {
  ttlMs: 7_200_000,
  everyMs: 1_800_000, // A guess: keepers stay for a median of minutes, so a value is renewed four times in its life.
  spreadMs: 60_000,
  retryMs: 300_000,
  boundaryMs: 43_200_000, // Clocks that are half a day wrong still meet.
};

/** One secret under which we leave something, and what. */
export interface PostTarget {
  slot: string;
  secret: Uint8Array;
  addresses: string[];
}

export interface PresencePostParts {
  crypto: Crypto;
  random: Random;
  turn: Turn;
  own: Own;
  /** What is to be found now; empty where nothing can be. */
  targets(): PostTarget[];
  self(): PeerId | undefined;
  /** A number above all before. */
  next(): number;
  wantKept(what: { place: Uint8Array; value: Uint8Array }): void;
}

interface Job {
  slot: string;
  week: number;
  dueMs: number;
  /** Where it was left, in hex; undefined before the first time. */
  place: string | undefined;
}

export class PresencePost {
  #parts: PresencePostParts;
  #config: PresencePostConfig;
  /** By slot and week: at most two weeks for each target. */
  #jobs = new Map<string, Job>();

  constructor(parts: PresencePostParts, config: PresencePostConfig) {
    this.#parts = parts;
    this.#config = config;
  }

  nextWakeMs(): number {
    let dueMs = Infinity;
    for (const job of this.#jobs.values()) dueMs = Math.min(dueMs, job.dueMs);
    return dueMs;
  }

  /** What is to be found changed, or may be found at all now. */
  changed(): void {
    this.plan();
    for (const job of this.#jobs.values()) job.dueMs = Math.min(job.dueMs, this.#soonMs());
  }

  wake(): void {
    const { nowMs } = this.#parts.turn;
    if (nowMs < this.nextWakeMs()) return;
    this.plan();
    const targets = this.#parts.targets();
    for (const job of this.#jobs.values()) {
      const target = targets.find((each) => each.slot === job.slot);
      if (nowMs >= job.dueMs && target !== undefined) this.#leave(job, target);
    }
  }

  /** How many nodes keep what was left at a place; 0 tries again sooner. */
  kept(place: Uint8Array, copies: number): void {
    const text = hex(place);
    for (const job of this.#jobs.values()) {
      if (job.place !== text || copies > 0) continue;
      job.dueMs = Math.min(job.dueMs, this.#parts.turn.nowMs + this.#config.retryMs);
    }
  }

  /** One job for each target and week; what is no target any more is left to expire. */
  plan(): void {
    const weeks = weeksToWrite(this.#parts.turn.wallMs, this.#config.boundaryMs);
    const planned = new Map<string, Job>();
    for (const { slot } of this.#parts.targets()) {
      for (const week of weeks) {
        const name = `${week}/${slot}`;
        const known = this.#jobs.get(name);
        planned.set(name, known ?? { slot, week, dueMs: this.#soonMs(), place: undefined });
      }
    }
    this.#jobs = planned;
  }

  #leave(job: Job, target: PostTarget): void {
    const { crypto, own, random, turn } = this.#parts;
    const { everyMs, ttlMs } = this.#config;
    job.dueMs = turn.nowMs + Math.ceil(everyMs * (0.9 + random.next() / 5));
    const keys = rendezvousKeys(crypto.backend, target.secret, { slot: job.slot, week: job.week });
    const { place } = keys;
    const sequence = this.#parts.next();
    const facts = { peer: this.#parts.self(), addresses: target.addresses, sequence, place };
    const content = makePresence(crypto.backend, own.device, facts);
    const value = makeRendezvous(crypto, keys, { sequence, ttlMs, content });
    wipeRendezvousKeys(crypto.backend, keys);
    job.place = hex(place);
    this.#parts.wantKept({ place, value });
  }

  #soonMs(): number {
    return this.#parts.turn.nowMs + Math.ceil(this.#parts.random.next() * this.#config.spreadMs);
  }
}

/** This week, and the neighbouring one where its boundary is near. */
export function weeksToWrite(wallMs: number, boundaryMs: number): number[] {
  const week = Math.floor(wallMs / weekMs);
  const into = wallMs - week * weekMs;
  if (into >= weekMs - boundaryMs) return [week, week + 1];
  return into < boundaryMs && week > 0 ? [week, week - 1] : [week];
}
