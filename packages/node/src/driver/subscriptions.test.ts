/** Goal: the invariants of subscriptions.ts, as a watcher of the driver sees them. */
import { KithError } from '@kith/core/base/errors';
import { describe, expect, test } from 'vitest';
import {
  addEvent,
  ask,
  full,
  nothing,
  ok,
  outcome,
  started,
  type Handler,
  type World,
} from '../../test/driver-world.ts';
import { subscriptionsMax } from './subscriptions.ts';

describe('subscriptions', () => {
  const eventOnCommand = (): Handler => {
    let seq = 0;
    return (input) => (input.type === 'command' ? [...addEvent(++seq), ok(input.request)] : []);
  };
  const happen = async (world: World, count: number): Promise<void> => {
    const asked = Array.from({ length: count }, () => outcome(world.driver.execute('contacts', {})));
    world.clock.drain();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['done']));
  };
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);

  test('from any seq on: stored, then live, none twice and none left out', async () => {
    const world = await started(eventOnCommand());
    await happen(world, 1_000);
    const heard: Record<string, number[]> = { all: [], some: [], none: [], later: [] };
    world.driver.subscribe(0, (row) => {
      heard['all']?.push(row.seq);
      // Joins in the middle of being told, and while new events come in.
      if (row.seq === 300) world.driver.subscribe(299, (each) => heard['later']?.push(each.seq));
      if (row.seq === 200) void outcome(world.driver.execute('contacts', {}));
    });
    world.driver.subscribe(990, (row) => heard['some']?.push(row.seq));
    const end = world.driver.subscribe(0, (row) => heard['none']?.push(row.seq));
    end();
    end();
    expect(heard['all']).toEqual([]); // Never before `subscribe` returned.
    world.clock.drain();
    await happen(world, 500);
    expect(heard['all']).toEqual(range(1, 1_501));
    expect(heard['some']).toEqual(range(991, 1_501));
    expect(heard['later']).toEqual(range(300, 1_501));
    expect(heard['none']).toEqual([]);
  });

  test('nothing is heard of a batch that failed', async () => {
    const world = await started(eventOnCommand());
    const heard: number[] = [];
    world.driver.subscribe(0, (row) => heard.push(row.seq));
    world.commitFaults = [full];
    await ask(world);
    expect(heard).toEqual([]);
    expect(world.driver.lastEventSeq()).toBe(0);
  });

  test('a listener that throws is told no more; others are', async () => {
    const world = await started(eventOnCommand());
    const heard: number[] = [];
    world.driver.subscribe(0, () => {
      throw new Error('planted');
    });
    world.driver.subscribe(0, (row) => heard.push(row.seq));
    await happen(world, 3);
    expect(heard).toEqual([1, 2, 3]);
    expect(world.trace.filter((line) => line === 'log subscription-ended')).toHaveLength(1);
  });

  test('watchers are bounded', async () => {
    const world = await started(nothing);
    const ends = range(1, subscriptionsMax).map(() => world.driver.subscribe(0, () => undefined));
    expect(() => world.driver.subscribe(0, () => undefined)).toThrow(KithError);
    ends[0]?.();
    world.driver.subscribe(0, () => undefined);
  });
});
