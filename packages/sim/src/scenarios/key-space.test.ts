/**
 * Goal: the key space does what docs/protocol/key-space.md claims, at sizes that a test can afford; and a run can be
 * replayed. Method: the scenarios themselves, small.
 */
import { expect, test } from 'vitest';
import type { ScenarioOutcome } from '../scenario.ts';
import { keySpace, keySpaceMillion } from './key-space.ts';
import { keySpaceChurn } from './key-space-churn.ts';

function missed({ figures }: ScenarioOutcome): string[] {
  return figures
    .filter(({ value, goal }) => value > (goal?.atMost ?? Infinity) || value < (goal?.atLeast ?? -Infinity))
    .map(({ name, value }) => `${name}: ${value}`);
}

const quiet = { progress: (): void => undefined };

test('a thousand nodes, 30 % of them hostile: all is found, and a run is replayed by its seed', async () => {
  const outcome = await keySpace.run({ peers: 1_000, seed: 1, ...quiet });
  expect(missed(outcome)).toEqual([]);
  expect(outcome.violations).toEqual([]);
  const hashOf = async (seed: number): Promise<string> =>
    (await keySpace.run({ peers: 200, seed, ...quiet })).traceHash;
  const first = await hashOf(1);
  expect(await hashOf(1)).toBe(first);
  expect(await hashOf(2)).not.toBe(first);
});

test('nodes made when they are asked answer as nodes made at the start', async () => {
  const outcome = await keySpaceMillion.run({ peers: 1_000, seed: 1, ...quiet });
  expect(missed(outcome)).toEqual([]);
  expect(outcome.violations).toEqual([]);
});

test('tables fill by themselves among liars, and values outlive half of the nodes', async () => {
  const said: number[] = [];
  const outcome = await keySpaceChurn.run({ peers: 600, seed: 1, progress: (done) => said.push(done) });
  expect(missed(outcome)).toEqual([]);
  expect(outcome.violations).toEqual([]);
  expect(said.length).toBeGreaterThan(10);
  expect(said.every((done) => done >= 0 && done <= 1)).toBe(true);
});
