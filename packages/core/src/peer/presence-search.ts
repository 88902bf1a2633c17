/**
 * Looking in the key space for devices of contacts that no link reaches: a few at a time, each less and less often.
 * Specification: docs/protocol/rendezvous.md.
 */
import { hex } from '../base/bytes.ts';
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import type { LiveDevice } from '../crypto/identity/identity.ts';
import { decodePresence, type Presence as FoundPresence } from '../crypto/rendezvous/presence.ts';
import {
  openRendezvous,
  type RendezvousKeys,
  rendezvousKeys,
  wipeRendezvousKeys,
} from '../crypto/rendezvous/rendezvous.ts';
import { Schedule, type Scheduled } from '../protocol/outbox/schedule.ts';
import { weekMs } from './own.ts';
import type { Turn } from './turn.ts';

export interface PresenceSearchConfig {
  /** From when a device is missed to the first look. */
  firstMs: number;
  /** The pause doubles with each look up to this. */
  pauseMsMax: number;
  lookupsMax: number;
  /** Between the beginnings of two. */
  gapMs: number;
  /** One that nobody answered counts as in vain. */
  timeoutMs: number;
  /** Our own network changing begins the search for everybody anew, not more often than this. */
  renewEveryMs: number;
}

export const presenceSearchDefaults: PresenceSearchConfig = {
  firstMs: 120_000,
  pauseMsMax: 21_600_000,
  lookupsMax: 3,
  gapMs: 1_000,
  timeoutMs: 120_000,
  renewEveryMs: 600_000,
};

export interface Sought {
  person: PersonId;
  live: LiveDevice;
  /** Under which secret, and in which slot. */
  secret: Uint8Array;
  slot: string;
}

export interface PresenceSearchParts {
  backend: CryptoBackend;
  random: Random;
  turn: Turn;
  isReachable(device: DeviceId): boolean;
  onFound(presence: FoundPresence): void;
  wantFound(what: { place: Uint8Array }): void;
}

interface Entry extends Scheduled, Sought {
  /** Looks in vain since the device was last reachable; -1 while it is. */
  looks: number;
  lookedMs: number;
}

interface Lookup {
  entry: Entry;
  /** The one asked for, then those to ask for when nothing is there. */
  weeks: number[];
  place: Uint8Array;
  untilMs: number;
}

export class PresenceSearch {
  #parts: PresenceSearchParts;
  #config: PresenceSearchConfig;
  #entries = new Map<DeviceId, Entry>(); // At most the live devices of connected contacts.
  #schedule = new Schedule<Entry>();
  /** By place in hex; at most `lookupsMax`. */
  #running = new Map<string, Lookup>();
  #nextStartMs = -Infinity;
  #renewedMs = -Infinity;

  constructor(parts: PresenceSearchParts, config: PresenceSearchConfig) {
    this.#parts = parts;
    this.#config = config;
  }

