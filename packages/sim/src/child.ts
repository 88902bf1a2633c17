/**
 * A run in a process of its own: with memory of its own, and with a heap made for work rather than for idling. Started
 * by `start-child.ts` alone, which says what to run and is told how far it came and what came of it.
 */
import { pathToFileURL } from 'node:url';
import { runScenario, type RunResult } from './run.ts';
import { partOf } from './scenario-parts.ts';
import type { ScenarioTable } from './scenarios/all.ts';

export interface ChildRequest {
  /** File of the table in which the scenario stands. */
  table: string;
  scenario: string;
  /** Of a scenario that has parts; undefined: all of it. */
  part: number | undefined;
  peers: number;
  seed: number;
  isTwice: boolean;
}

export type ChildTalk =
  | { kind: 'progress'; done: number; words: string }
  | { kind: 'result'; result: RunResult };

/** A person sees ten changes a second, and telling costs the run time. */
const tellMs = 100;

async function serve(request: ChildRequest): Promise<void> {
  const module: { scenarios?: ScenarioTable } = await import(pathToFileURL(request.table).href);
  const scenario = await module.scenarios?.[request.scenario]?.();
  if (scenario === undefined) throw new RangeError(`${request.table} has no scenario ${request.scenario}`);
  const parent = process.ppid;
  let toldMs = -Infinity;
  const run = request.part === undefined ? scenario : partOf(scenario, request.part);
  const result = await runScenario(run, {
    ...request,
    progress: (done, words) => {
      const nowMs = performance.now();
      if (nowMs - toldMs < tellMs) return;
      toldMs = nowMs;
      // A run that computes hears nothing of a parent that was killed.
      if (process.ppid !== parent) process.exit(1);
      tell({ kind: 'progress', done, words });
    },
  });
  tell({ kind: 'result', result }, () => process.disconnect());
}

function tell(talk: ChildTalk, then: () => void = () => undefined): void {
  // A parent that is gone needs to be told nothing.
  process.send?.(talk, undefined, undefined, () => then());
}

process.once('message', (request: ChildRequest) => {
  serve(request).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.once('disconnect', () => process.exit(0));
