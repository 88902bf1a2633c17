/** Goal: tasks come in order of time, then of planning, also among many that were called off. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Agenda, type Task } from './agenda.ts';

class Named implements Task {
  isOff = false;
  readonly name: number;
  constructor(name: number) {
    this.name = name;
  }
  run(): void {}
}

const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('add' as const), atMs: fc.integer({ min: 0, max: 50 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('off' as const), which: fc.nat(400) }) },
);

test('it answers as a sorted list does', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 400 }), (acts) => {
      const agenda = new Agenda();
      let model: { atMs: number; task: Named }[] = [];
      const all: Named[] = [];
      for (const each of acts) {
        if (each.do === 'add') {
          const task = new Named(all.length);
          all.push(task);
          agenda.add(each.atMs, task);
          model = [...model, { atMs: each.atMs, task }].toSorted(
            (a, b) => a.atMs - b.atMs || a.task.name - b.task.name,
          );
        } else if (each.do === 'off') {
          const task = all[each.which];
          if (task === undefined) continue;
          agenda.callOff(task);
          model = model.filter((one) => one.task !== task);
        } else {
          expect(agenda.nextMs).toBe(model[0]?.atMs ?? Infinity);
          expect(agenda.take()).toBe(model.shift()?.task);
        }
      }
      while (model.length > 0) expect(agenda.take()).toBe(model.shift()?.task);
      expect(agenda.take()).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test('what was called off does not pile up', () => {
  const agenda = new Agenda();
  const kept = new Named(-1);
  agenda.add(1_000_000, kept);
  for (let index = 0; index < 100_000; index++) {
    const task = new Named(index);
    agenda.add(10 + (index % 977), task);
    agenda.callOff(task);
  }
  expect(agenda.size).toBeLessThan(10_000);
  expect(agenda.take()).toBe(kept);
});
