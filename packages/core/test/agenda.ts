/** What is still to happen in a world of a test: by virtual time, and then by order of planning. A binary heap. */

export interface Planned {
  atMs: number;
  act: () => void;
}

interface Entry extends Planned {
  order: number;
}

export class Agenda {
  #heap: Entry[] = [];
  #order = 0;

  peek(): Planned | undefined {
    return this.#heap[0];
  }

  push(atMs: number, act: () => void): void {
    const entry = { atMs, order: this.#order++, act };
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(entry, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = entry;
  }

  /** Takes the next out; there is one. */
  pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++;
      if (!isBefore(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
