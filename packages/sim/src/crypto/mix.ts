/**
 * A keyed hash for stand-ins: 128 bits of state, mixed well and fast, with no claim against an adversary who can
 * compute. In a simulation nobody computes: hostile nodes know what they were told.
 */
export class Mix {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /** Begins anew, for one purpose. */
  begin(purpose: number): this {
    this.#a = 0x243f6a88 ^ purpose;
    this.#b = 0x85a308d3 | 0;
    this.#c = 0x13198a2e;
    this.#d = Math.imul(purpose + 1, 0x9e3779b1);
    return this;
  }

  /** Takes bytes in, and how many they are. */
  take(bytes: Uint8Array): this {
    const { length } = bytes;
    this.#word(length);
    let at = 0;
    for (; at + 4 <= length; at += 4) {
      this.#word(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    }
    for (; at < length; at++) this.#word(bytes[at]!);
    return this;
  }

  /** The next `length` bytes of the hash. */
  bytes(length: number): Uint8Array {
    for (let round = 0; round < 4; round++) this.#word(round);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const word = this.#word(at);
      bytes[at] = word;
      bytes[at + 1] = word >>> 8; // Beyond the end nothing is written.
      bytes[at + 2] = word >>> 16;
      bytes[at + 3] = word >>> 24;
    }
    return bytes;
  }

  #word(word: number): number {
    const a = Math.imul(this.#a ^ word, 0x85ebca6b);
    const b = (this.#b + ((a << 15) | (a >>> 17))) | 0;
    const c = Math.imul(this.#c ^ (b >>> 13) ^ a, 0xc2b2ae35);
    const d = (this.#d ^ ((c << 11) | (c >>> 21))) + b;
    this.#a = b ^ (d >>> 16);
    this.#b = c;
    this.#c = d | 0;
    this.#d = a + c;
    return this.#a ^ this.#d;
  }
}

/** The first 52 bits of a key as a number: to look it up by. */
export function keyNumber(key: Uint8Array): number {
  const high = (key[0]! | (key[1]! << 8) | (key[2]! << 16) | (key[3]! << 24)) >>> 0;
  const low = key[4]! | (key[5]! << 8) | ((key[6]! & 15) << 16);
  return high * 2 ** 20 + low;
}
