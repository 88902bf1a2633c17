/** Runs many scenarios, each in a process of its own, as many at a time as cores and memory allow. */
import { availableParallelism } from 'node:os';
import type { Remembered } from './remembered.ts';
import type { RunResult } from './run.ts';
import type { Scenario } from './scenario.ts';

/** Two keep two cores busy; more would share the caches and finish no sooner. */
const atOnceMax = 2;
const megabytesDefault = 1_024;
/** Left to the rest of the machine. */
const shareOfMemory = 0.8;

export interface Machine {
  cores: number;
  /** Memory that can be had now, what runs already not counted. */
  spareMegabytes(): number;
}

/** What the machine says of itself now. */
export function thisMachine(spareMegabytes: () => number): Machine {
  return { cores: availableParallelism(), spareMegabytes };
}

export interface AllRuns {
  scenarios: readonly Scenario[];
  machine: Machine;
  remembered: Pick<Remembered, 'recall' | 'keep'>;
  start(scenario: Scenario): Promise<RunResult>;
  /** Told of each result once, in the order in which they come; `isRecalled`: it was not run again. */
  onResult(result: RunResult, isRecalled: boolean): void;
}

/**
 * Runs every scenario whose result is not remembered. A scenario that needs more memory than there is runs alone.
 *
 * @returns the results in the order of the scenarios.
 */
export async function runAll(runs: AllRuns): Promise<RunResult[]> {
  const { scenarios, machine, remembered } = runs;
  const results = new Map<string, RunResult>();
  const waiting: Scenario[] = [];
  for (const scenario of scenarios) {
    const known = remembered.recall(scenario.name);
    if (known === undefined) waiting.push(scenario);
    else {
      results.set(scenario.name, known);
      runs.onResult(known, true);
    }
  }
  const budget = machine.spareMegabytes() * shareOfMemory;
  const running = new Map<Scenario, Promise<void>>();
  const used = (): number => [...running.keys()].reduce((sum, scenario) => sum + megabytesOf(scenario), 0);
  const next = (): Scenario | undefined => {
    if (running.size >= Math.min(atOnceMax, machine.cores)) return undefined;
    const fits = (scenario: Scenario): boolean =>
      running.size === 0 || used() + megabytesOf(scenario) <= budget;
    const at = waiting.findIndex(fits);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  for (;;) {
    for (let scenario = next(); scenario !== undefined; scenario = next()) {
      const started = scenario;
      const run = runs.start(started).then((result) => {
        remembered.keep(result);
        results.set(started.name, result);
        running.delete(started);
        runs.onResult(result, false);
      });
      running.set(started, run);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  return scenarios.flatMap(({ name }) => results.get(name) ?? []);
}

function megabytesOf({ megabytes }: Scenario): number {
  return megabytes ?? megabytesDefault;
}
