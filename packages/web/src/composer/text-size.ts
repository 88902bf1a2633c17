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

/** Where a text is cut: the first of these that stands in the last third of what fits. */
const gaps = ['\n\n', '\n', ' '];

/** What fits, and what does not, cut between paragraphs, lines or words where that can be. */
export function splitAtBound(text: string, bytesMax: number = textBytesMax): [string, string] {
  if (encoder.encode(text).length <= bytesMax) return [text, ''];
  const room = new Uint8Array(bytesMax);
  const { read } = encoder.encodeInto(text, room);
  const fits = text.slice(0, read);
  const ends = gaps.map((gap) => fits.lastIndexOf(gap) + gap.length);
  const end = ends.find((each) => each > (read * 2) / 3) ?? read;
  return [text.slice(0, end), text.slice(end)];
}
