/**
 * Store-and-forward outbox: for every device of a recipient, which sealed item is sent when, until that
 * device acknowledges it. It holds no bytes: an item is a name, a size and a lifetime; the Peer keeps the
 * bytes in its store and looks them up when told to send.
 *
 * Pure state machine. Specification: docs/protocol/outbox.md.
 *
 * Invariants (outbox.test.ts checks them):
 *   1. An accepted item ends in exactly one of `delivered`, `expired` and `failed`.
 *   2. Nothing is sent to a device without a link, nor over another link than its own, nor after it ended.
 *   3. At most `itemsMax` items are held, `deviceItemsMax` for one device; the next is refused aloud.
 *   4. A device that returns is sent everything held for it at once, in order, a window at a time: whenever
 *      something waits for a device with a link, that device's window is full.
 *   5. Each input costs O(log n), besides what it must say about every item it concerns.
 */
import type { LinkId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { Random } from '../../base/random.ts';
import { DeviceQueue, type Held } from './device-queue.ts';
import { Schedule } from './schedule.ts';

export interface OutboxConfig {
  itemsMax: number;
  deviceItemsMax: number;
  windowItemsMax: number;
  windowBytesMax: number;
  retryMsMin: number;
  retryMsMax: number;
  unhandedMs: number;
  stalledSends: number;
}

export const outboxDefaults: OutboxConfig = {
  itemsMax: 65_536, // About 250 bytes of memory each: 16 MiB.
  deviceItemsMax: 10_000, // A guess: a month of a busy conversation; one device may not fill the outbox.
  windowItemsMax: 1_024, // Twice the widest window of bench; in order, so that a receiver skips no keys.
  windowBytesMax: 1_048_576, // A guess: 36 of the largest envelopes; below the bound of a link's class.
  retryMsMin: 2_000, // A guess: twice a slow round trip over three hops. Revisit with bench/outbox.
  retryMsMax: 900_000, // A guess: 15 minutes keeps a phone's radio asleep.
  unhandedMs: 60_000, // A guess: a link that flushes nothing for a minute is slow; a copy makes it slower.
  stalledSends: 4, // Three whole back-offs in vain, at least 7 s: rather a lost session than a lost frame.
};

export interface OutboxItem {
  item: string;
  /** Any name of a destination; a device id, or what stands for one before it is known. */
  device: string;
  /** Machine time. Undefined lives until it is delivered. */
  expiresAtMs: number | undefined;
  /** Length of the sealed bytes. */
  sizeBytes: number;
}

export type OutboxInput =
  | ({ type: 'submit' } & OutboxItem)
  /** An item from the store, at start, in the order of the store. `sent`: its state was `sent` already. */
  | ({ type: 'restore'; sent: boolean } & OutboxItem)
  /** The device was recognised on this link. The same link again changes nothing; another one replaces it. */
  | { type: 'deviceUp'; device: string; link: LinkId }
  | { type: 'deviceDown'; device: string }
  /** The operating system took the bytes of the newest send of this item. Said for every send. */
  | { type: 'handed'; item: string }
  /** An authentic acknowledgement made by `device`. */
  | { type: 'acknowledged'; item: string; device: string }
  /** It can never be delivered, says the Peer. */
  | { type: 'failed'; item: string; reason: string }
  /** The item has new bytes, of this length, under a new session: it is sent as if for the first time. */
  | { type: 'reseal'; item: string; sizeBytes: number }
  | { type: 'wake' };

export type OutboxOutput =
  /** Send the item's bytes over the link. `attempt` counts from 1 since it was submitted or restored. */
  | { type: 'send'; item: string; device: string; link: LinkId; attempt: number }
  /** The first time the operating system took it. */
  | { type: 'sent'; item: string; device: string; attempt: number }
  | { type: 'delivered'; item: string; device: string }
  | { type: 'expired'; item: string; device: string }
  | { type: 'failed'; item: string; device: string; reason: string }
  /** Sent `stalledSends` times more on a live link without a word: the session is probably lost. */
  | { type: 'stalled'; device: string; item: string }
  | { type: 'refused'; item: string; reason: 'full' | 'duplicate' | 'stale' };

export class Outbox {
  #items = new Map<string, Held>();
  #queues = new Map<string, DeviceQueue>(); // Those with items or a link, no others.
  #schedule = new Schedule<Held>();
  #config: OutboxConfig;
  #random: Random;

  constructor(config: OutboxConfig, random: Random) {
    invariant(config.itemsMax > 0 && config.deviceItemsMax > 0, 'room for an item');
    invariant(config.windowItemsMax > 0 && config.windowBytesMax > 0, 'a window for an item');
    invariant(
      config.retryMsMin > 0 && config.retryMsMin <= config.retryMsMax,
      '0 < retryMsMin <= retryMsMax',
    );
    invariant(config.unhandedMs > 0 && config.stalledSends > 0, 'unhandedMs and stalledSends above 0');
    this.#config = config;
    this.#random = random;
  }

  /** Applies one input. `nowMs`: machine time, never runs backwards. */
  handle(input: OutboxInput, nowMs: number): OutboxOutput[] {
    const outputs: OutboxOutput[] = [];
    switch (input.type) {
      case 'submit':
        this.#sweep(nowMs, outputs);
        this.#accept(input, nowMs, outputs);
        break;
      case 'restore':
        this.#accept(input, nowMs, outputs);
        break;
      case 'deviceUp':
        this.#deviceUp(input, nowMs, outputs);
        break;
      case 'deviceDown':
        this.#deviceDown(input.device);
        break;
      case 'handed':
        this.#handed(input.item, nowMs, outputs);
        break;
      case 'acknowledged':
        this.#acknowledged(input, nowMs, outputs);
        break;
      case 'failed':
        this.#failed(input, nowMs, outputs);
        break;
      case 'reseal':
        this.#reseal(input, nowMs, outputs);
        break;
      case 'wake':
        break;
    }
    this.#sweep(nowMs, outputs); // Last, so that an answer that comes with the deadline still counts.
    return outputs;
  }

  /** When the driver must next send `wake`, or undefined to sleep. O(1); ask again after every input. */
  nextWakeMs(): number | undefined {
    return this.#schedule.first()?.dueMs;
  }

  /** Items held, for all devices. */
  get size(): number {
    return this.#items.size;
  }

  /** Items held for one device. */
  deviceSize(device: string): number {
    return this.#queues.get(device)?.size ?? 0;
  }

  /** Whether the operating system took it once: since it was submitted, or before, where it was restored so. */
  wasHanded(item: string): boolean {
    return this.#items.get(item)?.sent === true;
  }

  /** Whether the item is held. */
  has(item: string): boolean {
    return this.#items.has(item);
  }

  #accept(input: OutboxInput & OutboxItem, nowMs: number, outputs: OutboxOutput[]): void {
    const { item, device, sizeBytes } = input;
    const expiresAtMs = input.expiresAtMs ?? Infinity;
    const restored = input.type === 'restore';
    const queue = this.#queues.get(device) ?? new DeviceQueue(device);
    const full = this.#items.size >= this.#config.itemsMax || queue.size >= this.#config.deviceItemsMax;
    if (this.#items.has(item)) {
      outputs.push({ type: 'refused', item, reason: 'duplicate' });
    } else if (expiresAtMs <= nowMs && !restored) {
      outputs.push({ type: 'refused', item, reason: 'stale' });
    } else if (full && !restored) {
      outputs.push({ type: 'refused', item, reason: 'full' });
    } else {
      // What was accepted before a restart stays accepted: a smaller bound refuses only new items, and what
      // expired meanwhile is swept out aloud.
      const held: Held = {
        item,
        queue,
        expiresAtMs,
        sizeBytes,
        attempt: 0,
        unanswered: 0,
        inFlight: false,
        sent: restored && input.sent,
        previous: undefined,
        next: undefined,
        dueMs: Infinity,
        place: -1,
      };
      this.#items.set(item, held);
      this.#queues.set(device, queue);
      queue.append(held);
      this.#schedule.set(held, expiresAtMs);
      this.#fill(queue, nowMs, outputs);
    }
  }

  #deviceUp(input: { device: string; link: LinkId }, nowMs: number, outputs: OutboxOutput[]): void {
    const queue = this.#queues.get(input.device) ?? new DeviceQueue(input.device);
    if (queue.link === input.link) return;
    this.#queues.set(input.device, queue);
    this.#land(queue);
    this.#sweep(nowMs, outputs);
    queue.link = input.link;
    // The sweep may have taken its last item, and the queue with it.
    this.#queues.set(input.device, queue);
    this.#fill(queue, nowMs, outputs);
  }

  #deviceDown(device: string): void {
    const queue = this.#queues.get(device);
    if (queue === undefined) return;
    this.#land(queue);
    this.#dropIdle(queue);
  }

  /** Takes the link away. What was in flight waits again, before what waited already. */
  #land(queue: DeviceQueue): void {
    queue.link = undefined;
    for (const held of queue.land()) {
      held.unanswered = 0;
      this.#schedule.set(held, held.expiresAtMs);
    }
  }

  #handed(item: string, nowMs: number, outputs: OutboxOutput[]): void {
    const held = this.#items.get(item);
    if (held === undefined || held.attempt === 0) return;
    // Back-off counts from here: before, the bytes stood in our own buffers.
    if (held.inFlight) this.#arm(held, nowMs + this.#backoffMs(held.unanswered));
    if (held.sent) return;
    held.sent = true;
    outputs.push({ type: 'sent', item, device: held.queue.device, attempt: held.attempt });
  }

  #acknowledged(input: { item: string; device: string }, nowMs: number, outputs: OutboxOutput[]): void {
    const held = this.#items.get(input.item);
    // Another device of theirs may not answer for this one: it has not got the message.
    if (held === undefined || held.queue.device !== input.device) return;
    this.#end(held);
    outputs.push({ type: 'delivered', item: held.item, device: held.queue.device });
    this.#fill(held.queue, nowMs, outputs);
  }

  #failed(input: { item: string; reason: string }, nowMs: number, outputs: OutboxOutput[]): void {
    const held = this.#items.get(input.item);
    if (held === undefined) return;
    this.#end(held);
    outputs.push({ type: 'failed', item: held.item, device: held.queue.device, reason: input.reason });
    this.#fill(held.queue, nowMs, outputs);
  }

  #reseal(input: { item: string; sizeBytes: number }, nowMs: number, outputs: OutboxOutput[]): void {
    const held = this.#items.get(input.item);
    if (held === undefined) return;
    held.queue.resize(held, input.sizeBytes);
    held.unanswered = 0;
    if (held.inFlight) this.#arm(held, nowMs);
    this.#sweep(nowMs, outputs);
    this.#fill(held.queue, nowMs, outputs);
  }

  /** Sends what waits while the window has room. One item always may, however large it is. */
  #fill(queue: DeviceQueue, nowMs: number, outputs: OutboxOutput[]): void {
    const { windowItemsMax, windowBytesMax } = this.#config;
    for (;;) {
      const held = queue.waiting();
      if (held === undefined || queue.link === undefined || queue.inFlight >= windowItemsMax) return;
      const roomy = queue.inFlight === 0 || queue.inFlightBytes + held.sizeBytes <= windowBytesMax;
      if (!roomy) return;
      if (held.expiresAtMs <= nowMs) {
        this.#expire(held, outputs);
      } else {
        queue.launch();
        this.#send(held, queue.link, nowMs, outputs);
      }
    }
  }

  #send(held: Held, link: LinkId, nowMs: number, outputs: OutboxOutput[]): void {
    const { item, queue } = held;
    held.attempt++;
    held.unanswered++;
    outputs.push({ type: 'send', item, device: queue.device, link, attempt: held.attempt });
    // Until the operating system has it, a second copy would only queue behind the first.
    this.#arm(held, nowMs + Math.max(this.#config.unhandedMs, this.#backoffMs(held.unanswered)));
    if (held.unanswered % this.#config.stalledSends !== 0) return;
    outputs.push({ type: 'stalled', device: queue.device, item });
  }

  /** Expires and sends again whatever is due. */
  #sweep(nowMs: number, outputs: OutboxOutput[]): void {
    for (;;) {
      const held = this.#schedule.first();
      if (held === undefined || held.dueMs > nowMs) return;
      const { queue } = held;
      if (held.expiresAtMs <= nowMs) {
        this.#expire(held, outputs);
        this.#fill(queue, nowMs, outputs);
      } else {
        invariant(held.inFlight && queue.link !== undefined, 'only what is in flight is sent again');
        this.#send(held, queue.link, nowMs, outputs);
      }
    }
  }

  #expire(held: Held, outputs: OutboxOutput[]): void {
    this.#end(held);
    outputs.push({ type: 'expired', item: held.item, device: held.queue.device });
  }

  #end(held: Held): void {
    this.#items.delete(held.item);
    this.#schedule.remove(held);
    held.queue.remove(held);
    this.#dropIdle(held.queue);
  }

  #dropIdle(queue: DeviceQueue): void {
    if (queue.size === 0 && queue.link === undefined) this.#queues.delete(queue.device);
  }

  #arm(held: Held, retryAtMs: number): void {
    this.#schedule.set(held, Math.min(retryAtMs, held.expiresAtMs));
  }

  /** Doubles from retryMsMin to retryMsMax, then takes a random half off so that items spread out. */
  #backoffMs(sends: number): number {
    const ceilingMs = Math.min(this.#config.retryMsMin * 2 ** (sends - 1), this.#config.retryMsMax);
    return Math.round(ceilingMs * (0.5 + this.#random.next() / 2));
  }
}
