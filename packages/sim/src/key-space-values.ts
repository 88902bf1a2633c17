/**
 * Values of the key-space world: a stand-in for signed ones, of the size of the largest.
 *
 *     place 32 | sequence u32 | ttl ms u32 | seal u32 | padding
 *
 * The seal is a checksum: a liar of this world does not compute one, as a real one cannot sign.
 */
import { concat, readU32be, u32be } from '@kith/core/base/bytes';
import type { ValueFacts } from '@kith/core/protocol/key-space/keeper';

const valueBytes = 1_024;
const sealedBytes = 40;

export function makeValue({ place, sequence, ttlMs }: ValueFacts): Uint8Array {
  const head = concat(place, u32be(sequence), u32be(ttlMs));
  const value = new Uint8Array(valueBytes);
  value.set(concat(head, u32be(sealOf(head))));
  return value;
}

export function readValue(value: Uint8Array): ValueFacts | undefined {
  if (value.length !== valueBytes) return undefined;
  if (readU32be(value, sealedBytes) !== sealOf(value.subarray(0, sealedBytes))) return undefined;
  return { place: value.subarray(0, 32), sequence: readU32be(value, 32), ttlMs: readU32be(value, 36) };
}

/** The value with a higher sequence and without a seal that fits. */
export function forged(value: Uint8Array): Uint8Array {
  const bent = value.slice();
  bent.set(u32be(readU32be(value, 32) + 1), 32);
  return bent;
}

function sealOf(bytes: Uint8Array): number {
  let seal = 0x811c9dc5;
  for (const byte of bytes) seal = Math.imul(seal ^ byte, 0x01000193);
  return seal >>> 0;
}
