/** 200 rounds of kill -9 on both sides, ten a step; each step is two people of its own. */
import { killRounds } from '../e2e/kill-rounds.ts';
import type { LongPart } from './part.ts';

export const part: LongPart = {
  about: 'kill -9 at random moments on both sides: nothing confirmed is lost, nothing stands twice',
  steps: 20,
  step: async (index) => ({ ...(await killRounds(10, index)) }),
};
