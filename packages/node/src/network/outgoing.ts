/**
 * The three bounded classes of one link, and which frames go into the next write.
 *
 * Invariants (outgoing.test.ts): a higher class is always emptied first; within a class order is kept; a
 * class never holds more than its limits; a receipt is reported once everything up to it was taken and
 * settled, whatever the classes were.
 */
import type { FrameClass } from '@kith/core/peer/contract';
import { writeFrame } from './frames.ts';
import { batchBytesMax, lengthBytes, outgoingLimits } from './limits.ts';

interface Receipt {
  receipt: number;
  taken: boolean;
}

interface Queued {
  frame: Uint8Array;
  receipt: Receipt | undefined;
}

/** First in, first out; taking is constant time. */
class Lane {
  bytes = 0;
  readonly #bytesMax: number;
  readonly #framesMax: number;
  #frames: Queued[] = [];
  #taken = 0;

  constructor(limit: { bytesMax: number; framesMax: number }) {
    this.#bytesMax = limit.bytesMax;
    this.#framesMax = limit.framesMax;
  }

  get size(): number {
    return this.#frames.length - this.#taken;
  }

  put(queued: Queued): boolean {
    const bytes = queued.frame.length + lengthBytes;
    if (this.size >= this.#framesMax || this.bytes + bytes > this.#bytesMax) return false;
    this.bytes += bytes;
    this.#frames.push(queued);
    return true;
  }

  peek(): Queued | undefined {
    return this.#frames[this.#taken];
  }

  drop(): void {
    this.bytes -= this.#frames[this.#taken]!.frame.length + lengthBytes;
    this.#taken++;
    if (this.#taken < 1_024 && this.#taken < this.#frames.length) return;
    this.#frames = this.#frames.slice(this.#taken);
    this.#taken = 0;
  }
}

export class Outgoing {
  readonly #lanes: Record<FrameClass, Lane> = {
    control: new Lane(outgoingLimits.control),
    message: new Lane(outgoingLimits.message),
    bulk: new Lane(outgoingLimits.bulk),
  };
  /** Receipts asked for and not yet reported, in the order they were asked for: rising. */
  #receipts: Receipt[] = [];

  get empty(): boolean {
    return this.#lanes.control.size + this.#lanes.message.size + this.#lanes.bulk.size === 0;
  }

  /** @returns false when the class is full; nothing was queued. */
  put(frameClass: FrameClass, frame: Uint8Array, receipt: number | undefined): boolean {
    const asked = receipt === undefined ? undefined : { receipt, taken: false };
    if (!this.#lanes[frameClass].put({ frame, receipt: asked })) return false;
    if (asked !== undefined) this.#receipts.push(asked);
    return true;
  }

  /** The bytes of the next write (at most one frame beyond {@link batchBytesMax}), or undefined. */
  take(): Uint8Array | undefined {
    const frames: Queued[] = [];
    let bytes = 0;
    for (const lane of [this.#lanes.control, this.#lanes.message, this.#lanes.bulk]) {
      bytes = takeFrom(lane, frames, bytes);
      if (lane.size > 0) break;
    }
    if (frames.length === 0) return undefined;
    const batch = new Uint8Array(bytes);
    let at = 0;
    for (const { frame, receipt } of frames) {
      at = writeFrame(batch, at, frame);
      if (receipt !== undefined) receipt.taken = true;
    }
    return batch;
  }

  /** The highest receipt below which nothing waits any more, once; undefined when there is no news. */
  flushed(): number | undefined {
    let done = 0;
    while (this.#receipts[done]?.taken === true) done++;
    if (done === 0) return undefined;
    const { receipt } = this.#receipts[done - 1]!;
    this.#receipts.splice(0, done);
    return receipt;
  }
}

function takeFrom(lane: Lane, frames: Queued[], from: number): number {
  let bytes = from;
  for (let next = lane.peek(); next !== undefined; next = lane.peek()) {
    const grown = bytes + next.frame.length + lengthBytes;
    // The first frame always goes, else one of the largest size would wait for ever.
    if (frames.length > 0 && grown > batchBytesMax) break;
    frames.push(next);
    lane.drop();
    bytes = grown;
  }
  return bytes;
}
