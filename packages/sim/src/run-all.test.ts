/** Goal: parts are run beside each other, what passed is not run again, and the result is that of one run. */
import { expect, test } from 'vitest';
import { type AllRuns, runAll, type Unit } from './run-all.ts';
import { brokenResult, runScenario, type RunResult } from './run.ts';
import type { Figure, Scenario, ScenarioOutcome, ScenarioParts } from './scenario.ts';
import { partOf, runParts, together } from './scenario-parts.ts';

const progress = (): void => undefined;
const nothing = { events: 1, virtualMs: 10, violations: [], snapshots: [], spread: [] };

/** Three worlds, of which the last breaks a rule while `isBroken()`. */
function worlds(isBroken: () => boolean = () => false): Scenario {
  const parts: ScenarioParts = {
    count: (peers) => peers / 10,
    run: async ({ seed }, part): Promise<ScenarioOutcome> => {
      const violations = part === 2 && isBroken() ? [{ checker: 'rule', atMs: 1, detail: 'broken' }] : [];
      const figure: Figure = { name: `part ${part}`, value: part, unit: '', goal: undefined };
      return await Promise.resolve({
        ...nothing,
        violations,
        traceHash: `${seed}${part}`,
        figures: [figure],
      });
    },
    join: (outcomes) => together(outcomes),
  };
  return {
    name: 'worlds',
    summary: '',
    peers: { default: 30, min: 10, max: 100 },
    inTest: undefined,
    parts,
    run: async (request) => await runParts(parts, request),
  };
}

function memory(): NonNullable<AllRuns['remembered']> & { names: () => string[] } {
  const kept = new Map<string, RunResult>();
  return {
    recall: (name) => kept.get(name),
    keep: (name, result) => void (result.ok && kept.set(name, result)),
    names: () => [...kept.keys()],
  };
}

async function live(
  scenario: Scenario,
  remembered: AllRuns['remembered'],
  start?: AllRuns['start'],
): Promise<{ result: RunResult; ran: (number | undefined)[]; atOnce: number; told: boolean[] }> {
  const ran: (number | undefined)[] = [];
  const told: boolean[] = [];
  let [now, atOnce] = [0, 0];
  const here = async ({ part, peers }: Unit): Promise<RunResult> => {
    const one = part === undefined ? scenario : partOf(scenario, part);
    return await runScenario(one, { peers, seed: 7, isTwice: true, progress });
  };
  const [result] = await runAll({
    scenarios: [{ scenario, peers: 30, seed: 7 }],
    machine: { cores: 2, spareMegabytes: () => 10_000 },
    remembered,
    start: async (unit) => {
      ran.push(unit.part);
      atOnce = Math.max(atOnce, ++now);
      const done = await (start ?? here)(unit);
      now--;
      return done;
    },
    onResult: (_, isRecalled) => told.push(isRecalled),
  });
  return { result: result!, ran, atOnce, told };
}

test('parts in processes of their own come to what they come to in one', async () => {
  const scenario = worlds();
  const { result, ran, atOnce, told } = await live(scenario, undefined);
  const alone = await runScenario(scenario, { peers: 30, seed: 7, isTwice: false, progress });
  expect(result.outcome).toEqual(alone.outcome);
  expect(result.outcome.traceHash).toBe('707172');
  expect([ran, atOnce, told, result.ok, result.peers, result.seed]).toEqual([
    [0, 1, 2],
    2,
    [false],
    true,
    30,
    7,
  ]);
});

test('of a scenario that failed, only the parts that did not pass are run again', async () => {
  let isBroken = true;
  const scenario = worlds(() => isBroken);
  const remembered = memory();
  const first = await live(scenario, remembered);
  expect([first.result.ok, remembered.names()]).toEqual([false, ['worlds.0', 'worlds.1']]);
  isBroken = false;
  const second = await live(scenario, remembered);
  expect([second.ran, second.result.ok, second.told]).toEqual([[2], true, [false]]);
  const third = await live(scenario, remembered);
  expect([third.ran, third.result.ok, third.told]).toEqual([[], true, [true]]);
});

test('a part that breaks off is a run that broke off', async () => {
  const scenario = worlds();
  const { result } = await live(scenario, undefined, async ({ part, peers }) => {
    if (part === 1) return brokenResult(scenario, { peers, seed: 7 }, 'no power');
    return await runScenario(partOf(scenario, part!), { peers, seed: 7, isTwice: false, progress });
  });
  expect([result.ok, result.outcome.traceHash]).toEqual([false, '']);
  expect(result.outcome.violations[0]?.detail).toBe('The run broke off: no power');
});
