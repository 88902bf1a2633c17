/**
 * HalfSipHash-2-4 (Aumasson and Bernstein): a short keyed hash of a text. Whoever does not hold the key cannot make
 * texts that come out low, so nobody can aim at a place in our views. Never for what others verify.
 */

/** A key of eight bytes, as two words. */
export interface HashKey {
  low: number;
  high: number;
}

/** An integer in [0, 2^32). Two UTF-16 units make a word; the last word holds the length. */
export function keyedHash(key: HashKey, text: string): number {
  const state = Uint32Array.of(key.low, key.high, 0x6c796765 ^ key.low, 0x74656462 ^ key.high);
  for (let at = 0; at < text.length; at += 2) {
    const second = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
    absorb(state, text.charCodeAt(at) | (second << 16));
  }
  absorb(state, text.length);
  state[2]! ^= 0xff;
  for (let round = 0; round < 4; round++) sipRound(state);
  return (state[1]! ^ state[3]!) >>> 0;
}

/** Spreads a number under a seed, for many orders of the same things. Both are secret, so it need not be strong. */
export function spread(seed: number, value: number): number {
  let mixed = (seed ^ value) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function absorb(state: Uint32Array, word: number): void {
  state[3]! ^= word;
  sipRound(state);
  sipRound(state);
  state[0]! ^= word;
}

function sipRound(state: Uint32Array): void {
  state[0]! += state[1]!;
  state[1] = rotate(state[1]!, 5) ^ state[0]!;
  state[0] = rotate(state[0]!, 16);
  state[2]! += state[3]!;
  state[3] = rotate(state[3]!, 8) ^ state[2]!;
  state[0]! += state[3]!;
  state[3] = rotate(state[3]!, 7) ^ state[0]!;
  state[2]! += state[1]!;
  state[1] = rotate(state[1]!, 13) ^ state[2]!;
  state[2] = rotate(state[2]!, 16);
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
