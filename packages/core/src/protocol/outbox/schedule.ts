/**
 * What is due next: a binary heap whose entries know their place, so that moving or removing one costs
 * O(log n) and asking for the next costs O(1). Ties leave in no particular order.
 */
import { invariant } from '../../base/invariant.ts';

/** Something that can stand in one {@link Schedule}. Only the schedule writes these two. */
export interface Scheduled {
  dueMs: number;
  /** Index in the heap; -1 while it stands in none. */
  place: number;
}

export class Schedule<Entry extends Scheduled> {
  #heap: Entry[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The entry due first, or undefined. */
  first(): Entry | undefined {
    return this.#heap[0];
  }

  /** Puts the entry in, or moves it. `dueMs` Infinity takes it out. */
  set(entry: Entry, dueMs: number): void {
    if (dueMs === Infinity) {
      this.remove(entry);
      return;
    }
    const before = entry.dueMs;
    entry.dueMs = dueMs;
    if (entry.place < 0) {
      entry.place = this.#heap.length;
      this.#heap.push(entry);
      this.#rise(entry);
    } else if (dueMs < before) {
      this.#rise(entry);
    } else {
      this.#sink(entry);
    }
  }

  /** Takes the entry out. Harmless when it is not in. */
  remove(entry: Entry): void {
    const { place } = entry;
    if (place < 0) return;
    invariant(this.#heap[place] === entry, 'an entry stands where it says');
    entry.place = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  #put(entry: Entry, place: number): void {
    this.#heap[place] = entry;
    entry.place = place;
  }

  #rise(entry: Entry): void {
    let { place } = entry;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.#heap[parentPlace]!;
      if (parent.dueMs <= entry.dueMs) break;
      this.#put(parent, place);
      place = parentPlace;
    }
    this.#put(entry, place);
  }

  #sink(entry: Entry): void {
    let { place } = entry;
    for (;;) {
      const leftPlace = place * 2 + 1;
      const left = this.#heap[leftPlace];
      if (left === undefined) break;
      const right = this.#heap[leftPlace + 1];
      const child = right !== undefined && right.dueMs < left.dueMs ? right : left;
      if (child.dueMs >= entry.dueMs) break;
      const childPlace = child.place;
      this.#put(child, place);
      place = childPlace;
    }
    this.#put(entry, place);
  }
}