  nextWakeMs(): number {
    let dueMs = Infinity;
    for (const { untilMs } of this.#running.values()) dueMs = Math.min(dueMs, untilMs);
    if (this.#running.size >= this.#config.lookupsMax) return dueMs;
    const first = this.#schedule.first();
    return first === undefined ? dueMs : Math.min(dueMs, Math.max(first.dueMs, this.#nextStartMs));
  }

  /** Whom to look for from now on. */
  seek(sought: Sought[]): void {
    const devices = new Set(sought.map(({ live }) => live.device));
    for (const [device, entry] of this.#entries) {
      if (devices.has(device)) continue;
      this.#schedule.remove(entry);
      this.#entries.delete(device);
    }
    for (const each of sought) {
      const { live } = each;
      const known = this.#entries.get(live.device);
      if (known !== undefined) {
        Object.assign(known, each);
        continue;
      }
      const entry: Entry = { ...each, looks: 0, lookedMs: -Infinity, dueMs: Infinity, place: -1 };
      this.#entries.set(live.device, entry);
      this.#schedule.set(entry, this.#parts.turn.nowMs + this.#pauseMs(entry));
    }
  }

  /** A link stands with that device: when it is missed again, all begins anew. */
  reached(device: DeviceId): void {
    const entry = this.#entries.get(device);
    if (entry === undefined || entry.looks < 0 || entry.place < 0) return;
    entry.looks = -1;
    this.#schedule.set(entry, this.#parts.turn.nowMs + this.#pauseMs(entry));
  }

  /** We are somewhere else now: that those we miss could not be reached says nothing any more. */
  renew(): void {
    const { nowMs } = this.#parts.turn;
    if (nowMs - this.#renewedMs < this.#config.renewEveryMs) return;
    this.#renewedMs = nowMs;
    for (const entry of this.#entries.values()) {
      if (entry.looks <= 0 || entry.place < 0) continue;
      entry.looks = 0;
      this.#schedule.set(entry, Math.min(entry.dueMs, nowMs + this.#pauseMs(entry)));
    }
  }

  /** Something waits for that person: looks again now, unless one was just in vain. */
  urge(person: PersonId): void {
    const { nowMs } = this.#parts.turn;
    for (const entry of this.#entries.values()) {
      // Of those being looked for at this moment the answer comes anyhow.
      if (entry.person !== person || entry.place < 0) continue;
      if (nowMs - entry.lookedMs < this.#config.firstMs) continue;
      entry.looks = Math.max(entry.looks, 0);
      this.#schedule.set(entry, Math.min(entry.dueMs, nowMs));
    }
  }

  wake(): void {
    const { nowMs } = this.#parts.turn;
    for (const lookup of this.#running.values()) {
      if (nowMs >= lookup.untilMs) this.#end(lookup);
    }
    while (this.#running.size < this.#config.lookupsMax && nowMs >= this.#nextStartMs) {
      const entry = this.#schedule.first();
      if (entry === undefined || entry.dueMs > nowMs) return;
      this.#look(entry);
    }
  }

  /** What was kept at a place we asked for, or undefined. What is not theirs counts as nothing. */
  found(place: Uint8Array, value: Uint8Array | undefined): void {
    const lookup = this.#running.get(hex(place));
    if (lookup === undefined) return;
    const { entry, weeks } = lookup;
    this.#end(lookup);
    if (this.#entries.get(entry.live.device) !== entry) return;
    const presence = value && this.#open(lookup, value);
    if (presence !== undefined) this.#parts.onFound(presence);
    else this.#ask(entry, weeks.slice(1));
  }

  #look(entry: Entry): void {
    const { nowMs, wallMs } = this.#parts.turn;
    const reachable = this.#parts.isReachable(entry.live.device);
    if (reachable || entry.looks < 0) {
      entry.looks = reachable ? -1 : 0;
      this.#schedule.set(entry, nowMs + this.#pauseMs(entry));
      return;
    }
    const weeks = weeksToRead(wallMs, entry.looks);
    entry.looks += 1;
    entry.lookedMs = nowMs;
    this.#nextStartMs = nowMs + this.#config.gapMs;
    this.#schedule.set(entry, nowMs + this.#pauseMs(entry)); // Should there be nothing to ask for.
    this.#ask(entry, weeks);
  }

  #ask(entry: Entry, weeks: number[]): void {
    const [week] = weeks;
    if (week === undefined) return;
    const keys = this.#keys(entry, week);
    wipeRendezvousKeys(this.#parts.backend, keys);
    this.#schedule.remove(entry);
    const { place } = keys;
    const untilMs = this.#parts.turn.nowMs + this.#config.timeoutMs;
    this.#running.set(hex(place), { entry, weeks, place, untilMs });
    this.#parts.wantFound({ place });
  }

  #end(lookup: Lookup): void {
    const { entry, place } = lookup;
    this.#running.delete(hex(place));
    if (this.#entries.get(entry.live.device) !== entry) return;
    this.#schedule.set(entry, this.#parts.turn.nowMs + this.#pauseMs(entry));
  }

  #open({ entry, weeks, place }: Lookup, value: Uint8Array): FoundPresence | undefined {
    const { backend } = this.#parts;
    const keys = this.#keys(entry, weeks[0]!);
    const opened = openRendezvous(backend, keys, value);
    wipeRendezvousKeys(backend, keys);
    return opened && decodePresence(backend, opened.content, { ...entry.live, place });
  }

  #keys({ secret, slot }: Sought, week: number): RendezvousKeys {
    return rendezvousKeys(this.#parts.backend, secret, { slot, week });
  }

  /** Give or take a quarter, so that those who miss many do not ask in step. */
  #pauseMs(entry: Entry): number {
    return Math.ceil(this.#pauseOf(entry.looks) * (0.75 + this.#parts.random.next() / 2));
  }

  #pauseOf(looks: number): number {
    const { firstMs, pauseMsMax } = this.#config;
    return Math.min(firstMs * 2 ** Math.max(0, looks), pauseMsMax);
  }
}

/** This week; at every other look also a neighbouring one, the nearer first: clocks may be wrong by days. */
export function weeksToRead(wallMs: number, looks: number): number[] {
  const week = Math.floor(wallMs / weekMs);
  const nearer = wallMs - week * weekMs < weekMs / 2 ? -1 : 1;
  const other = week + [0, nearer, 0, -nearer][looks % 4]!;
  return other === week || other < 0 ? [week] : [week, other];
}
