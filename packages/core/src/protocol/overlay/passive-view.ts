/**
 * Peers that might become neighbours, about forty of them, in samples kept apart by how much their source is worth:
 *
 *   tried   we reached them ourselves: nobody gets in by talking
 *   heard   named by somebody we had dialled ourselves, not tried yet
 *   told    named by anybody
 *   lost    were reached once, answer no longer; asked again and again, because a cut network heals
 *
 * It holds ids; records and addresses are the discovery's. Specification: docs/protocol/overlay.md.
 */
import type { PeerId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import { type HashKey, keyedHash } from './keyed-hash.ts';
import { Sampler } from './sampler.ts';

export interface PassiveConfig {
  triedSlots: number;
  heardSlots: number;
  toldSlots: number;
  lostSlots: number;
  /** Peers that failed and are not taken again for `failedMs`; the oldest is forgotten. */
  failedMax: number;
  failedMs: number;
  /** After a failure: doubling from the one to the other, a random half taken off. */
  retryMsMin: number;
  retryMsMax: number;
  /** Who was tried is tested again after this. */
  recheckMs: number;
}

export const passiveDefaults: PassiveConfig = {
  triedSlots: 16,
  heardSlots: 12,
  toldSlots: 12,
  lostSlots: 24,
  failedMax: 256,
  failedMs: 600_000,
  retryMsMin: 5_000,
  retryMsMax: 300_000,
  recheckMs: 600_000,
};

export interface KnownPeer {
  readonly peer: PeerId;
  /** Its subnet, or one name for all that are near. */
  readonly group: string;
  readonly groupRank: number;
  readonly peerRank: number;
  reached: boolean;
  /** The person or an earlier run named it: never forgotten because it does not answer. */
  trusted: boolean;
  /** When it was last reached, or found gone. */
  checkedMs: number;
  failures: number;
  notBeforeMs: number;
}

export type PassiveSet = 'tried' | 'heard' | 'told' | 'lost';
type Usable = (known: KnownPeer) => boolean;

export class PassiveView {
  #config: PassiveConfig;
  #random: Random;
  #key: HashKey;
  #known = new Map<PeerId, KnownPeer>();
  #sets: Record<PassiveSet, Sampler<KnownPeer>>;
  #failed = new Map<PeerId, number>();

  constructor(config: PassiveConfig, key: HashKey, random: Random) {
    this.#config = config;
    this.#random = random;
    this.#key = key;
    this.#sets = {
      tried: new Sampler(config.triedSlots, random),
      heard: new Sampler(config.heardSlots, random),
      told: new Sampler(config.toldSlots, random),
      lost: new Sampler(config.lostSlots, random),
    };
  }

  /** Everybody in a set, each once. */
  peers(set: PassiveSet): PeerId[] {
    return [...this.#sets[set].entries()].map(({ peer }) => peer);
  }

  size(set: PassiveSet): number {
    return this.#sets[set].entries().size;
  }

  isEmpty(set: PassiveSet): boolean {
    return this.#sets[set].isEmpty;
  }

  /** Whether anybody of another group is known. */
  knowsBeyond(group: string): boolean {
    for (const known of this.#known.values()) if (known.group !== group) return true;
    return false;
  }

  has(peer: PeerId): boolean {
    return this.#known.has(peer);
  }

  /** Whether we had reached it, or the person named it. */
  wasThere(peer: PeerId): boolean {
    const known = this.#known.get(peer);
    return known !== undefined && (known.reached || known.trusted);
  }

  /** Somebody named a peer. `chosen`: that somebody is one we had dialled. */
  tell(peer: PeerId, group: string, about: { chosen: boolean; trusted?: boolean; nowMs: number }): void {
    const until = this.#failed.get(peer);
    if (until !== undefined && until > about.nowMs && about.trusted !== true) return;
    const known = this.#known.get(peer) ?? this.#make(peer, group);
    if (about.trusted === true) known.trusted = true;
    if (this.#sets.lost.has(known)) return;
    if (about.chosen) this.#offer('heard', known);
    this.#offer('told', known);
    this.#settle(known);
  }

  /** We dialled it and it answered. @returns whether it had been lost. */
  reached(peer: PeerId, group: string, nowMs: number): boolean {
    const before = this.#known.get(peer);
    // Its place follows from where it was reached, not from what its record said.
    if (before !== undefined && before.group !== group) this.forget(peer);
    const known = this.#known.get(peer) ?? this.#make(peer, group);
    known.reached = true;
    known.checkedMs = nowMs;
    known.failures = 0;
    known.notBeforeMs = 0;
    this.#failed.delete(peer);
    const returned = before !== undefined && this.#sets.lost.has(before);
    this.#sets.lost.remove(known);
    this.#offer('tried', known);
    this.#settle(known);
    return returned;
  }

  /** A dial to it was in vain. `alone`: nobody else answers either, so that it says little about this peer. */
  unreachable(peer: PeerId, about: { alone: boolean; nowMs: number }): void {
    const known = this.#known.get(peer);
    if (known === undefined) return;
    known.failures++;
    known.checkedMs = about.nowMs;
    this.#wait(known, about.nowMs);
    if (about.alone) return;
    if (!known.reached && !known.trusted) {
      this.forget(peer);
      this.#remember(peer, about.nowMs);
    } else if (known.failures >= 2 || !known.reached) {
      for (const set of ['tried', 'heard', 'told'] as const) this.#sets[set].remove(known);
      this.#offer('lost', known);
      this.#settle(known);
    }
  }

  /** It answered, but has no place for us now: not before `notBeforeMs`. */
  postpone(peer: PeerId, notBeforeMs: number): void {
    const known = this.#known.get(peer);
    if (known !== undefined) known.notBeforeMs = notBeforeMs;
  }

  /** Nobody fails any longer because of what failed before: the network is another, or the person acted. */
  hurry(): void {
    for (const known of this.#known.values()) known.notBeforeMs = 0;
    this.#failed.clear();
  }

  forget(peer: PeerId): void {
    const known = this.#known.get(peer);
    if (known === undefined) return;
    for (const set of Object.values(this.#sets)) set.remove(known);
    this.#known.delete(peer);
  }

  /**
   * Whom to ask: half the time one we had reached, half the time one we heard of; who failed comes later, and last, with
   * `hearsay`, of whom only those told us that came.
   */
  pick(usable: Usable, about: { hearsay: boolean; nowMs: number }): PeerId | undefined {
    const ready: Usable = (known) => known.notBeforeMs <= about.nowMs && usable(known);
    const tried = [...this.#sets.tried.entries()].filter(ready);
    const heard = [...this.#sets.heard.entries()].filter(ready);
    const told = about.hearsay ? [...this.#sets.told.entries()].filter(ready) : [];
    const [first, second] = this.#random.next() < 0.5 ? [tried, heard] : [heard, tried];
    const sound: Usable = ({ failures }) => failures === 0;
    for (const list of [first.filter(sound), second.filter(sound), first, second, told]) {
      const peer = this.#any(list);
      if (peer !== undefined) return peer;
    }
    return undefined;
  }

  /** Whom to test: one we only heard of, else the one of those we reached that was not tested for longest. */
  pickUntested(usable: Usable, nowMs: number): PeerId | undefined {
    const ready: Usable = (known) => known.notBeforeMs <= nowMs && usable(known);
    const { heard, told, tried } = this.#sets;
    for (const set of [heard, told]) {
      const peer = this.#any([...set.entries()].filter((known) => !known.reached && ready(known)));
      if (peer !== undefined) return peer;
    }
    let oldest: KnownPeer | undefined;
    for (const known of tried.entries()) {
      if (known.checkedMs + this.#config.recheckMs > nowMs && known.failures === 0) continue;
      if (!ready(known)) continue;
      if (oldest === undefined || known.checkedMs < oldest.checkedMs) oldest = known;
    }
    return oldest?.peer;
  }

  /** A lost one whose time has come. */
  pickLost(usable: Usable, nowMs: number): PeerId | undefined {
    if (this.#sets.lost.isEmpty) return undefined;
    return this.#any(
      [...this.#sets.lost.entries()].filter((known) => known.notBeforeMs <= nowMs && usable(known)),
    );
  }

  /** When the next lost one is due; Infinity without any. */
  lostDueMs(): number {
    let dueMs = Infinity;
    if (this.#sets.lost.isEmpty) return dueMs;
    for (const { notBeforeMs } of this.#sets.lost.entries()) dueMs = Math.min(dueMs, notBeforeMs);
    return dueMs;
  }

  #make(peer: PeerId, group: string): KnownPeer {
    const groupRank = keyedHash(this.#key, `group ${group}`);
    const peerRank = keyedHash(this.#key, `peer ${peer}`);
    const known = { peer, group, groupRank, peerRank };
    const fresh: KnownPeer = {
      ...known,
      reached: false,
      trusted: false,
      checkedMs: 0,
      failures: 0,
      notBeforeMs: 0,
    };
    this.#known.set(peer, fresh);
    return fresh;
  }

  #offer(set: PassiveSet, known: KnownPeer): void {
    for (const displaced of this.#sets[set].offer(known)) this.#settle(displaced);
  }

  /** Forgets whom no sample holds. */
  #settle(known: KnownPeer): void {
    for (const set of Object.values(this.#sets)) if (set.has(known)) return;
    this.#known.delete(known.peer);
  }

  #wait(known: KnownPeer, nowMs: number): void {
    const { retryMsMin, retryMsMax } = this.#config;
    const ceilingMs = Math.min(retryMsMax, retryMsMin * 2 ** (known.failures - 1));
    known.notBeforeMs = nowMs + ceilingMs * (0.5 + this.#random.next() / 2);
  }

  #remember(peer: PeerId, nowMs: number): void {
    this.#failed.delete(peer);
    this.#failed.set(peer, nowMs + this.#config.failedMs);
    const [oldest] = this.#failed.keys();
    if (this.#failed.size > this.#config.failedMax && oldest !== undefined) this.#failed.delete(oldest);
  }

  #any(list: readonly KnownPeer[]): PeerId | undefined {
    return list[Math.floor(this.#random.next() * list.length)]?.peer;
  }
}
