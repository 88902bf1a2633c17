/** Chance that a seed repeats, for moments and choices of tests. As far as a real machine repeats anything. */

export interface Chance {
  seed: number;
  /** A whole number, 0 to `below` - 1. */
  below: (below: number) => number;
}

/** mulberry32, in the public domain. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return {
    seed,
    below: (below) => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
    },
  };
}

/** `SEED`, or a new one; tests print it. */
export function seedOfRun(): number {
  return Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
}
