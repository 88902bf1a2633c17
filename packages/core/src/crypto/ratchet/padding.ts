/**
 * Padding of what is sealed, so that a size says no more than one of five. Specification: docs/protocol/envelope.md.
 */

/** Padded sizes in bytes: an acknowledgement, a sentence, a long message, a card or page, the largest text. */
export const paddedSizes: readonly number[] = [256, 1_024, 3_072, 16_384, 28_672];
/** Largest content of one message: the largest size less the byte that ends it. */
export const contentBytesMax = 28_671;

const endMark = 0x80;

/** @returns `content`, `0x80` and zeros up to the smallest size that takes them. `content` 0 to 28,671 bytes. */
export function pad(content: Uint8Array): Uint8Array {
  return padInto(new Uint8Array(paddedSize(content)), content);
}

/** As {@link pad}, at the start of `scratch`, which has room for 28,672 bytes. */
export function padInto(scratch: Uint8Array, content: Uint8Array): Uint8Array {
  const padded = scratch.subarray(0, paddedSize(content));
  padded.set(content);
  // Also where an earlier use broke off before its bytes were wiped.
  padded.fill(0, content.length);
  padded[content.length] = endMark;
  return padded;
}

function paddedSize(content: Uint8Array): number {
  for (const size of paddedSizes) if (size > content.length) return size;
  throw new RangeError(`"content" expected at most ${contentBytesMax} bytes, got ${content.length}`);
}

/** @returns what was padded, as a view, or undefined where size or end mark are wrong. Only for opened plaintext. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  if (!paddedSizes.includes(padded.length)) return undefined;
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  return end >= 0 && padded[end] === endMark ? padded.subarray(0, end) : undefined;
}
