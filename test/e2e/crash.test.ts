/** kill -9 and power cuts, in the length of an everyday run; `npm run test:long` does many more. */
import { expect, test } from 'vitest';
import { skipAloud } from '../skip.ts';
import { seedOfRun } from './chance.ts';
import { killRounds } from './kill-rounds.ts';
import { createStage } from './node-process.ts';
import { powerCuts, powerCutsUnable } from './power-cuts.ts';
import { accountFor, promiseOf } from './traffic.ts';

test('the account notices what was lost, what stands twice and what nobody wrote', () => {
  const stage = createStage();
  const promised = promiseOf(stage.home('ann'), stage.home('ben'));
  promised.confirmed.set('1', 'first').set('2', 'second');
  promised.begun = new Set(['first', 'second', 'never confirmed']);
  const good = { confirmed: 2, lost: [], twice: [], strange: [] };
  expect(accountFor(promised, ['second', 'first'])).toEqual(good);
  expect(accountFor(promised, ['second', 'first', 'never confirmed'])).toEqual(good);
  expect(accountFor(promised, ['first'])).toEqual({ ...good, lost: ['second'] });
  expect(accountFor(promised, ['first', 'second', 'first'])).toEqual({ ...good, twice: ['first'] });
  expect(accountFor(promised, ['first', 'second', 'third'])).toEqual({ ...good, strange: ['third'] });
});

test('10 rounds of kill -9 on both sides lose nothing confirmed and show nothing twice', async () => {
  const result = await killRounds(10, seedOfRun());
  console.log('kill -9:', result);
  expect(result).toMatchObject({ rounds: 10, lost: 0, twice: 0 });
  expect(result.killed).toBeGreaterThanOrEqual(20);
  expect(result.confirmed).toBeGreaterThan(50);
  expect(result.arrivedMeanwhile).toBeGreaterThan(0);
});

const unable = powerCutsUnable();
if (unable === undefined) {
  test('2 power cuts lose nothing confirmed and show nothing twice', async () => {
    const result = await powerCuts({ cuts: 2, seed: seedOfRun(), plant: false });
    console.log('power cuts:', result);
    expect(result).toMatchObject({ cuts: 2, lost: 0, twice: 0 });
    expect(result.confirmed).toBeGreaterThan(50);
  });

  test('the same cut shows a loss where commits do not wait for the disk', async () => {
    const result = await powerCuts({ cuts: 1, seed: seedOfRun(), plant: true });
    expect(result.lost).toBeGreaterThan(0);
  });
} else {
  skipAloud('power cuts by block image', unable);
}
