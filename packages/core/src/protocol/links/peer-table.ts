/**
 * The nodes we heard of, by network id: where they can be dialled, when they were last seen, and how well
 * reaching them went. The score is ours alone; a score of others could be forged and is never asked for.
 *
 * Bounded: a node we only heard of never displaces one that was reached and fares better.
 */
import type { PeerId } from '../../base/ids.ts';
import type { LinkPath, LinkState } from './link-state.ts';

export interface PeerTableConfig {
  peersMax: number;
  addressesMax: number;
  freshHalfLifeMs: number;
  forgetMs: number;
}

export const peerTableDefaults: PeerTableConfig = {
  peersMax: 1_024, // About 1 KiB each.
  addressesMax: 8, // As many as one mDNS answer may name.
  freshHalfLifeMs: 86_400_000, // A guess: who was there yesterday is half as likely to be there today.
  forgetMs: 604_800_000, // Network ids are new at every start: after a week hardly any is left.
};

export interface PeerEntry {
  remote: PeerId;
  /** Newest first. */
  addresses: string[];
  lastSeenMs: number;
  /** mDNS hears it at present. */
  lan: boolean;
  successes: number;
  failures: number;
}

/** A node as others than this room see it. */
export interface PeerRecord {
  remote: PeerId;
  addresses: string[];
  lastSeenMs: number;
  /** 0 to 1. */
  score: number;
  path: LinkPath | 'none';
  /** Somebody was recognised there. */
  recognised: boolean;
}

const countedMax = 32; // Older successes and failures weigh half as much every time this many are counted.

/** What dialling needs to know of nodes: a table of ours, or of whoever composes the rooms. */
export interface KnownNodes {
  /** Newest first. */
  addressesOf(remote: PeerId): readonly string[];
  /** The node was heard of or reached. @returns false where it finds no room; then it is not dialled. */
  note(remote: PeerId, addresses: readonly string[], nowMs: number): boolean;
  /** mDNS hears it, or no longer. */
  onLan(remote: PeerId, lan: boolean): void;
  /** The last sign of life over a link that is gone. */
  seen(remote: PeerId, atMs: number): void;
  /** Reaching it went well or did not. */
  rate(remote: PeerId, success: boolean): void;
  prune(nowMs: number): void;
}

export class PeerTable implements KnownNodes {
  #peers = new Map<PeerId, PeerEntry>();
  #config: PeerTableConfig;
  #isLive: (remote: PeerId) => boolean;

  /** @param isLive - whether a link to the node stands: such entries are never dropped. */
  constructor(config: PeerTableConfig, isLive: (remote: PeerId) => boolean) {
    this.#config = config;
    this.#isLive = isLive;
  }

  addressesOf(remote: PeerId): readonly string[] {
    return this.#peers.get(remote)?.addresses ?? [];
  }

  onLan(remote: PeerId, lan: boolean): void {
    const entry = this.#peers.get(remote);
    if (entry !== undefined) entry.lan = lan;
  }

  seen(remote: PeerId, atMs: number): void {
    const entry = this.#peers.get(remote);
    if (entry !== undefined) entry.lastSeenMs = Math.max(entry.lastSeenMs, atMs);
  }

  /** All entries, with what the links to each node (`liveOf`) add to them. */
  records(liveOf: (remote: PeerId) => readonly LinkState[], nowMs: number): PeerRecord[] {
    return [...this.#peers.values()].map((entry) => {
      const live = liveOf(entry.remote);
      const lastSeenMs = Math.max(entry.lastSeenMs, ...live.map(({ heardMs }) => heardMs));
      return {
        remote: entry.remote,
        addresses: [...entry.addresses],
        lastSeenMs,
        score: this.score({ ...entry, lastSeenMs }, nowMs),
        path: live[0]?.path ?? 'none',
        recognised: live.some(({ ids }) => ids.size > 0),
      };
    });
  }

  /** The node was heard of or reached. @returns false when there is no room for it. */
  note(remote: PeerId, addresses: readonly string[], nowMs: number): boolean {
    let entry = this.#peers.get(remote);
    if (entry === undefined) {
      if (this.#peers.size >= this.#config.peersMax && !this.#makeRoom(nowMs)) return false;
      entry = { remote, addresses: [], lastSeenMs: nowMs, lan: false, successes: 0, failures: 0 };
      this.#peers.set(remote, entry);
    }
    entry.lastSeenMs = nowMs;
    entry.addresses = [...new Set([...addresses, ...entry.addresses])].slice(0, this.#config.addressesMax);
    return true;
  }

  /** Reaching the node went well or did not. */
  rate(remote: PeerId, success: boolean): void {
    const entry = this.#peers.get(remote);
    if (entry === undefined) return;
    if (success) entry.successes++;
    else entry.failures++;
    if (entry.successes + entry.failures < countedMax) return;
    entry.successes /= 2;
    entry.failures /= 2;
  }

  /** Success times freshness, 0 to 1. Without experience success counts as one half. */
  score(entry: PeerEntry, nowMs: number): number {
    const success = (entry.successes + 1) / (entry.successes + entry.failures + 2);
    const freshness = 0.5 ** (Math.max(0, nowMs - entry.lastSeenMs) / this.#config.freshHalfLifeMs);
    return success * freshness;
  }

  /** Drops what was not seen for `forgetMs`. */
  prune(nowMs: number): void {
    for (const entry of this.#peers.values()) {
      const old = nowMs - entry.lastSeenMs >= this.#config.forgetMs;
      if (old && !entry.lan && !this.#isLive(entry.remote)) this.#peers.delete(entry.remote);
    }
  }

  /** Drops the worst entry, where it is not better than a node we know nothing of. */
  #makeRoom(nowMs: number): boolean {
    let worst: PeerEntry | undefined;
    let worstScore = Infinity;
    for (const entry of this.#peers.values()) {
      if (this.#isLive(entry.remote)) continue;
      const score = this.score(entry, nowMs);
      if (score < worstScore) {
        worst = entry;
        worstScore = score;
      }
    }
    if (worst === undefined || worstScore > 0.5) return false;
    this.#peers.delete(worst.remote);
    return true;
  }
}
