/** 20 power cuts by block image, four a step; each step is two people of its own. */
import { powerCuts, powerCutsUnable } from '../e2e/power-cuts.ts';
import type { LongPart } from './part.ts';

export const part: LongPart = {
  about: 'power cut at random moments: nothing confirmed is lost, nothing stands twice',
  steps: 5,
  unable: powerCutsUnable,
  step: async (index) => {
    const result = await powerCuts({ cuts: 4, seed: index, plant: false });
    if (result.lost + result.twice > 0) throw new Error(`promises were broken: ${JSON.stringify(result)}`);
    return { ...result };
  },
};
