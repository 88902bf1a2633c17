/**
 * The nodes this one can ask about a key: many near its own place, ever fewer farther away.
 *
 * Bucket `n` holds nodes whose places share exactly `n` leading bits with ours; the last holds all nearer ones. A node
 * stays until it fails, newcomers never push it out: a flood of records changes nothing in a full bucket, nor do liars
 * who name each other, since whoever answers comes in only where there is room. An entry is an id alone, because a simulated network holds millions.
 *
 * Invariants (routing-table.test.ts checks them):
 *   1. At most `entriesMax` entries a bucket, `subnetEntriesMax` of them of one subnet; `sparesMax` spares, and as many
 *      that failed.
 *   2. An entry leaves by `fail` or `remove` alone.
 */
import type { PeerId } from '../../base/ids.ts';
import { distance, sharedBits } from './distance.ts';

export interface TableConfig {
  bucketsMax: number;
  entriesMax: number;
  sparesMax: number;
  subnetEntriesMax: number;
}

export const tableDefaults: TableConfig = {
  bucketsMax: 32, // Enough for 20 × 2^32 nodes; keeps a table below 640 entries.
  entriesMax: 20, // k of Kademlia: some of 20 still live after an hour.
  sparesMax: 8, // A guess.
  subnetEntriesMax: 2, // protocol: as in the views of the overlay.
};

export interface TablePorts {
  /** 32 bytes, or undefined where no record of it is known. Called often: must be cheap. */
  place(peer: PeerId): Uint8Array | undefined;
  /** undefined for a node of the LAN, to which no limit applies. */
  subnet(peer: PeerId): string | undefined;
}

interface Bucket {
  /** Answered us, oldest first. */
  proven: PeerId[];
  /** Known by their records alone. */
  unproven: PeerId[];
  spares: PeerId[];
  /** Failed, the latest first. */
  failed: PeerId[];
  /** Subnets that have all the entries they may; undefined when entries came or went since it was asked. */
  crowded: readonly string[] | undefined;
}

const nobody: readonly string[] = [];

export class RoutingTable {
  #self: Uint8Array;
  #config: TableConfig;
  #ports: TablePorts;
  #buckets: (Bucket | undefined)[] = [];
  #size = 0;

  constructor(self: Uint8Array, config: TableConfig, ports: TablePorts) {
    this.#self = self;
    this.#config = config;
    this.#ports = ports;
  }

  get size(): number {
    return this.#size;
  }

  /** One more than the number of the deepest bucket with an entry; 0 of an empty table. */
  get depth(): number {
    return this.#buckets.length;
  }

  has(peer: PeerId): boolean {
    const bucket = this.#bucketOf(peer);
    return bucket !== undefined && (bucket.proven.includes(peer) || bucket.unproven.includes(peer));
  }

