/**
 * Every scenario that has a place in `npm test`, with its fixed seeds, twice each: the same seed must give the same
 * trace, keep every rule and reach every goal. And once with a seed that nobody chose: the rules hold for every seed; the
 * goals are set for a thousand nodes and measured where nothing varies. A failure names the seed, and `SEED=` repeats it.
 */
import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isKept, type RunRequest, runScenario, type RunResult } from '../src/run.ts';
import type { Scenario } from '../src/scenario.ts';
import { scenarios } from '../src/scenarios/all.ts';
import { quantity } from '../src/terminal/words.ts';

const minute = 60_000;
const chosen = process.env['SEED'];
const freshSeed = chosen === undefined ? randomInt(2 ** 32) : Number(chosen);

const known = await Promise.all(Object.values(scenarios).map(async (load) => await load()));
const everyday = known.flatMap((scenario) => {
  const { inTest } = scenario;
  return inTest === undefined ? [] : [{ scenario, name: scenario.name, ...inTest }];
});

async function run(
  scenario: Scenario,
  request: Pick<RunRequest, 'peers' | 'seed' | 'isTwice'>,
): Promise<RunResult> {
  return await runScenario(scenario, { ...request, progress: () => undefined });
}

/** Everything that is wrong with a run, with the way to see it again. */
function problems({ scenario, peers, seed, outcome }: RunResult, judged: 'all' | 'rules' = 'all'): string[] {
  const missed = outcome.figures.filter((figure) => judged === 'all' && !isKept(figure));
  const all = [
    ...outcome.violations.map(({ checker, atMs, detail }) => `${checker} at ${atMs} ms: ${detail}`),
    ...missed.map(
      ({ name, value, unit, goal }) => `${name}: ${quantity(value, unit)}, ${JSON.stringify(goal)}`,
    ),
  ];
  const again = `again: npm run sim -- --scenario ${scenario} --peers ${peers} --seed ${seed}`;
  return all.length === 0 ? [] : [...all.slice(0, 20), again];
}

test('the table names its scenarios as they name themselves', () => {
  expect(known.map(({ name }) => name)).toEqual(Object.keys(scenarios));
  for (const { name, peers, inTest } of known) {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect([peers.min <= peers.default, peers.default <= peers.max], name).toEqual([true, true]);
    if (inTest !== undefined) {
      expect([peers.min <= inTest.peers, inTest.peers <= peers.max], name).toEqual([true, true]);
    }
  }
});

describe.each(everyday)('$name', ({ scenario, peers, seeds }) => {
  test.each(seeds)('seed %i, twice', { timeout: 8 * minute }, async (seed) => {
    const result = await run(scenario, { peers, seed, isTwice: true });
    expect(problems(result)).toEqual([]);
    expect(result.outcome.traceHash).toMatch(/^[0-9a-f]{16,}$/);
    expect(result.outcome.events).toBeGreaterThan(0);
  });

  test(`a seed of the day (SEED=${freshSeed})`, { timeout: 8 * minute }, async () => {
    expect(problems(await run(scenario, { peers, seed: freshSeed, isTwice: false }), 'rules')).toEqual([]);
  });
});
