/**
 * Finding a moment among messages, which stand in the order in which they came: by halving, since a search through all
 * of them would take as long as there are many. Both databases use it, so that they agree where a clock was set back.
 */

/** When a message came to this device: our own, when it was written. */
export function arrivalWallMs(row: { sentWallMs: number; receivedWallMs: number | undefined }): number {
  return row.receivedWallMs ?? row.sentWallMs;
}

/**
 * @param range - lowest and highest position of all.
 * @param at - the first message at that position or above it.
 * @returns the position of the first message that came at `wallMs` or later.
 */
export function firstSince(
  range: { lowest: number; highest: number },
  wallMs: number,
  at: (position: number) => { position: number; arrivalWallMs: number } | undefined,
): number | undefined {
  let low = range.lowest;
  let high = range.highest + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = at(middle);
    if (row === undefined || row.arrivalWallMs >= wallMs) high = middle;
    else low = row.position + 1;
  }
  return at(low)?.position;
}
