/**
 * Runs many scenarios, each in a process of its own, or its parts each in one, as many at a time as cores and memory
 * allow.
 */
import { availableParallelism } from 'node:os';
import type { Remembered } from './remembered.ts';
import { joinedResult, type RunResult } from './run.ts';
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

/** What has a process of its own. */
export interface Unit {
  scenario: Scenario;
  peers: number;
  /** Undefined: all of it. */
  part: number | undefined;
}

export interface AllRuns {
  scenarios: readonly { scenario: Scenario; peers: number; seed: number }[];
  machine: Machine;
  /** Undefined: nothing is. */
  remembered: Pick<Remembered, 'recall' | 'keep'> | undefined;
  start(unit: Unit): Promise<RunResult>;
  /** Told of each scenario once, in the order in which they end; `isRecalled`: nothing of it was run again. */
  onResult(result: RunResult, isRecalled: boolean): void;
}

/**
 * Runs every scenario whose result is not remembered. What needs more memory than there is runs alone.
 *
 * @returns the results in the order of the scenarios.
 */
export async function runAll(runs: AllRuns): Promise<RunResult[]> {
  const stories = runs.scenarios.map((each) => new Story(each));
  const waiting: { story: Story; unit: Unit }[] = [];
  const take = (story: Story, unit: Unit, result: RunResult): void => {
    if (story.take(unit, result)) runs.onResult(story.result(), story.isRecalled);
  };
  for (const story of stories) {
    for (const unit of story.units) {
      const known = runs.remembered?.recall(nameOf(unit));
      if (known === undefined) {
        story.isRecalled = false;
        waiting.push({ story, unit });
      } else take(story, unit, known);
    }
  }
  const budget = runs.machine.spareMegabytes() * shareOfMemory;
  const running = new Map<Unit, Promise<void>>();
  const next = (): { story: Story; unit: Unit } | undefined => {
    if (running.size >= Math.min(atOnceMax, runs.machine.cores)) return undefined;
    const used = [...running.keys()].reduce((sum, unit) => sum + megabytesOf(unit), 0);
    const at = waiting.findIndex(({ unit }) => running.size === 0 || used + megabytesOf(unit) <= budget);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  for (;;) {
    for (let started = next(); started !== undefined; started = next()) {
      const { story, unit } = started;
      const run = runs.start(unit).then((result) => {
        runs.remembered?.keep(nameOf(unit), result);
        running.delete(unit);
        take(story, unit, result);
      });
      running.set(unit, run);
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  return stories.map((story) => story.result());
}

/** One scenario, until all its units have ended. */
class Story {
  readonly units: readonly Unit[];
  isRecalled = true;
  readonly #results = new Map<number, RunResult>();
  readonly #seed: number;

  constructor({ scenario, peers, seed }: { scenario: Scenario; peers: number; seed: number }) {
    const count = scenario.parts?.count(peers);
    this.#seed = seed;
    this.units =
      count === undefined
        ? [{ scenario, peers, part: undefined }]
        : Array.from({ length: count }, (_, part) => ({ scenario, peers, part }));
  }

  /** @returns whether it was the last. */
  take({ part }: Unit, result: RunResult): boolean {
    this.#results.set(part ?? 0, result);
    return this.#results.size === this.units.length;
  }

  result(): RunResult {
    const results = this.units.map((_, index) => this.#results.get(index)!);
    const { scenario, peers, part } = this.units[0]!;
    return part === undefined ? results[0]! : joinedResult(scenario, { peers, seed: this.#seed }, results);
  }
}

/** What a result is remembered by. */
function nameOf({ scenario, part }: Unit): string {
  return part === undefined ? scenario.name : `${scenario.name}.${part}`;
}

function megabytesOf({ scenario }: Unit): number {
  return scenario.megabytes ?? megabytesDefault;
}
