/** Lengths of time as people type them. */

const unitsMs = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
/** Ten years. Longer is a slip of the finger. */
const durationMsMax = 3_650 * 86_400_000;

/**
 * Milliseconds of `10s`, `15m`, `2h` or `7d`.
 *
 * @throws RangeError - anything else, nothing, or more than ten years.
 */
export function parseDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (unitsMs.get(unit) ?? Number.NaN);
  if (!(ms >= 1_000 && ms <= durationMsMax)) {
    throw new RangeError('A length of time is written like 10s, 15m, 2h or 7d.');
  }
  return ms;
}
