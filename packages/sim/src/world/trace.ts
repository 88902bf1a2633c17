/**
 * The hash over every event of a run: equal for equal seed, options and code. Not cryptographic: it tells runs apart
 * and costs some tens of nanoseconds.
 */

/** What an event is, in the hash. */
export const traceKinds = {
  frame: 1,
  ring: 2,
  linkUp: 3,
  linkDown: 4,
  dialFailed: 5,
  start: 6,
  end: 7,
  act: 8,
};

const wholeBytesMax = 96;
const edgeBytes = 32;

const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);

export class Trace {
  #low = 0x811c9dc5 | 0;
  #high = 0x27d4eb2f | 0;
  /** Events taken in. */
  count = 0;

  /** An event: what it is, whom it concerns, when. */
  event(kind: number, node: number, atMs: number): void {
    this.count++;
    doubles[0] = atMs;
    this.#mix(kind ^ Math.imul(node, 0x9e3779b1));
    this.#mix(words[0]! ^ Math.imul(words[1]!, 0x85ebca6b));
  }

  number(value: number): void {
    this.#mix(value | 0);
  }

  text(value: string): void {
    this.#mix(value.length);
    for (let at = 0; at < value.length; at++) this.#mix(value.charCodeAt(at));
  }

  /** All of a short frame; of a longer one its length and both ends, where type, numbers and authentication stand. */
  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#mix(length);
    if (length <= wholeBytesMax) this.#part(bytes, 0, length);
    else {
      this.#part(bytes, 0, edgeBytes);
      this.#part(bytes, length - edgeBytes, length);
    }
  }

  /** 16 hex digits. */
  digest(): string {
    const half = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
    return half(this.#high) + half(this.#low);
  }

  #part(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    for (; at + 4 <= to; at += 4) {
      this.#mix(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    }
    for (; at < to; at++) this.#mix(bytes[at]!);
  }

  #mix(word: number): void {
    const low = Math.imul(this.#low ^ word, 0x85ebca6b);
    this.#low = (low << 13) | (low >>> 19);
    const high = Math.imul((this.#high + word) | 0, 0xc2b2ae35);
    this.#high = high ^ (high >>> 15) ^ this.#low;
  }
}
