/** What one client may keep busy: calls under way, event streams, and bytes that it does not read. */
import type { Duplex } from 'node:stream';
import { KithError } from '@kith/core/base/errors';

/** Calls under way per connection. A guess: twice the widest window of the throughput benchmark. */
export const callsMax = 1_024;
/** Event streams per connection; a client needs one. */
export const streamsMax = 8;
/** Unread bytes above which we wait for the client before we make more. */
export const unreadBytesMax: number = 1024 * 1024;

export class ClientConnection {
  private calls = 0;
  private streams = 0;
  private lastLarge: Promise<unknown> = Promise.resolve();
  private readonly socket: Duplex;

  constructor(socket: Duplex) {
    this.socket = socket;
  }

  /** @throws KithError `busy` - {@link callsMax} calls are under way. */
  async call<Out>(work: () => Promise<Out>): Promise<Out> {
    if (this.calls >= callsMax) throw new KithError('busy');
    this.calls += 1;
    try {
      return await work();
    } finally {
      this.calls -= 1;
    }
  }

  /** Answers that may weigh megabytes are made one after another, each when the last one was read. */
  async large<Out>(work: () => Promise<Out>): Promise<Out> {
    const turn = this.lastLarge.then(() => this.drained()).then(work);
    this.lastLarge = turn.catch(() => undefined);
    return await turn;
  }

  /** @returns ends the stream's place. @throws KithError `busy` - {@link streamsMax} streams run. */
  openStream(): () => void {
    if (this.streams >= streamsMax) throw new KithError('busy');
    this.streams += 1;
    return () => {
      this.streams -= 1;
    };
  }

  /** Resolves when the client has read, or is gone. */
  async drained(): Promise<void> {
    if (this.socket.writableLength <= unreadBytesMax || this.socket.destroyed) return;
    const done = Promise.withResolvers<void>();
    const settle = (): void => {
      done.resolve();
    };
    this.socket.once('drain', settle);
    this.socket.once('close', settle);
    await done.promise;
    this.socket.off('drain', settle);
    this.socket.off('close', settle);
  }
}
