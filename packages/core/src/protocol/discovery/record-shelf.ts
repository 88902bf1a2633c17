/**
 * The records of other nodes, verified, each until its lifetime here ends. One a node.
 *
 * What strangers' records may fill is bounded three ways, because keys and claimed addresses cost nothing: a subnet
 * holds `subnetMax`, a source (the subnet of the neighbour that brought it first) `sourceMax`, all `recordsMax`. Where
 * a bound is reached, a rank decides that is keyed and drawn once a start: nobody can choose keys that win, and
 * repeating oneself changes nothing. A node with a link to us or on our LAN is never displaced, and one we reached by
 * a dial of our own only by such a one.
 */
import { bytesEqual, hex } from '../../base/bytes.ts';
import type { PeerId } from '../../base/ids.ts';
import type { Scope } from '../../base/place.ts';
import type { PeerRecord } from '../../crypto/record/peer-record.ts';

export interface ShelfConfig {
  recordsMax: number;
  subnetMax: number;
  sourceMax: number;
}

export const shelfDefaults: ShelfConfig = {
  recordsMax: 1_024, // About 600 bytes each. A key space of a million nodes asks for some 350 neighbours.
  subnetMax: 32, // A guess: 3 % of the shelf for any /16, which is what a flood from one /24 can win.
  sourceMax: 256, // A quarter: a hostile neighbour leaves room for those of three others.
};

/** How much a node is to us. `kept`: a link stands, or mDNS hears it. `proven`: a dial of ours reached it. */
export type Standing = 'kept' | 'proven' | 'stranger';

export interface HeldRecord {
  record: PeerRecord;
  scope: Scope;
  /** Nodes that passed it on before it came here. */
  hops: number;
  expiresAtMs: number;
  /** Undefined where subnets say nothing: on our own site. */
  subnet: string | undefined;
  source: string;
  /** Lower stays. */
  rank: number;
}

/** What decides about the room for a record. */
export type Newcomer = Pick<HeldRecord, 'subnet' | 'source' | 'rank'> & { peer: PeerId };

export class RecordShelf {
  #config: ShelfConfig;
  #standing: (peer: PeerId) => Standing;
  #held = new Map<PeerId, HeldRecord>();
  #byEnd = new Map<string, HeldRecord>();
  #subnets = new Groups();
  #sources = new Groups();
  /** No record ends before. */
  #firstEndMs = Infinity;

  constructor(config: ShelfConfig, standing: (peer: PeerId) => Standing) {
    this.#config = config;
    this.#standing = standing;
  }

  get size(): number {
    return this.#held.size;
  }

  get nextEndMs(): number {
    return this.#firstEndMs;
  }

  get(peer: PeerId): HeldRecord | undefined {
    return this.#held.get(peer);
  }

  values(): IterableIterator<HeldRecord> {
    return this.#held.values();
  }

  /** The held record with exactly these bytes, found without reading them. */
  withBytes(bytes: Uint8Array): HeldRecord | undefined {
    const held = this.#byEnd.get(endOf(bytes));
    return held !== undefined && bytesEqual(held.record.bytes, bytes) ? held : undefined;
  }

  /** Who has to go for it: nobody, some, or undefined where there is no room. Changes nothing. */
  roomFor(newcomer: Newcomer): PeerId[] | undefined {
    const { subnetMax, sourceMax, recordsMax } = this.#config;
    const before = this.#held.get(newcomer.peer);
    const gone: PeerId[] = [];
    const inSubnet = this.#subnets.of(newcomer.subnet);
    if (before?.subnet !== newcomer.subnet && inSubnet.size >= subnetMax) {
      const victim = this.#loser(inSubnet, newcomer);
      if (victim === undefined) return undefined;
      gone.push(victim);
    }
    if (before !== undefined) return gone;
    const fromSource = this.#sources.of(newcomer.source);
    if (fromSource.size >= sourceMax && !gone.some((peer) => fromSource.has(peer))) {
      const victim = this.#loser(fromSource, newcomer);
      if (victim === undefined) return undefined;
      gone.push(victim);
    }
    if (this.#held.size >= recordsMax && gone.length === 0) {
      const largest = this.#sources.largest();
      // Where sources differ in size rank says nothing: who keeps offering keys has the lowest ranks in the end.
      const smaller = fromSource.size + 1 < largest.size;
      const victim = this.#loser(largest, smaller ? { ...newcomer, rank: -1 } : newcomer);
      const other = victim ?? this.#anyLoser(newcomer);
      if (other === undefined) return undefined;
      gone.push(other);
    }
    return gone;
  }

