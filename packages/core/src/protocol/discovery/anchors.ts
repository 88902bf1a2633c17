/**
 * Nodes that proved themselves, kept across restarts as the way back: neighbours whose links lasted, then others that
 * we reached. When all such neighbours are gone, that is a sign that something is wrong. The Peer stores what `encodeStored` gives.
 *
 * Never two of one subnet, none from the LAN, and none that only came to us: whoever owns one network, or calls us
 * and waits, must not own the way back. Who is reached is drawn from a sample that nobody outside can steer.
 */
import { decodeCbor, encodeCbor } from '../../base/cbor.ts';
import type { PeerId } from '../../base/ids.ts';
import type { PeerTable } from '../../base/peer-table.ts';
import { canonicalAddress, scopeOf, subnetOf } from '../../base/place.ts';
import { publicKeyOf } from '../../crypto/record/peer-id.ts';
import type { StandingLink, StandingLinks } from './standing-links.ts';

export interface AnchorsConfig {
  /** A link must have stood this long. */
  ageMs: number;
  /** Between two changes that are stored. */
  storeEveryMs: number;
  /** Between two looks at who is there. */
  reviewEveryMs: number;
  /** So long so many places stay with those of before the restart: who surrounds a node in its first minutes must not have all. */
  keepMs: number;
  keptMin: number;
}

export const anchorsDefaults: AnchorsConfig = {
  ageMs: 300_000, // A guess: half the median session of the churn we plan for.
  storeEveryMs: 60_000, // A guess: a change is worth a commit, not many.
  reviewEveryMs: 10_000, // A guess: who ends within seconds of its start has little to remember.
  keepMs: 3_600_000, // A guess.
  keptMin: 2,
};

/** With a third of all nodes away at any time, all eight are about once in 7,000 starts; of two it was one in nine. */
export const anchorsMax = 8;
const anchorAddressesMax = 4;
const storedBytesMax = 4_096;
const version = 2;

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

/** Who there is to choose from. */
export interface AnchorSources {
  links: Iterable<StandingLink>;
  /** Where a node may be dialled, best first. */
  addressesOf: (peer: PeerId) => readonly string[];
  /** Nodes beyond the LAN that we reached, and where that was, in an order that nobody outside can steer. */
  reached: () => Iterable<Anchor>;
}

export class Anchors {
  #config: AnchorsConfig;
  #anchors: Anchor[];
  /** Of before the restart. */
  readonly #before: ReadonlySet<PeerId>;
  /** Those whose link lasted. */
  #neighbours: readonly PeerId[];
  #bornMs: number | undefined;
  #reviewAtMs = -Infinity;
  #storedMs = -Infinity;
  #changed = false;

  constructor(config: AnchorsConfig, restored: readonly Anchor[]) {
    this.#config = config;
    this.#anchors = [...restored];
    this.#before = new Set(restored.map(({ peer }) => peer));
    this.#neighbours = [];
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

  /** Neighbours that are anchors, as of the last review; of before the restart all, until there are some. */
  get neighbours(): readonly PeerId[] {
    return this.#neighbours.length > 0 ? this.#neighbours : [...this.#before];
  }

  /** Chooses anew, now and then. */
  review({ links, addressesOf, reached }: AnchorSources, nowMs: number): void {
    this.#bornMs ??= nowMs;
    if (nowMs < this.#reviewAtMs) return;
    this.#reviewAtMs = nowMs + this.#config.reviewEveryMs;
    const fit = [...links].filter(({ active, lan, sinceMs, dialledAt }) => {
      return active && !lan && dialledAt !== undefined && nowMs - sinceMs >= this.#config.ageMs;
    });
    // Those that are anchors stay; of the others the oldest link wins.
    fit.sort((a, b) => Number(this.has(b.peer)) - Number(this.has(a.peer)) || a.sinceMs - b.sinceMs);
    const chosen = new Chosen();
    // Where it was reached comes first: its subnet is proved, that of a record only claimed.
    for (const { peer, dialledAt } of fit) {
      chosen.offer(peer, [...new Set([dialledAt ?? [], addressesOf(peer)].flat())], anchorsMax);
    }
    if (chosen.list.length > 0) this.#neighbours = chosen.list.map(({ peer }) => peer);
    const isYoung = nowMs - this.#bornMs < this.#config.keepMs;
    const placesMax = anchorsMax - (isYoung ? Math.min(this.#config.keptMin, this.#before.size) : 0);
    const others = [...reached()].toSorted((a, b) => Number(this.has(b.peer)) - Number(this.has(a.peer)));
    for (const { peer, addresses } of others) chosen.offer(peer, addresses, placesMax);
    for (const { peer, addresses } of this.#anchors) chosen.offer(peer, addresses, anchorsMax);
    for (const { peer, addresses } of others) chosen.offer(peer, addresses, anchorsMax);
    if (nameOf(chosen.list) === nameOf(this.#anchors)) return;
    this.#anchors = chosen.list;
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

/** Of these nodes, those that answered where they were last dialled, beyond the LAN. */
export function* whoAnswered(
  peers: Iterable<PeerId>,
  table: PeerTable,
  links: StandingLinks,
): Generator<Anchor> {
  for (const peer of peers) {
    const entry = table.get(peer);
    if (entry?.proven !== true || entry.lan || links.get(peer)?.lan === true) continue;
    const addresses = entry.addresses.filter((each) => scopeOf(each) === 'global');
    if (addresses.length > 0) yield { peer, addresses };
  }
}

/** Whom a review chose so far. */
class Chosen {
  readonly list: Anchor[] = [];

  /** Taken while fewer than `placesMax` are, and none of its subnet. */
  offer(peer: PeerId, addresses: readonly string[], placesMax: number): void {
    if (this.list.length >= placesMax) return;
    const usable = addresses.filter((each) => canonicalAddress(each) === each).slice(0, anchorAddressesMax);
    const [first] = usable;
    if (first === undefined) return;
    const subnet = subnetOf(first);
    if (this.list.some((other) => other.peer === peer || subnetOf(other.addresses[0]!) === subnet)) return;
    this.list.push({ peer, addresses: usable });
  }
}

/** In an order that does not depend on which was chosen first. */
function nameOf(anchors: readonly Anchor[]): string {
  return anchors
    .map(({ peer, addresses }) => [peer, ...addresses].join())
    .sort()
    .join(' ');
}

/** At most 4,096 bytes: canonical CBOR `[2, sequence, [[peer, [address…]]…]]`. */
export function encodeStored({ anchors, sequence }: Stored): Uint8Array {
  const list = anchors.map(({ peer, addresses }) => [peer, addresses]);
  return encodeCbor([version, sequence, list]);
}

/** Undefined for what `encodeStored` of this version, or of the one before, would not have made. */
export function decodeStored(bytes: Uint8Array): Stored | undefined {
  const row = decodeCbor(bytes, { bytesMax: storedBytesMax });
  if (!Array.isArray(row) || row.length !== 3) return undefined;
  const [written, sequence, list] = row;
  // Version 1 was the same with two anchors at most.
  if (written !== version && written !== 1) return undefined;
  if (typeof sequence !== 'number' || sequence < 0 || !Array.isArray(list)) return undefined;
  if (list.length > (written === 1 ? 2 : anchorsMax)) return undefined;
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
