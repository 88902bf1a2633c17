/** How large a message is. Bytes of UTF-8 count, since that is what is sealed and sent. */

/** As core has it; the node has the last word. */
export const textBytesMax = 28_000;
/** From here on the composer tells how much room is left. */
export const textBytesNear = 24_000;

const encoder = new TextEncoder();

export function textBytes(text: string): number {
  // At most three bytes a unit: most texts are far from the bound and need no counting.
  if (text.length * 3 < textBytesNear) return text.length;
  return encoder.encode(text).length;
}

/** What fits, and what does not, cut at a line or a word where there is one in the last tenth. */
export function splitAtBound(text: string, bytesMax: number = textBytesMax): [string, string] {
  if (encoder.encode(text).length <= bytesMax) return [text, ''];
  const room = new Uint8Array(bytesMax);
  const { read } = encoder.encodeInto(text, room);
  const fits = text.slice(0, read);
  const gap = Math.max(fits.lastIndexOf('\n'), fits.lastIndexOf(' '));
  const end = gap > read * 0.9 ? gap + 1 : read;
  return [text.slice(0, end), text.slice(end)];
}
