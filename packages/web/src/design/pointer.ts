/** Something points without touching: where only fingers do, a field that takes the focus brings up a keyboard that covers the rest. */
export function hasHover(): boolean {
  return matchMedia('(hover: hover)').matches;
}
