/**
 * What a scenario is: a story told to a world of nodes, and what is judged of it. Scenarios stand in `scenarios/`,
 * checkers apart from them in `checkers/`; `scenarios/all.ts` is the table of them. How to write one: docs/simulator.md.
 */

/** What a person or a script asked for. */
export interface ScenarioRequest {
  /** Nodes; each scenario has a default and bounds. */
  peers: number;
  /** An unsigned 32-bit number: the only source of chance. */
  seed: number;
  /** Said now and then while it runs: `done` in [0, 1], and what happens, in a few words. */
  progress(done: number, words: string): void;
}

/** A rule of the protocol that did not hold. */
export interface Violation {
  /** The checker that found it. */
  checker: string;
  /** Virtual milliseconds since the start. */
  atMs: number;
  /** One sentence: who, what, how much. */
  detail: string;
}

/** What became of a node, as it is drawn. */
export type NodeState = 'up' | 'down' | 'hostile' | 'reached' | 'parted';

/** How the overlay and one message looked at a moment, for the report. Best four to twenty a run. */
export interface Snapshot {
  /** Virtual milliseconds since the start. */
  atMs: number;
  /** What has just happened, in a few words: `after 80 % were killed`. */
  words: string;
  /**
   * One entry a drawn node (at most 2,000): what became of it, and the ids of those it is linked to. `group` is what it
   * stands beside in the drawing (its region, its side of a partition, its subnet).
   */
  nodes: { id: number; state: NodeState; links: number[]; group?: number }[];
}

export interface Figure {
  /** In words, lower case, unlike any other of the scenario: `time to 99 %`. In JSON it becomes `timeTo99Percent`. */
  name: string;
  value: number;
  /** `ms`, `bytes`, `hops`, `nodes` …; `share` is a number in [0, 1], shown in percent; empty for a bare number. */
  unit: string;
  /** What must hold; undefined where the figure is only stated. A figure that misses its goal is no violation of a
   * checker, but the run is not ok. */
  goal: { atMost?: number; atLeast?: number } | undefined;
}

export interface ScenarioOutcome {
  /** Hash over every event of the run, in hex: equal for equal seed, peers and code. */
  traceHash: string;
  /** Events handled by real protocol code. */
  events: number;
  /** Virtual milliseconds that passed. */
  virtualMs: number;
  violations: Violation[];
  figures: Figure[];
  snapshots: Snapshot[];
  /** When each node got the followed message, virtual ms since it was sent, by node, and from which node (undefined: its
   * author); for the drawing of its spread. */
  spread: { node: number; from: number | undefined; atMs: number }[];
}

/** The parts of a scenario that tells of several worlds: scenario-parts.ts. */
export interface ScenarioParts {
  /** How many a run with so many peers has, at least 1. */
  count(peers: number): number;
  /** @param part - from 0. Its figures are for `join`; one that misses a goal is run again when all are asked for again. */
  run(request: ScenarioRequest, part: number): Promise<ScenarioOutcome>;
  /** @param outcomes - of all parts, in their order. */
  join(
    outcomes: readonly ScenarioOutcome[],
    request: Pick<ScenarioRequest, 'peers' | 'seed'>,
  ): ScenarioOutcome;
}

export interface Scenario {
  name: string;
  /** One line for people. */
  summary: string;
  peers: { default: number; min: number; max: number };
  /** In `npm test`, with which numbers of peers and seeds; undefined for the long run alone. */
  inTest: { peers: number; seeds: number[] } | undefined;
  /** Memory of a run with the default number of peers at its worst, so that no two runs fill the machine; 1,024 unless
   * said. */
  megabytes?: number;
  run(request: ScenarioRequest): Promise<ScenarioOutcome>;
  /** Where it has some, `run` gives what joining them gives. */
  parts?: ScenarioParts;
}
