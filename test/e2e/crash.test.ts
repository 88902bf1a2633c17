/** kill -9 and power cuts, in the length of an everyday run; `npm run test:long` does many more. */
import { expect, test } from 'vitest';
import { skipAloud } from '../skip.ts';
import { seedOfRun } from './chance.ts';
import { killRounds } from './kill-rounds.ts';
import { powerCuts, powerCutsUnable } from './power-cuts.ts';

test('10 rounds of kill -9 on both sides lose nothing confirmed and show nothing twice', async () => {
  const result = await killRounds(10, seedOfRun());
  console.log('kill -9:', result);
  expect(result).toMatchObject({ rounds: 10, lost: 0, twice: 0 });
  expect(result.killed).toBeGreaterThanOrEqual(20);
  expect(result.confirmed).toBeGreaterThan(50);
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
