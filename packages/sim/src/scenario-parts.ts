/**
 * Scenarios of several worlds that know nothing of each other. Each part may have a process of its own, so that both
 * cores work for it and what passed need not be run again; the outcome is the same.
 */
import type { Scenario, ScenarioOutcome, ScenarioParts, ScenarioRequest } from './scenario.ts';

/** All parts in this process, one after the other: what `run` of such a scenario does. */
export async function runParts(parts: ScenarioParts, request: ScenarioRequest): Promise<ScenarioOutcome> {
  const count = parts.count(request.peers);
  const outcomes: ScenarioOutcome[] = [];
  for (let part = 0; part < count; part++) {
    const progress = (done: number, words: string): void => request.progress((part + done) / count, words);
    outcomes.push(await parts.run({ ...request, progress }, part));
  }
  return parts.join(outcomes, request);
}

/** A scenario that is one part of another. */
export function partOf(scenario: Scenario, part: number): Scenario {
  const { parts } = scenario;
  if (parts === undefined) return scenario;
  return { ...scenario, run: async (request) => await parts.run(request, part) };
}

/** What most scenarios make of their parts: all that each found, in order. */
export function together(outcomes: readonly ScenarioOutcome[]): ScenarioOutcome {
  return {
    traceHash: outcomes.map(({ traceHash }) => traceHash).join(''),
    events: outcomes.reduce((sum, { events }) => sum + events, 0),
    virtualMs: outcomes.reduce((sum, { virtualMs }) => sum + virtualMs, 0),
    violations: outcomes.flatMap(({ violations }) => violations),
    figures: outcomes.flatMap(({ figures }) => figures),
    snapshots: outcomes.flatMap(({ snapshots }) => snapshots),
    spread: outcomes.find(({ spread }) => spread.length > 0)?.spread ?? [],
  };
}
