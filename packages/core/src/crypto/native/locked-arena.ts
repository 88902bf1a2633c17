/**
 * One locked stretch of memory, cut into slots for keys.
 *
 * sodium_malloc aborts the whole process when it fails, and a buffer per key makes it fail after some 15,000
 * (its guard pages use up the system's mappings). So it is called once, and slots are handed out from a free
 * list per size class. When the arena is full, ordinary memory is given and counted: a busy node goes on, and
 * `status()` says that keys now stand in memory that may be swapped.
 *
 * Slots are not returned by themselves: who allocates releases.
 */
import { invariant } from '../../base/invariant.ts';
import type { SecretMemory } from '../backend.ts';
import { type Sodium, sodium } from './sodium.ts';

type Locking = Pick<Sodium, 'sodium_malloc' | 'sodium_mlock' | 'sodium_free'>;

/** 16,384 keys of 32 bytes: a guess at twice the ratchet keys in use of 1,000 contacts. */
export const arenaBytesMax = 524_288;
/** Tried in turn: systems with an old default let a process lock 64 KiB in all. */
const arenaSizes = [arenaBytesMax, 131_072, 49_152];
const slotBytesMin = 32;
const slotBytesMax = 4_096;

export class LockedArena implements SecretMemory {
  #memory: Uint8Array;
  #reason: string | undefined;
  #used = 0;
  #free = new Map<number, number[]>(); // Slot length to the offsets of its free slots.
  #lengths: Uint16Array; // Bytes asked for of the slot in use that begins at 32 × index; 0 otherwise.
  #overflowBytes = 0;

  constructor(system: Locking = sodium) {
    const { memory, locked } = obtain(system);
    this.#memory = memory;
    this.#reason = locked ? undefined : 'the system refuses to lock memory (see "ulimit -l")';
    this.#lengths = new Uint16Array(memory.length / slotBytesMin);
  }

  allocate(length: number): Uint8Array {
    invariant(
      Number.isInteger(length) && length >= 1 && length <= slotBytesMax,
      'secrets have 1 to 4,096 bytes',
    );
    const slotLength = slotLengthOf(length);
    const offset = this.#free.get(slotLength)?.pop() ?? this.#bump(slotLength);
    if (offset === undefined) {
      this.#overflowBytes += length;
      return new Uint8Array(length);
    }
    this.#lengths[offset / slotBytesMin] = length;
    return this.#memory.subarray(offset, offset + length);
  }

  release(bytes: Uint8Array): void {
    bytes.fill(0);
    if (bytes.buffer !== this.#memory.buffer) return;
    const offset = bytes.byteOffset - this.#memory.byteOffset;
    // A part of a slot, or a slot released before, must not come into the free list a second time.
    if (offset % slotBytesMin !== 0 || this.#lengths[offset / slotBytesMin] !== bytes.length) return;
    if (bytes.length === 0) return;
    this.#lengths[offset / slotBytesMin] = 0;
    const slotLength = slotLengthOf(bytes.length);
    const free = this.#free.get(slotLength);
    if (free === undefined) this.#free.set(slotLength, [offset]);
    else free.push(offset);
  }

  status(): { locked: boolean; reason: string | undefined; overflowBytes: number } {
    return { locked: this.#reason === undefined, reason: this.#reason, overflowBytes: this.#overflowBytes };
  }

  #bump(slotLength: number): number | undefined {
    if (this.#used + slotLength > this.#memory.length) return undefined;
    const offset = this.#used;
    this.#used += slotLength;
    return offset;
  }
}

/** sodium_malloc locks too but keeps silent when it cannot, hence the second call. */
function obtain(system: Locking): { memory: Uint8Array; locked: boolean } {
  for (const size of arenaSizes) {
    const memory = new Uint8Array(system.sodium_malloc(size)).fill(0); // It comes filled with 0xdb.
    if (system.sodium_mlock(memory) === 0) return { memory, locked: true };
    system.sodium_free(memory.buffer);
  }
  return { memory: new Uint8Array(arenaBytesMax), locked: false };
}

/** The next power of two, at least 32. */
function slotLengthOf(length: number): number {
  return length <= slotBytesMin ? slotBytesMin : 2 ** (32 - Math.clz32(length - 1));
}
