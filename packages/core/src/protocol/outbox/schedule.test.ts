/** Goal: the schedule agrees with a plain list after any sequence of puts, moves and removals. */
import fc from 'fast-check';
import { test } from 'vitest';
import { invariant } from '../../base/invariant.ts';
import { Schedule, type Scheduled } from './schedule.ts';

const step = fc.record({
  entry: fc.nat(19),
  dueMs: fc.oneof({ weight: 5, arbitrary: fc.nat(50) }, { weight: 1, arbitrary: fc.constant(Infinity) }),
  remove: fc.boolean(),
});

test('the first entry is one that is due first, and none is lost or left behind', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const schedule = new Schedule<Scheduled>();
      const entries = Array.from({ length: 20 }, (): Scheduled => ({ dueMs: Infinity, place: -1 }));
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
    }),
    { numRuns: 1_000, verbose: true },
  );
});
