/**
 * One long-lived stream: frames in, frames out. Knows nothing of peers or greetings.
 *
 * Whatever happens it closes once, with one reason. After that no callback is made and nothing is queued.
 */
import type { FrameClass } from '@kith/core/peer/contract';
import type { Connection, Stream } from '@libp2p/interface';
import { InboundBudget } from './budget.ts';
import { FrameDecoder } from './frames.ts';
import { closeMsMax, drainMsMax, frameMsMax } from './limits.ts';
import { Outgoing } from './outgoing.ts';

/** What a channel needs of a libp2p stream. */
export type ChannelStream = Pick<
  Stream,
  | 'addEventListener'
  | 'removeEventListener'
  | 'send'
  | 'pause'
  | 'resume'
  | 'status'
  | 'remoteWriteStatus'
  | 'writableNeedsDrain'
  | 'writeBufferLength'
>;

export interface ChannelEvents {
  frame(frame: Uint8Array): void;
  flushed(receipt: number): void;
  closed(reason: string): void;
}

export class Channel {
  readonly #connection: Pick<Connection, 'close' | 'abort'>;
  readonly #stream: ChannelStream;
  readonly #events: ChannelEvents;
  readonly #outgoing = new Outgoing();
  readonly #decoder = new FrameDecoder();
  readonly #budget: InboundBudget = new InboundBudget(performance.now());
  #partialSinceMs: number | undefined;
  #resumeTimer: NodeJS.Timeout | undefined;
  #resuming = false;
  /** How long the budget wants nothing to be read. */
  #waitMs = 0;
  #pumping = false;
  #closed = false;

  constructor(stream: ChannelStream, connection: Pick<Connection, 'close' | 'abort'>, events: ChannelEvents) {
    this.#connection = connection;
    this.#stream = stream;
    this.#events = events;
    stream.addEventListener('message', (event) => this.#read(event.data));
    stream.addEventListener('remoteCloseWrite', () => this.#end('closed by the other side'));
    stream.addEventListener('close', (event) => {
      this.#end(event.error === undefined ? 'closed by the other side' : 'connection lost');
    });
    if (stream.status !== 'open' || stream.remoteWriteStatus === 'closed') {
      queueMicrotask(() => this.#end('closed by the other side'));
    }
  }

  get open(): boolean {
    return !this.#closed;
  }

  /** @returns false when the class is full or the channel closed. */
  send(frameClass: FrameClass, frame: Uint8Array, receipt: number | undefined): boolean {
    if (this.#closed || !this.#outgoing.put(frameClass, frame, receipt)) return false;
    if (!this.#pumping) {
      this.#pumping = true;
      // All frames that are queued in this turn share a write.
      queueMicrotask(() => void this.#pump());
    }
    return true;
  }

  /**
   * Ends the stream and its connection. Frames that were queued, and `last`, still go as far as the other
   * side takes them without waiting. Calling twice is harmless.
   */
  close(reason: string, last?: Uint8Array): void {
    if (this.#closed) return;
    if (last !== undefined) this.#outgoing.put('bulk', last, undefined);
    while (!this.#stream.writableNeedsDrain && !this.#outgoing.empty) {
      const batch = this.#outgoing.take();
      if (batch === undefined || this.#write(batch) !== undefined) break;
    }
    this.#end(reason);
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#resumeTimer);
    // A clean close waits for the other side's window, which a hostile one never opens.
    this.#connection.close({ signal: AbortSignal.timeout(closeMsMax) }).catch((error: unknown) => {
      this.#connection.abort(error instanceof Error ? error : new Error(reason));
    });
    this.#events.closed(reason);
  }

  /** Called now and then. Closes when the other side dribbles a frame too slowly. */
  checkSlow(nowMs: number): void {
    const since = this.#partialSinceMs;
    if (since !== undefined && nowMs - since > frameMsMax) this.#end('a frame took too long to arrive');
  }

  #read(data: Uint8Array | Iterable<Uint8Array>): void {
    if (this.#closed) return;
    let frames = 0;
    let bytes = 0;
    const take = (frame: Uint8Array): boolean => {
      frames++;
      this.#events.frame(frame);
      return !this.#closed;
    };
    for (const chunk of data instanceof Uint8Array ? [data] : data) {
      bytes += chunk.length;
      const fault = this.#decoder.push(chunk, take);
      if (fault !== undefined) this.#end(fault);
      if (this.#closed) return;
    }
    const nowMs = performance.now();
    if (!this.#decoder.partial) this.#partialSinceMs = undefined;
    else if (frames > 0 || this.#partialSinceMs === undefined) this.#partialSinceMs = nowMs;
    const waitMs = this.#budget.spend(frames, bytes, nowMs);
    if (waitMs > 0) this.#pauseFor(waitMs);
  }

  #pauseFor(waitMs: number): void {
    this.#waitMs = waitMs;
    if (this.#resumeTimer !== undefined || this.#resuming) return;
    this.#stream.pause();
    this.#resumeTimer = setTimeout(() => this.#resume(), waitMs);
  }

  #resume(): void {
    this.#resumeTimer = undefined;
    this.#waitMs = 0;
    // Waiting was our doing: it does not count against the sender of a partial frame.
    if (this.#partialSinceMs !== undefined) this.#partialSinceMs = performance.now();
    if (this.#closed) return;
    // `resume` first hands over what had gathered, which may spend the budget again. A pause from within
    // would be undone by the rest of `resume`: the sender's window opens while nothing is read.
    this.#resuming = true;
    this.#stream.resume();
    this.#resuming = false;
    if (this.#waitMs > 0 && !this.#closed) this.#pauseFor(this.#waitMs);
  }

  async #pump(): Promise<void> {
    for (let batch = this.#outgoing.take(); batch !== undefined; batch = this.#outgoing.take()) {
      const failed = this.#write(batch) ?? (await this.#drained());
      if (this.#closed) return;
      if (failed !== undefined) return this.#end(failed);
      const receipt = this.#outgoing.flushed();
      if (receipt !== undefined) this.#events.flushed(receipt);
    }
    this.#pumping = false;
  }

  #write(batch: Uint8Array): string | undefined {
    try {
      this.#stream.send(batch);
      return undefined;
    } catch {
      return 'connection lost'; // The stream closed under us; its own event may still be on the way.
    }
  }

  /**
   * Waits until the stream takes more. Not `stream.onDrain`: in libp2p 3.3 its promise stays resolved after
   * the first time, so the second wait would not wait.
   */
  #drained(): Promise<string | undefined> | undefined {
    const stream = this.#stream;
    const clear = (): boolean => !stream.writableNeedsDrain && stream.writeBufferLength === 0;
    if (clear()) return undefined;
    return new Promise((resolve) => {
      const end = (failed: string | undefined): void => {
        clearTimeout(timer);
        stream.removeEventListener('drain', drained);
        stream.removeEventListener('close', closed);
        resolve(failed);
      };
      const timer = setTimeout(() => end('the other side takes nothing any more'), drainMsMax);
      const closed = (): void => end('connection lost');
      const drained = (): void => {
        timer.refresh();
        // The stream sends what it had kept in a microtask of its own, queued before this one.
        queueMicrotask(() => clear() && end(undefined));
      };
      stream.addEventListener('drain', drained);
      stream.addEventListener('close', closed);
    });
  }
}
