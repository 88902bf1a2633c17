/** Source of randomness for jitter and sampling. Never for keys: those come from {@link KeySource}. */
export interface Random {
  /** @returns a float in [0, 1). */
  next(): number;
}

/** Source of key material, nonces and secret ids. The product draws from the operating system. */
export interface KeySource {
  /** @returns `length` fresh bytes, 1 to 65,536. */
  bytes(length: number): Uint8Array;
}

/** Seeded generator for tests and the simulator (splitmix32). Same seed, same sequence, for ever. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return {
    next() {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
    },
  };
}

/** Key material for tests and the simulator, drawn from a seeded {@link Random}. Never for a real key. */
export function seededKeySource(random: Random): KeySource {
  return {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let index = 0; index < length; index++) bytes[index] = Math.floor(random.next() * 256);
      return bytes;
    },
  };
}
