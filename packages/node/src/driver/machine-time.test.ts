/** Goal: machine time never runs backwards, over restarts, crashes and changes of the clock on the wall. */
import { describe, expect, test } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import { jumpMsMax, MachineTime, recordedMsMax } from './machine-time.ts';

const dayMs = 86_400_000;

function clockAt(wallMs: number): HandClock {
  const clock = new HandClock();
  clock.wall = wallMs;
  return clock;
}

describe('machine time', () => {
  const startMs = 1_760_000_000_000;

  test('begins at the wall and follows the monotonic clock alone', () => {
    const clock = clockAt(startMs);
    clock.monotonic = 500;
    const time = new MachineTime(clock, undefined);
    expect(time.nowMs()).toBe(startMs);
    clock.monotonic += 1_000.7;
    clock.wall -= 4 * dayMs;
    expect(time.nowMs()).toBe(startMs + 1_000);
  });

  test('an orderly restart goes on where it ended, or where the wall is by now', () => {
    const clock = clockAt(startMs);
    const first = new MachineTime(clock, undefined);
    clock.drain(10_000);
    const record = first.finalRecord();
    const endMs = startMs + 10_000;
    const restart = (wallMs: number): number => new MachineTime(clockAt(wallMs), record).nowMs();
    expect(restart(endMs)).toBe(endMs);
    expect(restart(endMs + 3_000)).toBe(endMs + 3_000);
    expect(restart(endMs - 4 * dayMs)).toBe(endMs);
    expect(restart(endMs + 4 * dayMs)).toBe(endMs + 4 * dayMs);
    expect(restart(endMs + 400 * dayMs)).toBe(endMs + jumpMsMax);
  });

  test('after a crash it begins at or after every moment that was used', () => {
    const clock = clockAt(startMs);
    const first = new MachineTime(clock, undefined);
    const record = first.recordDue(first.nowMs());
    expect(record).toBeDefined();
    first.recorded(first.nowMs());
    clock.drain(recordedMsMax - 1);
    const usedMs = first.nowMs();
    expect(first.recordDue(usedMs)).toBeUndefined();
    for (const wallMs of [startMs - 4 * dayMs, startMs, usedMs, usedMs + dayMs]) {
      expect(new MachineTime(clockAt(wallMs), record).nowMs()).toBeGreaterThanOrEqual(usedMs);
    }
    clock.drain(1);
    expect(first.recordDue(first.nowMs())).toBeDefined();
  });

  test('a damaged record counts for nothing', () => {
    expect(new MachineTime(clockAt(startMs), new Uint8Array(3)).nowMs()).toBe(startMs);
  });
});
