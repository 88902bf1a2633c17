/**
 * Everything held for one device, in the order it was submitted, as a linked list with a cursor: what stands
 * before the cursor is in flight on the present link, what stands at and behind it waits for room in the
 * window. Every step is O(1); `land` is O(in flight).
 */
import type { LinkId } from '../../base/ids.ts';
import type { Scheduled } from './schedule.ts';

export interface Held extends Scheduled {
  item: string;
  queue: DeviceQueue;
  expiresAtMs: number; // Infinity: lives until it is delivered.
  sizeBytes: number;
  /** Sends since it was submitted or restored. */
  attempt: number;
  /** Sends since the link came up or it was sealed anew; drives back-off and `stalled`. */
  unanswered: number;
  inFlight: boolean;
  /** The operating system took it once: `sent` was said. */
  sent: boolean;
  previous: Held | undefined;
  next: Held | undefined;
}

export class DeviceQueue {
  readonly device: string;
  /** Undefined while the device cannot be reached. */
  link: LinkId | undefined = undefined;
  size = 0;
  inFlight = 0;
  inFlightBytes = 0;
  #first: Held | undefined = undefined;
  #last: Held | undefined = undefined;
  #cursor: Held | undefined = undefined;

  constructor(device: string) {
    this.device = device;
  }

  append(held: Held): void {
    held.previous = this.#last;
    if (this.#last === undefined) this.#first = held;
    else this.#last.next = held;
    this.#last = held;
    this.#cursor ??= held;
    this.size++;
  }

  remove(held: Held): void {
    this.#leaveFlight(held);
    if (this.#cursor === held) this.#cursor = held.next;
    if (held.previous === undefined) this.#first = held.next;
    else held.previous.next = held.next;
    if (held.next === undefined) this.#last = held.previous;
    else held.next.previous = held.previous;
    held.previous = undefined;
    held.next = undefined;
    this.size--;
  }

  /** The oldest that waits, or undefined. */
  waiting(): Held | undefined {
    return this.#cursor;
  }

  /** Moves the oldest that waits into flight. */
  launch(): void {
    const held = this.#cursor;
    if (held === undefined) return;
    this.#cursor = held.next;
    held.inFlight = true;
    this.inFlight++;
    this.inFlightBytes += held.sizeBytes;
  }

  /** The item has other bytes now. */
  resize(held: Held, sizeBytes: number): void {
    if (held.inFlight) this.inFlightBytes += sizeBytes - held.sizeBytes;
    held.sizeBytes = sizeBytes;
  }

  /** The link is gone: everything waits again, from the oldest. Returns what was in flight, oldest first. */
  land(): Held[] {
    const landed: Held[] = [];
    for (let held = this.#first; held !== undefined && held !== this.#cursor; held = held.next) {
      landed.push(held);
    }
    for (const held of landed) this.#leaveFlight(held);
    this.#cursor = this.#first;
    return landed;
  }

  #leaveFlight(held: Held): void {
    if (!held.inFlight) return;
    held.inFlight = false;
    this.inFlight--;
    this.inFlightBytes -= held.sizeBytes;
  }
}
