/**
 * The bytes of queued items between a turn and its end, and shortly after: what is stored with a turn cannot be read
 * from the disk within it, and most frames are sent right after the commit.
 */
import type { Store } from '../base/store.ts';

/** Sealed frames kept in memory between the commit and the first sending; others are read from the disk. */
const framesCachedMax = 2_048;

export class QueuedBytes {
  #store: Store;
  #frames = new Map<string, Uint8Array>();
  /** Of this batch. */
  #contents = new Map<string, Uint8Array>();

  constructor(store: Store) {
    this.#store = store;
  }

  put(item: string, { frame, content }: { frame: Uint8Array; content: Uint8Array }): void {
    if (content.length > 0) this.#contents.set(item, content);
    if (frame.length === 0) return;
    this.#frames.set(item, frame);
    if (this.#frames.size > framesCachedMax) this.#frames.delete(this.#frames.keys().next().value!);
  }

  forget(item: string): void {
    this.#frames.delete(item);
    this.#contents.delete(item);
  }

  /** Everything that was put is on the disk with the end of this batch. */
  settle(): void {
    // Emptying a map that is empty makes a new one.
    if (this.#contents.size > 0) this.#contents.clear();
  }

  /** Undefined where it could not be sealed yet. */
  frame(item: string): Uint8Array | undefined {
    return nothingless(this.#frames.get(item) ?? this.#store.outboxItem(item)?.sealed);
  }

  /** Undefined where there is none to be sealed anew. */
  content(item: string): Uint8Array | undefined {
    return nothingless(this.#contents.get(item) ?? this.#store.outboxItem(item)?.content);
  }
}

function nothingless(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : bytes;
}
