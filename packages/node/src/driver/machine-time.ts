/**
 * Machine time: Unix milliseconds that never run backwards, also over restarts and changes of the clock on the
 * wall. Within a process it follows the monotonic clock; between processes, the wall, as far as that is
 * believable.
 *
 * Invariant: a start begins at or after every moment that a stored row can have seen. What is stored is
 * therefore ahead of the time by as long as the record may stay old.
 */
import { concat, u64be } from '@kith/core/base/bytes';
import type { Clock } from './clock.ts';

/** The setting it is kept in, written by the driver alone. */
export const machineTimeSetting = 'machine-time';

/** The record is written again when it is this old, in a transaction that is open anyway. */
export const recordedMsMax = 60_000;

/** A machine that was off for longer has lost nothing more: everything with a lifetime has ended by then. */
export const jumpMsMax: number = 41 * 24 * 3_600_000;

export class MachineTime {
  readonly #clock: Clock;
  readonly #baseMs: number;
  readonly #startedMs: number;
  #recordedUntilMs: number;

  /** @param record - the setting as it was read; undefined or damaged: begin at the clock on the wall. */
  constructor(clock: Clock, record: Uint8Array | undefined) {
    const wallMs = Math.max(0, Math.floor(clock.wallMs()));
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
    this.#baseMs = startOf(record, wallMs);
    this.#recordedUntilMs = this.#baseMs; // Nothing is promised yet: the first transaction writes a record.
  }

  nowMs(): number {
    return this.#baseMs + Math.floor(this.#clock.monotonicMs() - this.#startedMs);
  }

  /** The record to write in a transaction that is about to commit, or undefined where the last one holds. */
  recordDue(nowMs: number): Uint8Array | undefined {
    if (nowMs < this.#recordedUntilMs) return undefined;
    return this.#record(nowMs, recordedMsMax);
  }

  /** The record for the last transaction before the end: exact, so that an orderly restart loses no time. */
  finalRecord(): Uint8Array {
    return this.#record(this.nowMs(), 0);
  }

  /** Tells that a record was committed. */
  recorded(nowMs: number): void {
    this.#recordedUntilMs = nowMs + recordedMsMax;
  }

  #record(nowMs: number, aheadMs: number): Uint8Array {
    const wallMs = Math.max(0, Math.floor(this.#clock.wallMs()));
    return concat(u64be(nowMs + aheadMs), u64be(wallMs + aheadMs));
  }
}

function startOf(record: Uint8Array | undefined, wallMs: number): number {
  if (record?.length !== 16) return wallMs;
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const machineMs = Number(view.getBigUint64(0));
  const recordedWallMs = Number(view.getBigUint64(8));
  return machineMs + Math.min(jumpMsMax, Math.max(0, wallMs - recordedWallMs));
}
