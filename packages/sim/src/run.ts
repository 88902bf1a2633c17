/** Runs one scenario in this process, and judges what came of it. */
import type { Figure, Scenario, ScenarioOutcome, ScenarioRequest, Violation } from './scenario.ts';

/** What came of one run: all that a summary, the JSON line and the report are made of. */
export interface RunResult {
  scenario: string;
  /** The scenario's one line for people. */
  summary: string;
  peers: number;
  seed: number;
  /** No rule broken and no goal missed. */
  ok: boolean;
  outcome: ScenarioOutcome;
  /** Real time, time of processors and memory that the run took, of all parts together or of the largest. Not part of the
   * JSON line: they belong to the machine. */
  wallMs: number;
  cpuMs: number;
  residentBytes: number;
}

export interface RunRequest extends ScenarioRequest {
  /** Run it twice and compare the trace hashes: one that differs is a violation of the checker `replay`. */
  isTwice: boolean;
}

/** The outcome of a run that did not come to its end. The empty hash says that there is none. */
function brokenOff(why: string): ScenarioOutcome {
  const violations = [{ checker: 'run', atMs: 0, detail: `The run broke off: ${why}` }];
  return { traceHash: '', events: 0, virtualMs: 0, violations, figures: [], snapshots: [], spread: [] };
}

/** The result of a run that ended without an outcome, in this process or in another. */
export function brokenResult(
  scenario: Pick<Scenario, 'name' | 'summary'>,
  request: Pick<ScenarioRequest, 'peers' | 'seed'>,
  why: string,
): RunResult {
  const { peers, seed } = request;
  const outcome = brokenOff(why);
  const { name, summary } = scenario;
  return { scenario: name, summary, peers, seed, ok: false, outcome, wallMs: 0, cpuMs: 0, residentBytes: 0 };
}

/** What came of all parts of a scenario, as one result. Times are sums: parts may run beside each other. */
export function joinedResult(
  scenario: Scenario,
  request: Pick<ScenarioRequest, 'peers' | 'seed'>,
  results: readonly RunResult[],
): RunResult {
  const { name, summary, parts } = scenario;
  const broken = results.find(({ outcome }) => outcome.traceHash === '');
  // A part that broke off has nothing that could be joined.
  const outcome =
    broken?.outcome ??
    parts!.join(
      results.map((result) => result.outcome),
      request,
    );
  const ok = outcome.violations.length === 0 && outcome.figures.every(isKept);
  const sum = (of: (result: RunResult) => number): number => results.reduce((all, each) => all + of(each), 0);
  return {
    scenario: name,
    summary,
    ...request,
    ok,
    outcome,
    wallMs: sum(({ wallMs }) => wallMs),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    residentBytes: Math.max(...results.map(({ residentBytes }) => residentBytes)),
  };
}

/** Whether a figure keeps its goal. One without a goal does; one that is no number does not. */
export function isKept({ value, goal }: Figure): boolean {
  if (goal === undefined) return true;
  return value <= (goal.atMost ?? Infinity) && value >= (goal.atLeast ?? -Infinity);
}

/**
 * Runs a scenario. Never rejects: what a scenario throws is a violation of the checker `run`.
 *
 * @param request - `peers` within the scenario's bounds, `seed` an unsigned 32-bit number.
 */
export async function runScenario(scenario: Scenario, request: RunRequest): Promise<RunResult> {
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  const { peers, seed, isTwice } = request;
  const tell = (done: number, words: string, offset: number): void =>
    request.progress(isTwice ? (done + offset) / 2 : done, words);
  const once = async (offset: number): Promise<ScenarioOutcome> =>
    await attempt(scenario, { peers, seed, progress: (done, words) => tell(done, words, offset) });
  const outcome = await once(0);
  if (isTwice) {
    const difference = differenceOf(outcome, await once(1));
    if (difference !== undefined) outcome.violations.push(difference);
  }
  const ok = outcome.violations.length === 0 && outcome.figures.every(isKept);
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(startCpu);
  const cpuMs = (user + system) / 1_000;
  const residentBytes = process.resourceUsage().maxRSS * 1_024;
  const { name, summary } = scenario;
  return { scenario: name, summary, peers, seed, ok, outcome, wallMs, cpuMs, residentBytes };
}

async function attempt(scenario: Scenario, request: ScenarioRequest): Promise<ScenarioOutcome> {
  try {
    return await scenario.run(request);
  } catch (error) {
    return brokenOff(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function differenceOf(first: ScenarioOutcome, second: ScenarioOutcome): Violation | undefined {
  if (first.traceHash === second.traceHash) return undefined;
  const detail = `The same seed gave two traces: ${first.traceHash || 'none'} and ${second.traceHash || 'none'}.`;
  return { checker: 'replay', atMs: Math.round(Math.min(first.virtualMs, second.virtualMs)), detail };
}

/** What `--json` prints of a run, one object a line. */
export interface JsonSummary {
  scenario: string;
  peers: number;
  seed: number;
  /** Null when the run broke off. */
  traceHash: string | null;
  ok: boolean;
  violations: Violation[];
  /** By name in camelCase. */
  figures: Record<string, { value: number; unit: string; goal: Figure['goal'] | null; ok: boolean }>;
}

export function jsonSummary(result: RunResult): JsonSummary {
  const { scenario, peers, seed, ok, outcome } = result;
  const figures = outcome.figures.map((figure) => {
    const { name, value, unit, goal } = figure;
    return [figureKey(name), { value, unit, goal: goal ?? null, ok: isKept(figure) }];
  });
  const traceHash = outcome.traceHash === '' ? null : outcome.traceHash;
  const { violations } = outcome;
  return { scenario, peers, seed, traceHash, ok, violations, figures: Object.fromEntries(figures) };
}

/** `time to 99 %` as a key: `timeTo99Percent`. */
export function figureKey(name: string): string {
  const words = name.replaceAll('%', ' percent ').match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .map((word, index) => (index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}
