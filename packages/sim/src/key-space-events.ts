/** What happens when, in the world of the key space: a heap by time, equal times in the order they were added. */
interface Event {
  atMs: number;
  order: number;
  act(): void;
}

export class EventQueue {
  nowMs: number;
  #heap: Event[] = [];
  #order = 0;

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  add(atMs: number, act: () => void): void {
    const event = { atMs: Math.max(atMs, this.nowMs), order: this.#order++, act };
    let at = this.#heap.push(event) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(event, this.#heap[above]!)) break;
      this.#heap[at] = this.#heap[above]!;
      at = above;
    }
    this.#heap[at] = event;
  }

  /** Does the next event that is due by `untilMs`. @returns false where there is none; then it is at least `untilMs`. */
  step(untilMs: number): boolean {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > untilMs) {
      if (untilMs !== Infinity) this.nowMs = Math.max(this.nowMs, untilMs);
      return false;
    }
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#sink(last);
    this.nowMs = first.atMs;
    first.act();
    return true;
  }

  #sink(event: Event): void {
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= this.#heap.length) break;
      if (below + 1 < this.#heap.length && before(this.#heap[below + 1]!, this.#heap[below]!)) below++;
      if (!before(this.#heap[below]!, event)) break;
      this.#heap[at] = this.#heap[below]!;
      at = below;
    }
    this.#heap[at] = event;
  }
}

function before(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
