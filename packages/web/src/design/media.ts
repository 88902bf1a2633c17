/** What the device is like, where a style sheet cannot decide. */

/** Something points without touching: where only fingers do, a field that takes the focus brings up a keyboard that covers the rest. */
export function hasHover(): boolean {
  return matchMedia('(hover: hover)').matches;
}

/** One pane at a time: narrower than `--breakpoint-pane` in tokens.css. */
export function narrow(): MediaQueryList {
  return matchMedia('(width < 640px)');
}
