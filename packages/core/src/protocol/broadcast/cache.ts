/** The messages of one topic that are kept to repair others, oldest first; bounded in age, bytes and number. */
import type { Held } from './author.ts';
import type { BroadcastConfig } from './config.ts';

export class Cache {
  #config: BroadcastConfig;
  #queue: (Held | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(config: BroadcastConfig) {
    this.#config = config;
  }

  get size(): number {
    return this.#queue.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(held: Held): void {
    this.#queue.push(held);
    this.#bytes += held.frame.length;
    held.author.held.set(held.sequence, held);
    this.expire(held.atMs);
  }

  /** Drops what is too old or too much. What was dropped is still known as seen. */
  expire(nowMs: number): void {
    const { cacheMs, cacheBytesMax, cacheMessagesMax } = this.#config;
    for (;;) {
      const oldest = this.#queue[this.#head];
      if (oldest === undefined) break;
      const full = this.size > cacheMessagesMax || this.#bytes > cacheBytesMax;
      if (!full && nowMs - oldest.atMs < cacheMs) break;
      oldest.author.held.delete(oldest.sequence);
      this.#bytes -= oldest.frame.length;
      this.#queue[this.#head++] = undefined;
    }
    if (this.#head > 64 && this.#head > this.#queue.length / 2) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
  }

  /** When the oldest becomes too old. */
  expiresAtMs(): number {
    const oldest = this.#queue[this.#head];
    return oldest === undefined ? Infinity : oldest.atMs + this.#config.cacheMs;
  }

  /** The neighbour with this bit is gone: nobody knows any more what it has. */
  forgetNeighbour(bit: number): void {
    for (const held of this.#queue) {
      if (held === undefined) continue;
      held.have &= ~bit;
      held.sent &= ~bit;
    }
  }
}