  /** Takes note of a node: `proven` when it just answered us, else known by its record alone. */
  note(peer: PeerId, proven: boolean): void {
    const place = this.#ports.place(peer);
    if (place === undefined) return;
    const shared = sharedBits(this.#self, place);
    if (shared >= this.#self.length * 8) return;
    const bucket = this.#makeBucket(Math.min(shared, this.#config.bucketsMax - 1));
    if (bucket.proven.includes(peer)) return;
    const at = bucket.unproven.indexOf(peer);
    if (at >= 0) {
      if (proven) bucket.proven.push(...bucket.unproven.splice(at, 1));
      return;
    }
    if (!this.#subnetHasRoom(bucket, peer)) return;
    const { entriesMax } = this.#config;
    if (bucket.proven.length + bucket.unproven.length < entriesMax) {
      this.#size++;
      (proven ? bucket.proven : bucket.unproven).push(peer);
      bucket.crowded = undefined;
      remove(bucket.spares, peer);
      remove(bucket.failed, peer);
    } else this.#spare(bucket, peer);
  }

  /** It did not answer: a spare takes its place. It is remembered, should all of them fail because we were cut off. */
  fail(peer: PeerId): void {
    const bucket = this.#bucketOf(peer);
    if (bucket === undefined) return;
    remove(bucket.spares, peer);
    if (!remove(bucket.proven, peer) && !remove(bucket.unproven, peer)) return;
    this.#size--;
    bucket.crowded = undefined;
    this.#promote(bucket);
    bucket.failed = [peer, ...bucket.failed].slice(0, this.#config.sparesMax);
  }

  remove(peer: PeerId): void {
    const bucket =
      this.#bucketOf(peer) ?? this.#buckets.find((each) => each !== undefined && holds(each, peer));
    if (bucket === undefined) return;
    remove(bucket.spares, peer);
    remove(bucket.failed, peer);
    if (!remove(bucket.proven, peer) && !remove(bucket.unproven, peer)) return;
    this.#size--;
    bucket.crowded = undefined;
    this.#promote(bucket);
  }

  /** The `count` entries nearest to `key`, nearest first; `all`: of all we remember, also the spares and the failed. */
  nearest(key: Uint8Array, count: number, all = false): PeerId[] {
    const found: { peer: PeerId; far: number }[] = [];
    const take = (bucket: Bucket | undefined): void => {
      if (bucket === undefined) return;
      for (const list of listsOf(bucket, all)) {
        for (const peer of list) {
          const place = this.#ports.place(peer);
          if (place !== undefined) found.push({ peer, far: distance(place, key) });
        }
      }
    };
    // What shares more bits with the key than we do stands in bucket `own`; behind us all buckets after it are
    // equally near, and each one before it is farther than the next.
    const own = Math.min(sharedBits(this.#self, key), this.#config.bucketsMax - 1);
    take(this.#buckets[own]);
    if (found.length < count) for (let at = own + 1; at < this.#buckets.length; at++) take(this.#buckets[at]);
    for (let at = own - 1; at >= 0 && found.length < count; at--) take(this.#buckets[at]);
    found.sort((a, b) => a.far - b.far);
    return found.slice(0, count).map(({ peer }) => peer);
  }

  /**
   * Whom an answer names: of twice as many that are nearest first those that answered us, then who is known by a record alone. Records
   * claim any address; whom nobody reached is told on only where there is nobody better.
   */
  named(key: Uint8Array, count: number): PeerId[] {
    const near = this.nearest(key, 2 * count);
    const proven = new Set(near.filter((peer) => this.#bucketOf(peer)?.proven.includes(peer) === true));
    return [...proven, ...near.filter((peer) => !proven.has(peer))].slice(0, count);
  }

  /** Whether the bucket in which `key` falls has no room. */
  isFull(key: Uint8Array): boolean {
    const bucket = this.#buckets[Math.min(sharedBits(this.#self, key), this.#config.bucketsMax - 1)];
    return bucket !== undefined && bucket.proven.length + bucket.unproven.length >= this.#config.entriesMax;
  }

  /** Whether `count` entries are nearer to `key` than we are. */
  isFar(key: Uint8Array, count: number): boolean {
    const last = this.nearest(key, count)[count - 1];
    const place = last === undefined ? undefined : this.#ports.place(last);
    return place !== undefined && distance(place, key) < distance(this.#self, key);
  }

  /** How far the `count`th nearest entry is from our own place, or undefined where there are fewer. */
  radius(count: number): number | undefined {
    const last = this.nearest(this.#self, count)[count - 1];
    const place = last === undefined ? undefined : this.#ports.place(last);
    return place === undefined ? undefined : distance(place, this.#self);
  }

  #bucketOf(peer: PeerId): Bucket | undefined {
    const place = this.#ports.place(peer);
    if (place === undefined) return undefined;
    return this.#buckets[Math.min(sharedBits(this.#self, place), this.#config.bucketsMax - 1)];
  }

  #makeBucket(at: number): Bucket {
    while (this.#buckets.length <= at) this.#buckets.push(undefined);
    return (this.#buckets[at] ??= { proven: [], unproven: [], spares: [], failed: [], crowded: undefined });
  }

  #subnetHasRoom(bucket: Bucket, peer: PeerId): boolean {
    const subnet = this.#ports.subnet(peer);
    if (subnet === undefined) return true;
    bucket.crowded ??= this.#crowded(bucket);
    return !bucket.crowded.includes(subnet);
  }

  /** Records are told of far more often than entries change. */
  #crowded({ proven, unproven }: Bucket): readonly string[] {
    const counts = new Map<string, number>();
    let crowded = nobody;
    for (const list of [proven, unproven]) {
      for (const peer of list) {
        const subnet = this.#ports.subnet(peer);
        if (subnet === undefined) continue;
        const count = (counts.get(subnet) ?? 0) + 1;
        counts.set(subnet, count);
        if (count === this.#config.subnetEntriesMax) crowded = [...crowded, subnet];
      }
    }
    return crowded;
  }

  #spare(bucket: Bucket, peer: PeerId): void {
    if (bucket.spares.includes(peer)) return;
    bucket.spares.push(peer);
    if (bucket.spares.length > this.#config.sparesMax) bucket.spares.shift();
  }

  #promote(bucket: Bucket): void {
    while (bucket.spares.length > 0) {
      const spare = bucket.spares.pop()!;
      if (this.#ports.place(spare) === undefined || !this.#subnetHasRoom(bucket, spare)) continue;
      bucket.unproven.push(spare);
      bucket.crowded = undefined;
      this.#size++;
      return;
    }
  }
}

function listsOf({ proven, unproven, spares, failed }: Bucket, all: boolean): PeerId[][] {
  return all ? [proven, unproven, spares, failed] : [proven, unproven];
}

function holds(bucket: Bucket, peer: PeerId): boolean {
  return listsOf(bucket, true).some((list) => list.includes(peer));
}

function remove(list: PeerId[], peer: PeerId): boolean {
  const at = list.indexOf(peer);
  if (at < 0) return false;
  list.splice(at, 1);
  return true;
}
