/** Crashes on a programmer's error. Never for what a peer, a disk or a person can cause. */
export function invariant(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new Error(`broken invariant: ${rule}`);
}

/** Marks the end of an exhaustive `switch`: compiles only when every case was handled. */
export function unreachable(value: never): never {
  throw new Error(`broken invariant: unexpected ${String(value)}`);
}
