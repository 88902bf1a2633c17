/** How far two places of the key space are from each other: the exclusive or of their bits, as a number. */

/** Bytes that count for a distance: two nodes of 2^48 that look equally far are told apart by nothing that matters. */
const comparedBytes = 6;

/** A whole number in [0, 2^48). `a`, `b`: 32 bytes. */
export function distance(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < comparedBytes; index++) sum = sum * 256 + (a[index]! ^ b[index]!);
  return sum;
}

/** How many leading bits `a` and `b` share, 0 to 8 times their length. */
export function sharedBits(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < a.length; index++) {
    const difference = a[index]! ^ b[index]!;
    if (difference !== 0) return index * 8 + Math.clz32(difference) - 24;
  }
  return a.length * 8;
}
