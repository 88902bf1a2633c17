/**
 * Two neighbours that proved themselves, kept across restarts: the first nodes to try next time, and a sign that
 * something is wrong when both are gone. The Peer stores what `encode` gives.
 *
 * Never two of one subnet, none from the LAN, and none that only came to us: whoever owns one network, or calls us
 * and waits, must not own the way back.
 */
import { decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { PeerId } from '../../base/ids.ts';
import { canonicalAddress, subnetOf } from '../../base/place.ts';
import { publicKeyOf } from '../../crypto/record/peer-id.ts';
import type { StandingLink } from './standing-links.ts';

export interface AnchorsConfig {
  /** A link must have stood this long. */
  ageMs: number;
  /** Between two changes that are stored. */
  storeEveryMs: number;
}

export const anchorsDefaults: AnchorsConfig = {
  ageMs: 300_000, // A guess: half the median session of the churn we plan for.
  storeEveryMs: 60_000, // A guess: a change is worth a commit, not many.
};

export const anchorsMax = 2;
const anchorAddressesMax = 4;
const storedBytesMax = 2_048;
const version = 1;

export interface Anchor {
  /** Its network id then; it is likely to have another after its own restart. */
  peer: PeerId;
  /** 1 to 4, best first. */
  addresses: string[];
}

/** What is kept across restarts. */
export interface Stored {
  anchors: Anchor[];
  /** Of the last own record. */
  sequence: number;
}

export class Anchors {
  #config: AnchorsConfig;
  #anchors: Anchor[];
  #storedMs = -Infinity;
  #changed = false;

  constructor(config: AnchorsConfig, restored: readonly Anchor[]) {
    this.#config = config;
    this.#anchors = [...restored];
  }

  list(): Anchor[] {
    return this.#anchors.map(({ peer, addresses }) => ({ peer, addresses: [...addresses] }));
  }

  has(peer: PeerId): boolean {
    return this.#anchors.some((anchor) => anchor.peer === peer);
  }

  get size(): number {
    return this.#anchors.length;
  }

  /** Something was changed that should be stored; the caller asks again when `storeDue`. */
  touch(): void {
    this.#changed = true;
  }

  /** Chooses anew. @param addressesOf - where a node may be dialled, best first. */
  review(
    links: Iterable<StandingLink>,
    addressesOf: (peer: PeerId) => readonly string[],
    nowMs: number,
  ): void {
    const fit = [...links].filter(({ active, lan, sinceMs, dialledAt }) => {
      return active && !lan && dialledAt !== undefined && nowMs - sinceMs >= this.#config.ageMs;
    });
    // Those that are anchors stay; of the others the oldest link wins.
    fit.sort((a, b) => Number(this.has(b.peer)) - Number(this.has(a.peer)) || a.sinceMs - b.sinceMs);
    const chosen: Anchor[] = [];
    const offer = (peer: PeerId, addresses: readonly string[]): void => {
      const usable = addresses.filter((each) => canonicalAddress(each) === each).slice(0, anchorAddressesMax);
      if (usable.length === 0 || chosen.length >= anchorsMax) return;
      const subnet = subnetOf(usable[0]!);
      if (chosen.some((other) => other.peer === peer || subnetOf(other.addresses[0]!) === subnet)) return;
      chosen.push({ peer, addresses: usable });
    };
    // Where it was reached comes first: its subnet is proved, that of a record only claimed.
    for (const { peer, dialledAt } of fit) {
      offer(peer, [...new Set([...(dialledAt === undefined ? [] : [dialledAt]), ...addressesOf(peer)])]);
    }
    for (const { peer, addresses } of this.#anchors) offer(peer, addresses);
    if (nameOf(chosen) === nameOf(this.#anchors)) return;
    this.#anchors = chosen;
    this.#changed = true;
  }

  /** When there will be something to store, or undefined. */
  get storeAtMs(): number | undefined {
    return this.#changed ? this.#storedMs + this.#config.storeEveryMs : undefined;
  }

  /** @returns whether the caller is to store now. */
  storeDue(nowMs: number): boolean {
    if (this.storeAtMs === undefined || nowMs < this.storeAtMs) return false;
    this.#changed = false;
    this.#storedMs = nowMs;
    return true;
  }
}

/** In an order that does not depend on which was chosen first. */
function nameOf(anchors: readonly Anchor[]): string {
  return anchors
    .map(({ peer, addresses }) => [peer, ...addresses].join())
    .sort()
    .join(' ');
}

/** At most 2,048 bytes: canonical CBOR `[1, sequence, [[peer, [address…]]…]]`. */
export function encodeStored({ anchors, sequence }: Stored): Uint8Array {
  const list = anchors.map(({ peer, addresses }) => [peer, addresses]);
  return encodeCbor([version, sequence, list]);
}

/** Undefined for what `encodeStored` of this version would not have made. */
export function decodeStored(bytes: Uint8Array): Stored | undefined {
  const row = decodeCbor(bytes, { bytesMax: storedBytesMax });
  if (!Array.isArray(row) || row.length !== 3 || row[0] !== version) return undefined;
  const [, sequence, list] = row;
  if (typeof sequence !== 'number' || sequence < 0 || !Array.isArray(list)) return undefined;
  if (list.length > anchorsMax) return undefined;
  const anchors: Anchor[] = [];
  for (const item of list) {
    if (!Array.isArray(item) || item.length !== 2) return undefined;
    const [peer, addresses] = item;
    if (typeof peer !== 'string' || publicKeyOf(peer) === undefined || !Array.isArray(addresses))
      return undefined;
    if (addresses.length < 1 || addresses.length > anchorAddressesMax) return undefined;
    const texts: string[] = [];
    for (const address of addresses) {
      if (typeof address !== 'string' || canonicalAddress(address) !== address) return undefined;
      texts.push(address);
    }
    anchors.push({ peer: peer as PeerId, addresses: texts });
  }
  return { anchors, sequence };
}
