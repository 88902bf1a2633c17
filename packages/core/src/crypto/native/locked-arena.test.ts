import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arenaBytesMax, LockedArena } from './locked-arena.ts';

/** A system that locks at most `limit` bytes at once. */
function systemLocking(limit: number): ConstructorParameters<typeof LockedArena>[0] {
  return {
    sodium_malloc: (length) => new Uint8Array(length).fill(0xdb).buffer,
    sodium_free: () => undefined,
    sodium_mlock: (memory) => (memory.length <= limit ? 0 : -1),
  };
}

test('locks real memory, or says why not', () => {
  const { locked, reason, overflowBytes } = new LockedArena().status();
  expect(locked).toBe(reason === undefined);
  expect(overflowBytes).toBe(0);
});

test('is told when the system refuses, and goes on', () => {
  const arena = new LockedArena(systemLocking(0));
  expect(arena.status()).toEqual({
    locked: false,
    reason: expect.stringContaining('lock'),
    overflowBytes: 0,
  });
  expect(arena.allocate(32)).toEqual(new Uint8Array(32));
});

test('takes a smaller arena where only that may be locked', () => {
  const arena = new LockedArena(systemLocking(65_536));
  for (let slot = 0; slot < 49_152 / 4_096; slot++) arena.allocate(4_096);
  expect(arena.status()).toEqual({ locked: true, reason: undefined, overflowBytes: 0 });
  arena.allocate(4_096);
  expect(arena.status().overflowBytes).toBe(4_096);
});

test('counts what it gives from ordinary memory once it is full, and takes slots back', () => {
  const arena = new LockedArena(systemLocking(Infinity));
  const slots = Array.from({ length: arenaBytesMax / 32 }, () => arena.allocate(32));
  expect(arena.status().overflowBytes).toBe(0);
  const overflown = arena.allocate(10);
  expect(arena.status().overflowBytes).toBe(10);
  overflown.fill(1);
  arena.release(overflown);
  expect(overflown).toEqual(new Uint8Array(10));
  arena.release(slots[7]!);
  expect(arena.allocate(20).buffer).toBe(slots[0]!.buffer);
  expect(arena.status().overflowBytes).toBe(10);
});

test.each([0, -1, 4_097, 1.5, Number.NaN])('refuses a length of %s', (length) => {
  expect(() => new LockedArena(systemLocking(0)).allocate(length)).toThrow('1 to 4,096');
});

test('no two live slots overlap, and a slot comes zeroed, whatever is released', () => {
  const step = fc.record({ length: fc.integer({ min: 1, max: 4_096 }), release: fc.nat({ max: 12 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
      const arena = new LockedArena(systemLocking(Infinity));
      const live: { slot: Uint8Array; mark: number }[] = [];
      for (const [index, { length, release }] of steps.entries()) {
        const slot = arena.allocate(length);
        expect(slot.every((byte) => byte === 0)).toBe(true);
        const mark = 1 + (index % 255);
        live.push({ slot: slot.fill(mark), mark });
        if (release < live.length) {
          const [gone] = live.splice(release, 1);
          const middle = gone!.slot.subarray(0, gone!.slot.length - 1);
          if (middle.length > 0) arena.release(middle); // A part of a slot frees nothing.
          arena.release(gone!.slot);
          arena.release(gone!.slot); // Twice is once.
        }
      }
      for (const { slot, mark } of live) expect(slot.every((byte) => byte === mark)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
