/** Graphs of nodes: what hangs together. */

/** Sizes of the connected parts, the largest first. Ids that no edge names are parts of one; edges to others do not count. */
export function partSizes(ids: readonly number[], edges: Iterable<readonly [number, number]>): number[] {
  return partsOf(ids, edges).map(({ length }) => length);
}

/** The connected parts themselves, the largest first; in each the order of `ids`. */
export function partsOf(ids: readonly number[], edges: Iterable<readonly [number, number]>): number[][] {
  const parents = new Map(ids.map((id) => [id, id]));
  const rootOf = (id: number): number => {
    let at = id;
    for (let parent = parents.get(at) ?? at; parent !== at; parent = parents.get(at) ?? at) {
      parents.set(at, parents.get(parent) ?? parent); // Halves the way for who comes after.
      at = parents.get(at) ?? at;
    }
    return at;
  };
  for (const [one, other] of edges) {
    if (parents.has(one) && parents.has(other)) parents.set(rootOf(one), rootOf(other));
  }
  const parts = new Map<number, number[]>();
  for (const id of ids) {
    const part = parts.get(rootOf(id));
    if (part === undefined) parts.set(rootOf(id), [id]);
    else part.push(id);
  }
  return [...parts.values()].toSorted((one, other) => other.length - one.length);
}

/** The value below which a share of all lies (nearest rank); 0 of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const ordered = values.toSorted((one, other) => one - other);
  return ordered[Math.max(0, Math.ceil(ordered.length * share) - 1)] ?? 0;
}

/**
 * The earliest time at which everybody can have what one has, if each passes it on at once to all its neighbours
 * (Dijkstra with a heap).
 *
 * @param ways - from a node: to whom, and in how many milliseconds.
 */
export function floodTimes(
  start: number,
  ways: (node: number) => Iterable<readonly [number, number]>,
): Map<number, number> {
  const times = new Map<number, number>();
  const heap: [number, number][] = [[0, start]];
  for (let top = pop(heap); top !== undefined; top = pop(heap)) {
    const [atMs, node] = top;
    if (times.has(node)) continue;
    times.set(node, atMs);
    for (const [other, ms] of ways(node)) if (!times.has(other)) push(heap, [atMs + ms, other]);
  }
  return times;
}

function push(heap: [number, number][], entry: [number, number]): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (heap[above]![0] <= entry[0]) break;
    heap[at] = heap[above]!;
    at = above;
  }
  heap[at] = entry;
}

function pop(heap: [number, number][]): [number, number] | undefined {
  const [top] = heap;
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && heap[below + 1]![0] < heap[below]![0]) below++;
    if (heap[below]![0] >= last[0]) break;
    heap[at] = heap[below]!;
    at = below;
  }
  heap[at] = last;
  return top;
}
