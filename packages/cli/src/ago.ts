/** Lengths of time in words, for people. */

const unitsMs: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** The largest whole unit of a length of time: `3 h`, `12 s`, `0 s`. */
export function roughly(ms: number): string {
  for (const [unit, unitMs] of unitsMs) if (ms >= unitMs) return `${Math.floor(ms / unitMs)} ${unit}`;
  return '0 s';
}

/** How long ago a time was; a time that is only just over, or yet to come, is `now`. */
export function ago(iso: string, nowMs: number): string {
  const passedMs = nowMs - Date.parse(iso);
  return passedMs < 2_000 ? 'now' : `${roughly(passedMs)} ago`;
}
