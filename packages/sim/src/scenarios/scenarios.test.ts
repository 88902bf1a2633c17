/** Goal: the scenarios for `npm test` pass, and replay to the same trace. */
import { expect, test } from 'vitest';
import { crash } from './crash.ts';
import { hostileBytes } from './hostile-bytes.ts';
import { partitionAndHeal } from './partition-and-heal.ts';

test.each([partitionAndHeal, crash, hostileBytes])('$name holds and replays', async (scenario) => {
  const [seed = 1] = scenario.inTest?.seeds ?? [];
  const peers = scenario.inTest?.peers ?? scenario.peers.min;
  const outcomes = [1, 2].map(() => scenario.run({ peers, seed, progress: () => undefined }));
  const [first, second] = await Promise.all(outcomes);
  expect(first?.violations).toEqual([]);
  expect(second?.traceHash).toBe(first?.traceHash);
});
