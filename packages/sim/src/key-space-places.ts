/** Where the nodes of a key-space world stand, in which subnets, and which of them are hostile. */
import type { Random } from '@kith/core/base/random';
import { distance } from '@kith/core/protocol/key-space/distance';

export interface PlaceOptions {
  nodes: number;
  hostile: number;
  crowded: number;
  pressing: number;
}

const placeBytes = 32;
const subnets = 8_000;
const crowdedSubnets = 8;
/** Bits that differ from node to node; `distance` compares no more. */
const bits = 48;

export class PlaceMap {
  readonly nodes: number;
  #pressing: number;
  /** Sorted: node `n` stands at the `n`th. The first 48 bits as a number. */
  #numbers: Float64Array;
  #places = new Map<number, Uint8Array>();
  #candidates: { subnet: string }[];
  #subnets: Uint16Array;
  #isHostile: Uint8Array;
  /** Sorted by place. */
  #hostile: Int32Array;

  constructor({ nodes, hostile, crowded, pressing }: PlaceOptions, random: Random) {
    this.nodes = nodes;
    this.#pressing = pressing;
    this.#numbers = Float64Array.from({ length: nodes }, () => Math.floor(random.next() * 2 ** bits)).sort();
    // splitmix32 gives 32 bits: the rest is drawn apart, so that no two nodes stand at one place.
    for (let node = 0; node < nodes; node++) this.#numbers[node]! += Math.floor(random.next() * 2 ** 16);
    this.#numbers.sort();
    this.#candidates = Array.from({ length: subnets + crowdedSubnets }, (_, at) => ({
      subnet: `subnet ${at}`,
    }));
    this.#subnets = new Uint16Array(nodes);
    this.#isHostile = new Uint8Array(nodes);
    const liars: number[] = [];
    for (let node = 0; node < nodes; node++) {
      const liar = random.next() < hostile;
      if (liar) liars.push(node);
      this.#isHostile[node] = liar ? 1 : 0;
      const inCrowd = liar && random.next() < crowded;
      const among = inCrowd ? crowdedSubnets : subnets;
      this.#subnets[node] = Math.floor(random.next() * among) + (inCrowd ? subnets : 0);
    }
    this.#hostile = Int32Array.from(liars);
  }

  isHostile(node: number): boolean {
    return this.#isHostile[node] === 1;
  }

  candidate(node: number): { subnet: string } {
    return this.#candidates[this.#subnets[node]!]!;
  }

  place(node: number): Uint8Array {
    let place = this.#places.get(node);
    if (place === undefined) this.#places.set(node, (place = placeAt(this.#numbers[node]!)));
    return place;
  }

  /** The hostile nodes nearest to the key, at most two of a subnet: more would not be taken. */
  nearestHostile(key: Uint8Array, count: number): number[] {
    const near = this.#nearestOf(this.#hostile, key, count * 3);
    const counts = new Map<number, number>();
    const taken = near.filter((node) => {
      const seen = (counts.get(this.#subnets[node]!) ?? 0) + 1;
      counts.set(this.#subnets[node]!, seen);
      return seen <= 2;
    });
    return taken.slice(0, count);
  }

  /** What a table of an old node holds: of each bucket all nodes, or `count` random ones. */
  tableOf(node: number, count: number, random: Random): Set<number> {
    const table = new Set<number>();
    const own = this.#numbers[node]!;
    for (let shared = 0; shared < bits; shared++) {
      const size = 2 ** (bits - shared - 1);
      // The half of our own prefix in which we do not stand.
      const start = Math.floor(own / (size * 2)) * size * 2;
      const other = own >= start + size ? start : start + size;
      const low = this.#atLeast(other);
      const high = this.#atLeast(other + size);
      if (high - low <= count) for (let at = low; at < high; at++) table.add(at);
      else for (let drawn = 0; drawn < count * 1.2; drawn++) table.add(this.#drawn(low, high, random));
      const mine = own >= start + size ? start + size : start;
      if (this.#atLeast(mine + size) - this.#atLeast(mine) <= 1) break;
    }
    return table;
  }

  #drawn(low: number, high: number, random: Random): number {
    const first = low + Math.floor(random.next() * (high - low));
    if (this.isHostile(first) || random.next() >= this.#pressing) return first;
    return low + Math.floor(random.next() * (high - low));
  }

  #atLeast(value: number): number {
    return lowerBound(this.nodes, (at) => this.#numbers[at]! >= value);
  }

  #nearestOf(among: Int32Array, key: Uint8Array, count: number): number[] {
    const value = numberOf(key);
    for (let shared = bits; shared >= 0; shared--) {
      const size = 2 ** (bits - shared);
      const start = Math.floor(value / size) * size;
      const low = lowerBound(among.length, (at) => this.#numbers[among[at]!]! >= start);
      const high = lowerBound(among.length, (at) => this.#numbers[among[at]!]! >= start + size);
      if (high - low < count && shared > 0) continue;
      const far = new Map<number, number>();
      for (let at = low; at < high; at++) far.set(among[at]!, distance(this.place(among[at]!), key));
      return [...far.keys()].toSorted((a, b) => far.get(a)! - far.get(b)!).slice(0, count);
    }
    return [];
  }
}

/** A random place, as a key. */
export function drawnPlace(random: Random): Uint8Array {
  return Uint8Array.from({ length: placeBytes }, () => Math.floor(random.next() * 256));
}

function placeAt(value: number): Uint8Array {
  const place = new Uint8Array(placeBytes);
  let rest = value;
  for (let at = 5; at >= 0; at--) {
    place[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return place;
}

function numberOf(key: Uint8Array): number {
  let value = 0;
  for (let at = 0; at < 6; at++) value = value * 256 + key[at]!;
  return value;
}

/** The first index in [0, length) for which `holds`, which stays true once it is; `length` where none. */
function lowerBound(length: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
