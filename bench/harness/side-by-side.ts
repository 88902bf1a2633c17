/**
 * Two loads in turns of a few milliseconds, so that whatever else the machine does falls on both. For work that
 * computes only: a ratio measured so holds on a busy machine, two figures measured one after the other do not.
 */
export interface SideBySide {
  productPerSecond: number;
  floorPerSecond: number;
}

const warmUpTurns = 5;

/** `product` and `floor` do `count` pieces of their work; `counts` says how many in a turn, about 10 ms each. */
export function sideBySide(
  product: (count: number) => void,
  floor: (count: number) => void,
  counts: { product: number; floor: number; turns: number },
): SideBySide {
  let productMs = 0;
  let floorMs = 0;
  for (let turn = -warmUpTurns; turn < counts.turns; turn += 1) {
    const startMs = performance.now();
    product(counts.product);
    const middleMs = performance.now();
    floor(counts.floor);
    if (turn < 0) continue;
    productMs += middleMs - startMs;
    floorMs += performance.now() - middleMs;
  }
  return {
    productPerSecond: (counts.turns * counts.product * 1_000) / productMs,
    floorPerSecond: (counts.turns * counts.floor * 1_000) / floorMs,
  };
}
