/**
 * Frames on a stream: four bytes of length, big-endian, then 1 to 65,536 bytes.
 *
 * Invariants (frames.test.ts): what was encoded comes out whole and in order however it is cut; a length
 * outside the range ends the decoder for good; at most one partial frame is held.
 */
import { frameBytesMax, lengthBytes } from './limits.ts';

export type FrameFault = 'frame-empty' | 'frame-too-long';

/** Takes chunks, gives frames. A frame is a copy: it stays valid and pins no larger buffer. */
export class FrameDecoder {
  #head = 0;
  #headBytes = 0;
  #body: Uint8Array | undefined;
  #filled = 0;
  #fault: FrameFault | undefined;

  /** True while a frame is begun and not complete. */
  get partial(): boolean {
    return this.#headBytes > 0;
  }

  /** @returns the fault at the first wrong length, for ever after. `take` may stop the decoding by false. */
  push(chunk: Uint8Array, take: (frame: Uint8Array) => boolean): FrameFault | undefined {
    let at = 0;
    while (at < chunk.length && this.#fault === undefined) {
      if (this.#headBytes < lengthBytes) {
        at = this.#readHead(chunk, at);
        continue;
      }
      at = this.#readBody(chunk, at);
      const frame = this.#body;
      if (frame === undefined || this.#filled < frame.length) continue;
      this.#headBytes = 0;
      this.#head = 0;
      this.#body = undefined;
      if (!take(frame)) return this.#fault;
    }
    return this.#fault;
  }

  #readHead(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length && this.#headBytes < lengthBytes) {
      this.#head = this.#head * 256 + chunk[at++]!;
      this.#headBytes++;
    }
    if (this.#headBytes < lengthBytes) return at;
    if (this.#head === 0) this.#fault = 'frame-empty';
    if (this.#head > frameBytesMax) this.#fault = 'frame-too-long';
    this.#filled = 0;
    return at;
  }

  #readBody(chunk: Uint8Array, from: number): number {
    const end = Math.min(chunk.length, from + this.#head - this.#filled);
    // A fresh array, never `chunk.slice`: of a Buffer that would share memory with the whole chunk.
    this.#body ??= new Uint8Array(this.#head);
    this.#body.set(chunk.subarray(from, end), this.#filled);
    this.#filled += end - from;
    return end;
  }
}

/** Writes one frame at `offset` of a buffer that has the room. @returns the offset behind it. */
export function writeFrame(into: Uint8Array, offset: number, frame: Uint8Array): number {
  const { length } = frame;
  into[offset] = length >>> 24;
  into[offset + 1] = (length >>> 16) & 255;
  into[offset + 2] = (length >>> 8) & 255;
  into[offset + 3] = length & 255;
  into.set(frame, offset + lengthBytes);
  return offset + lengthBytes + length;
}
