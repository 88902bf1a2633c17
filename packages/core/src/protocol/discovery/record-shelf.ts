/**
 * The records of other nodes, verified, each until its lifetime here ends. One a node.
 *
 * What strangers' records may fill is bounded three ways, because keys and claimed addresses cost nothing. In a subnet
 * (`subnetMax`) a rank decides that is keyed and drawn once a start: nobody can choose keys that win, and repeating
 * oneself changes nothing. Of a source (the subnet of the neighbour that brought it first, `sourceMax`) what ends soonest
 * goes; of all (`recordsMax`) what ends soonest from the source that brought most, or from the newcomer's own. A node
 * with a link to us or on our LAN is never displaced; one that a dial of ours reached, or that a view or routing table
 * names, only by such a one.
 */
import { bytesEqual } from '../../base/bytes.ts';
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

/** How much a node is to us. `kept`: a link stands, or mDNS hears it. `proven`: a dial of ours reached it, or it is needed. */
export type Standing = 'kept' | 'proven' | 'stranger';

export interface HeldRecord {
  record: PeerRecord;
  scope: Scope;
  /** Nodes that passed it on before it came here. */
  hops: number;
  expiresAtMs: number;
  /** Nobody's word keeps it longer: its own lifetime, from when it first came here. */
  latestMs: number;
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
  #byEnd = new Map<number, HeldRecord>();
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
    if (before?.subnet !== newcomer.subnet && inSubnet.length >= subnetMax) {
      const victim = this.#highestRank(inSubnet, newcomer);
      if (victim === undefined) return undefined;
      gone.push(victim);
    }
    if (before !== undefined) return gone;
    const fromSource = this.#sources.of(newcomer.source);
    let group: Iterable<PeerId> | undefined;
    if (fromSource.length >= sourceMax) {
      if (!gone.some((peer) => fromSource.includes(peer))) group = fromSource;
    } else if (this.#held.size >= recordsMax && gone.length === 0) {
      const largest = this.#sources.largest();
      group = fromSource.length + 1 < largest.length ? largest : fromSource;
    }
    if (group === undefined) return gone;
    const victim = this.#soonest(group, newcomer) ?? this.#soonestOfAll(newcomer);
    if (victim === undefined) return undefined;
    gone.push(victim);
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

  /** Who of a full subnet goes for the newcomer: the highest rank, if it is above the newcomer's. */
  #highestRank(group: Iterable<PeerId>, newcomer: Newcomer): PeerId | undefined {
    const { found, proven } = this.#least(group, newcomer, ({ rank }) => -rank);
    if (found === undefined) return undefined;
    const stands = this.#standing(newcomer.peer);
    const wins = proven || stands !== 'stranger' || newcomer.rank < found.rank;
    return wins ? found.record.peer : undefined;
  }

  /** Who goes where nothing but room is short: what ends soonest says least about the present. */
  #soonest(group: Iterable<PeerId>, newcomer: Newcomer): PeerId | undefined {
    return this.#least(group, newcomer, ({ expiresAtMs }) => expiresAtMs).found?.record.peer;
  }

  /** A source may hold nothing but nodes that stay. Only a node that matters looks further. */
  #soonestOfAll(newcomer: Newcomer): PeerId | undefined {
    if (this.#standing(newcomer.peer) === 'stranger') return undefined;
    return this.#soonest(this.#held.keys(), newcomer);
  }

  /** The least of a group among those that may go for the newcomer: strangers, else proven ones for a kept one. */
  #least(
    group: Iterable<PeerId>,
    newcomer: Newcomer,
    valueOf: (held: HeldRecord) => number,
  ): { found: HeldRecord | undefined; proven: boolean } {
    const kept = this.#standing(newcomer.peer) === 'kept';
    let found: HeldRecord | undefined;
    let proven = true;
    for (const peer of group) {
      const held = this.#held.get(peer);
      const standing = this.#standing(peer);
      if (held === undefined || standing === 'kept' || peer === newcomer.peer) continue;
      const isProven = standing === 'proven';
      if (isProven && !(kept && proven)) continue;
      if (found === undefined || (proven && !isProven) || valueOf(held) < valueOf(found)) found = held;
      proven = isProven;
    }
    return { found, proven };
  }
}

const nobody: readonly PeerId[] = [];

/** Nodes by a name they share. Lists, because most names are one node's, and a set takes ten times the room. */
class Groups {
  #groups = new Map<string, PeerId[]>();

  of(name: string | undefined): readonly PeerId[] {
    return (name === undefined ? undefined : this.#groups.get(name)) ?? nobody;
  }

  largest(): readonly PeerId[] {
    let largest = nobody;
    for (const group of this.#groups.values()) if (group.length > largest.length) largest = group;
    return largest;
  }

  /** The node is in none of that name yet. */
  add(name: string | undefined, peer: PeerId): void {
    if (name === undefined) return;
    const group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, [peer]);
    else group.push(peer);
  }

  delete(name: string | undefined, peer: PeerId): void {
    const group = name === undefined ? undefined : this.#groups.get(name);
    const at = group?.indexOf(peer) ?? -1;
    if (name === undefined || group === undefined || at < 0) return;
    group.splice(at, 1);
    if (group.length === 0) this.#groups.delete(name);
  }
}

/**
 * The last bytes are of the signature, so records that differ hardly ever have the same; where they do, one of them is
 * read in full. Of the very last one only four bits vary.
 */
function endOf(bytes: Uint8Array): number {
  return numberOf(bytes, bytes.length - 7);
}

/** The rank that a keyed hash of a public key means: its first 48 bits. */
export function rankOf(hash: Uint8Array): number {
  return numberOf(hash, 0);
}

/** Of six bytes, big-endian. */
function numberOf(bytes: Uint8Array, start: number): number {
  let number = 0;
  for (let at = start; at < start + 6; at++) number = number * 256 + (bytes[at] ?? 0);
  return number;
}
