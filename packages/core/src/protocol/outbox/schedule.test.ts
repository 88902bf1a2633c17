/** Goal: the schedule agrees with a plain list after any sequence of puts, moves and removals. */
import fc from 'fast-check';
import { test } from 'vitest';
import { invariant } from '../../base/invariant.ts';
import { Schedule, type Scheduled } from './schedule.ts';

const step = fc.record({
  entry: fc.nat(63),
  dueMs: fc.oneof({ weight: 5, arbitrary: fc.nat(50) }, { weight: 1, arbitrary: fc.constant(Infinity) }),
  remove: fc.integer({ min: 0, max: 3 }).map((die) => die === 0),
});

test('the first entry is one that is due first, and none is lost or left behind', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 300 }), (steps) => {
      const schedule = new Schedule<Scheduled>();
      const entries = Array.from({ length: 64 }, (): Scheduled => ({ dueMs: Infinity, place: -1 }));
      const model = new Map<Scheduled, number>();
      for (const { entry: number, dueMs, remove } of steps) {
        const entry = entries[number]!;
        if (remove) schedule.remove(entry);
        else schedule.set(entry, dueMs);
        if (remove || dueMs === Infinity) model.delete(entry);
        else model.set(entry, dueMs);
        const first = schedule.first();
        invariant(schedule.size === model.size, 'holds what the model holds');
        invariant((first?.dueMs ?? Infinity) === Math.min(...model.values()), 'the first is due first');
        invariant(first === undefined || model.has(first), 'a removed entry does not come back');
      }
      for (let first = schedule.first(); first !== undefined; first = schedule.first()) {
        invariant(first.dueMs === Math.min(...model.values()), 'they leave in order');
        schedule.remove(first);
        model.delete(first);
      }
      invariant(model.size === 0, 'all leave');
    }),
    { numRuns: 500, verbose: true },
  );
});