  /** Puts it in the place of an older one of that node. There must be room: `roomFor`, and `take` of who goes. */
  put(held: HeldRecord): void {
    const { peer, bytes } = held.record;
    this.take(peer);
    this.#held.set(peer, held);
    this.#byEnd.set(endOf(bytes), held);
    this.#subnets.add(held.subnet, peer);
    this.#sources.add(held.source, peer);
    this.#firstEndMs = Math.min(this.#firstEndMs, held.expiresAtMs);
  }

  take(peer: PeerId): HeldRecord | undefined {
    const held = this.#held.get(peer);
    if (held === undefined) return undefined;
    this.#held.delete(peer);
    const end = endOf(held.record.bytes);
    if (this.#byEnd.get(end) === held) this.#byEnd.delete(end);
    this.#subnets.delete(held.subnet, peer);
    this.#sources.delete(held.source, peer);
    return held;
  }

  /** Takes off what has ended. */
  takeEnded(nowMs: number): HeldRecord[] {
    if (nowMs < this.#firstEndMs) return [];
    const ended = [...this.#held.values()].filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
    for (const { record } of ended) this.take(record.peer);
    let first = Infinity;
    for (const { expiresAtMs } of this.#held.values()) first = Math.min(first, expiresAtMs);
    this.#firstEndMs = first;
    return ended;
  }

  /** Who of a group goes for the newcomer: the stranger with the highest rank, if it is above the newcomer's. */
  #loser(group: Iterable<PeerId>, newcomer: Newcomer): PeerId | undefined {
    const stands = this.#standing(newcomer.peer);
    let loser: HeldRecord | undefined;
    let loserProven = false;
    for (const peer of group) {
      const held = this.#held.get(peer);
      const standing = this.#standing(peer);
      if (held === undefined || standing === 'kept' || peer === newcomer.peer) continue;
      const proven = standing === 'proven';
      const worse = loser === undefined || (loserProven && !proven);
      if (worse || (loserProven === proven && held.rank > (loser?.rank ?? 0))) {
        loser = held;
        loserProven = proven;
      }
    }
    if (loser === undefined) return undefined;
    const wins = loserProven ? stands === 'kept' : stands !== 'stranger' || newcomer.rank < loser.rank;
    return wins ? loser.record.peer : undefined;
  }

  /** The largest source may hold nothing but nodes that stay. Only a node that matters looks further. */
  #anyLoser(newcomer: Newcomer): PeerId | undefined {
    if (this.#standing(newcomer.peer) === 'stranger') return undefined;
    return this.#loser(this.#held.keys(), newcomer);
  }
}

/** Nodes by a name they share. */
class Groups {
  #groups = new Map<string, Set<PeerId>>();

  of(name: string | undefined): ReadonlySet<PeerId> {
    return (name === undefined ? undefined : this.#groups.get(name)) ?? new Set();
  }

  largest(): ReadonlySet<PeerId> {
    let largest: ReadonlySet<PeerId> = new Set();
    for (const group of this.#groups.values()) if (group.size > largest.size) largest = group;
    return largest;
  }

  add(name: string | undefined, peer: PeerId): void {
    if (name === undefined) return;
    const group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, new Set([peer]));
    else group.add(peer);
  }

  delete(name: string | undefined, peer: PeerId): void {
    if (name === undefined) return;
    const group = this.#groups.get(name);
    if (group?.delete(peer) === true && group.size === 0) this.#groups.delete(name);
  }
}

/** The last bytes are of the signature: nobody but the maker gives two records the same. */
function endOf(bytes: Uint8Array): string {
  return hex(bytes.subarray(-16));
}

/** The rank that a keyed hash of a public key means: its first 48 bits. */
export function rankOf(hash: Uint8Array): number {
  let number = 0;
  for (const byte of hash.subarray(0, 6)) number = number * 256 + byte;
  return number;
}
