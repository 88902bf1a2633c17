/**
 * The nodes this node had to do with itself (a link, a dial, mDNS), by network id: where they can be dialled, when
 * they were last seen, and how well reaching them went. The score is ours alone; a score of others could be forged
 * and is never asked for. What others say about nodes stands elsewhere, so that no flood of it reaches this table.
 *
 * Bounded: a node we only heard of never displaces one that was reached and fares better.
 */
import type { PeerId } from './ids.ts';

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
  peer: PeerId;
  /** Newest first. */
  addresses: string[];
  lastSeenMs: number;
  /** mDNS hears it at present. */
  lan: boolean;
  /** We reached it by a dial of our own, and not in vain since. */
  proven: boolean;
  successes: number;
  failures: number;
}

const countedMax = 32; // Older successes and failures weigh half as much every time this many are counted.

export class PeerTable {
  #peers = new Map<PeerId, PeerEntry>();
  #config: PeerTableConfig;
  #isLive: (peer: PeerId) => boolean;

  /** @param isLive - whether a link to the node stands: such entries are never dropped. */
  constructor(config: PeerTableConfig, isLive: (peer: PeerId) => boolean) {
    this.#config = config;
    this.#isLive = isLive;
  }

  get size(): number {
    return this.#peers.size;
  }

  get(peer: PeerId): PeerEntry | undefined {
    return this.#peers.get(peer);
  }

  values(): IterableIterator<PeerEntry> {
    return this.#peers.values();
  }

  /**
   * The node was heard of or reached; `addresses` newest first.
   * @returns its entry and who went for it, or undefined when there is no room.
   */
  note(
    peer: PeerId,
    addresses: readonly string[],
    nowMs: number,
  ): { entry: PeerEntry; gone: PeerId | undefined } | undefined {
    let entry = this.#peers.get(peer);
    let gone: PeerId | undefined;
    if (entry === undefined) {
      if (this.#peers.size >= this.#config.peersMax) {
        gone = this.#worst(nowMs);
        if (gone === undefined) return undefined;
        this.#peers.delete(gone);
      }
      entry = {
        peer,
        addresses: [],
        lastSeenMs: nowMs,
        lan: false,
        proven: false,
        successes: 0,
        failures: 0,
      };
      this.#peers.set(peer, entry);
    }
    entry.lastSeenMs = nowMs;
    // The same list stays the same: others keep what they drew from it.
    if (addresses.some((each, index) => each !== entry.addresses[index])) {
      entry.addresses = [...new Set([...addresses, ...entry.addresses])].slice(0, this.#config.addressesMax);
    }
    return { entry, gone };
  }

  /** mDNS hears the node, or no longer. Unknown nodes are not heard. */
  onLan(peer: PeerId, lan: boolean): void {
    const entry = this.#peers.get(peer);
    if (entry !== undefined) entry.lan = lan;
  }

  /** Reaching the node went well or did not. Unknown nodes are not rated. */
  rate(peer: PeerId, success: boolean): void {
    const entry = this.#peers.get(peer);
    if (entry === undefined) return;
    entry.proven = success;
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

  delete(peer: PeerId): boolean {
    return this.#peers.delete(peer);
  }

  /** Drops what was not seen for `forgetMs`. @returns who went. */
  prune(nowMs: number): PeerId[] {
    const gone: PeerId[] = [];
    for (const { peer, lastSeenMs, lan } of this.#peers.values()) {
      if (nowMs - lastSeenMs < this.#config.forgetMs || lan || this.#isLive(peer)) continue;
      this.#peers.delete(peer);
      gone.push(peer);
    }
    return gone;
  }

  /**
   * The worst entry, where it is not better than a node we know nothing of. Who only came to us and left no address
   * is of no use, and there may be any number of such.
   */
  #worst(nowMs: number): PeerId | undefined {
    let worst: PeerId | undefined;
    let worstScore = Infinity;
    for (const entry of this.#peers.values()) {
      if (this.#isLive(entry.peer)) continue;
      const score = entry.addresses.length > 0 || entry.lan ? this.score(entry, nowMs) : -1;
      if (score >= worstScore) continue;
      worst = entry.peer;
      worstScore = score;
    }
    return worstScore > 0.5 ? undefined : worst;
  }
}
