/**
 * All chance of a world, from one seed. Each purpose draws from a stream of its own, so that a new use of chance
 * shifts no other.
 *
 * A stream is sfc32 (Doty-Humphrey): 128 bits of state, so that tens of thousands of streams do not meet.
 */
import type { KeySource, Random } from '@kith/core/base/random';

export class Stream implements Random, KeySource {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(state: readonly [number, number, number]) {
    [this.#a, this.#b, this.#c] = state;
    for (let round = 0; round < 12; round++) this.word();
  }

  /** 32 bits, unsigned. */
  word(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  next(): number {
    return this.word() / 2 ** 32;
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** In [least, most). */
  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** Standard normal (Box and Muller, one of the pair). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** @throws RangeError of an empty list. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** `count` of the items (or all), in random order; the list stays as it is. */
  sample<Item>(items: readonly Item[], count: number): Item[] {
    const pool = [...items];
    const most = Math.min(count, pool.length);
    for (let at = 0; at < most; at++) {
      const other = at + this.below(pool.length - at);
      [pool[at], pool[other]] = [pool[other]!, pool[at]!];
    }
    return pool.slice(0, most);
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const word = this.word();
      bytes[at] = word;
      bytes[at + 1] = word >>> 8; // Beyond the end nothing is written.
      bytes[at + 2] = word >>> 16;
      bytes[at + 3] = word >>> 24;
    }
    return bytes;
  }
}

/** The stream of one purpose. Equal seeds and purposes give equal streams, whatever else was drawn. */
export function streamOf(seed: number, purpose: string): Stream {
  let [a, b, c] = [seed ^ 0x9e3779b9, Math.imul(seed, 0x85ebca6b) ^ 0x3c6ef372, ~seed ^ 0xdaa66d2b];
  for (let at = 0; at < purpose.length; at++) {
    const code = purpose.charCodeAt(at);
    a = Math.imul(a ^ code, 0x21f0aaad) ^ (b >>> 15);
    b = Math.imul(b ^ code, 0x735a2d97) ^ (c >>> 13);
    c = Math.imul(c ^ code, 0x5bd1e995) ^ (a >>> 16);
  }
  return new Stream([a | 0, b | 0, c | 0]);
}
