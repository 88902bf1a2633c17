/**
 * A link whose other end does not answer, as a system's TCP deals with it: what is sent is taken as long as the send
 * buffer has room, and the oldest is sent again after ever longer waits. So nobody notices a cut before the other's
 * silence tells or the buffer is full, and what waited does not come the moment the cut is over.
 */
import { Later, type LinkEnd, lengthBytes, type Waiting } from './link-end.ts';
import type { LineWorld } from './uplink.ts';

/** `tb87040` in the `ss` of a Linux connection with its first ten segments under way. */
const systemBytes = 87_040;
/** RFC 6298 asks for a second, Linux takes at least 200 ms and at most two minutes. */
const resendMsMin = 200;
const resendMsMax = 120_000;
/** `tcp_retries2` of Linux: about a quarter of an hour. */
const triesMax = 15;
/** As in the real adapter: a neighbour that takes no byte for so long is given up. */
const drainMs = 30_000;

export interface StallEvents {
  /** Whether the other host would get what is sent now. */
  passes(): boolean;
  /** What waited goes on its way. The stall is over. */
  over(waiting: readonly Waiting[]): void;
  /** The adapter, or the system, waits no longer. */
  gaveUp(reason: string): void;
}

export class Stall {
  readonly #end: LinkEnd;
  readonly #world: LineWorld;
  readonly #events: StallEvents;
  /** What the system took, in order, and what it had no room for. */
  readonly #taken: Waiting[] = [];
  readonly #refused: Waiting[] = [];
  #bytes = 0;
  #resendMs: number;
  #tries = 0;

  constructor(end: LinkEnd, world: LineWorld, events: StallEvents) {
    this.#end = end;
    this.#world = world;
    this.#events = events;
    this.#resendMs = Math.max(resendMsMin, end.latencyMs * 2);
    this.#tryLater();
  }

  /** @returns who took the frame: the system, for which it is written; the adapter; or nobody, where its class is full. */
  put(waiting: Waiting): 'system' | 'adapter' | 'nobody' {
    const { frame, frameClass } = waiting;
    const bytes = (frame?.length ?? 0) + lengthBytes;
    if (this.#refused.length === 0 && this.#bytes + bytes <= systemBytes) {
      this.#bytes += bytes;
      this.#taken.push(waiting);
      return 'system';
    }
    if (frame !== undefined && !this.#end.load(frameClass, frame.length)) return 'nobody';
    if (this.#refused.push(waiting) === 1) {
      this.#later(drainMs, () => this.#events.gaveUp('nothing is taken'));
    }
    return 'adapter';
  }

  #tryLater(): void {
    if (++this.#tries > triesMax) return this.#events.gaveUp('connection lost');
    this.#later(this.#resendMs, () => {
      if (!this.#events.passes()) return this.#tryLater();
      this.#end.stall = undefined;
      for (const waiting of this.#refused) this.#end.unload(waiting);
      this.#events.over([...this.#taken, ...this.#refused]);
    });
    this.#resendMs = Math.min(resendMsMax, this.#resendMs * 2);
  }

  /** Nothing that was planned happens once the stall is over. */
  #later(delayMs: number, run: () => void): void {
    this.#world.plan(delayMs, new Later(() => this.#end.stall === this && run()));
  }
}
