/**
 * What is still to happen, by virtual time: a heap with four children a node over typed arrays. Of equal times the
 * one that was planned first comes first.
 */

export interface Task {
  /** Set when it is not to happen any more, or has begun. */
  isOff: boolean;
  run(): void;
}

const firstCapacity = 1_024;

export class Agenda {
  #times = new Float64Array(firstCapacity);
  #orders = new Float64Array(firstCapacity);
  #slots = new Int32Array(firstCapacity);
  /** By slot. Tasks do not move while the heap does. */
  #tasks: (Task | undefined)[] = [];
  #free: number[] = [];
  #size = 0;
  #order = 0;
  #off = 0;

  /** Tasks that wait, and those that were called off and not yet passed over. */
  get size(): number {
    return this.#size;
  }

  /** When the next task is due; Infinity when there is none. */
  get nextMs(): number {
    while (this.#size > 0 && this.#tasks[this.#slots[0]!]!.isOff) {
      this.#removeFirst();
      this.#off--;
    }
    return this.#size === 0 ? Infinity : this.#times[0]!;
  }

  add(atMs: number, task: Task): void {
    const slot = this.#free.pop() ?? this.#tasks.length;
    this.#tasks[slot] = task;
    if (this.#size === this.#times.length) this.#grow();
    this.#rise(this.#size++, atMs, ++this.#order, slot);
  }

  /** The next task, taken out. Undefined when nothing waits. */
  take(): Task | undefined {
    if (this.nextMs === Infinity) return undefined;
    const task = this.#removeFirst();
    task.isOff = true; // Done with: who calls it off from now on changes nothing.
    return task;
  }

  /** Calls a task off that waits here. */
  callOff(task: Task): void {
    if (task.isOff) return;
    task.isOff = true;
    this.#off++;
    if (this.#off > 4_096 && this.#off > this.#size / 2) this.#sweep();
  }

  #removeFirst(): Task {
    const slot = this.#slots[0]!;
    const task = this.#tasks[slot]!;
    this.#tasks[slot] = undefined;
    this.#free.push(slot);
    const last = --this.#size;
    if (last > 0) this.#sink(0, last);
    return task;
  }

  /** Puts an entry where it belongs on the way from `at` to the top. */
  // oxlint-disable-next-line max-params -- an entry is three numbers, and an object for each would cost more than the rest.
  #rise(from: number, atMs: number, order: number, slot: number): void {
    const [times, orders, slots] = [this.#times, this.#orders, this.#slots];
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentMs = times[parent]!;
      if (parentMs < atMs || (parentMs === atMs && orders[parent]! < order)) break;
      times[at] = parentMs;
      orders[at] = orders[parent]!;
      slots[at] = slots[parent]!;
      at = parent;
    }
    times[at] = atMs;
    orders[at] = order;
    slots[at] = slot;
  }

  /** Fills the hole at `from` with the entry at `source`, pushing smaller ones up. */
  #sink(from: number, source: number): void {
    const [times, orders, slots] = [this.#times, this.#orders, this.#slots];
    const size = this.#size;
    const [atMs, order, slot] = [times[source]!, orders[source]!, slots[source]!];
    let at = from;
    for (;;) {
      const first = at * 4 + 1;
      if (first >= size) break;
      let least = first;
      let leastMs = times[first]!;
      const end = Math.min(first + 4, size);
      for (let child = first + 1; child < end; child++) {
        const childMs = times[child]!;
        if (childMs > leastMs || (childMs === leastMs && orders[child]! > orders[least]!)) continue;
        least = child;
        leastMs = childMs;
      }
      if (leastMs > atMs || (leastMs === atMs && orders[least]! > order)) break;
      times[at] = leastMs;
      orders[at] = orders[least]!;
      slots[at] = slots[least]!;
      at = least;
    }
    times[at] = atMs;
    orders[at] = order;
    slots[at] = slot;
  }

  #grow(): void {
    const length = this.#times.length * 2;
    const grown = [new Float64Array(length), new Float64Array(length), new Int32Array(length)] as const;
    grown[0].set(this.#times);
    grown[1].set(this.#orders);
    grown[2].set(this.#slots);
    [this.#times, this.#orders, this.#slots] = grown;
  }

  /** Drops what was called off. The order of the others is in their numbers, so it stays. */
  #sweep(): void {
    let kept = 0;
    for (let at = 0; at < this.#size; at++) {
      const slot = this.#slots[at]!;
      if (this.#tasks[slot]!.isOff) {
        this.#tasks[slot] = undefined;
        this.#free.push(slot);
        continue;
      }
      this.#times[kept] = this.#times[at]!;
      this.#orders[kept] = this.#orders[at]!;
      this.#slots[kept] = slot;
      kept++;
    }
    this.#size = kept;
    this.#off = 0;
    for (let at = (kept - 2) >> 2; at >= 0; at--) this.#sink(at, at);
  }
}
