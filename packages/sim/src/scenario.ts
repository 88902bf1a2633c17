/**
 * What a scenario is: a story told to a world of nodes, and what is judged of it. Scenarios stand in `scenarios/`,
 * checkers apart from them in `checkers/`; `scenarios/all.ts` is the table of them.
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

/** How the overlay and one message looked at a moment, for the report. */
export interface Snapshot {
  /** Virtual milliseconds since the start. */
  atMs: number;
  words: string;
  /** One entry a drawn node (at most 2,000): its group for colour, and what became of it. */
  nodes: { id: number; state: 'up' | 'down' | 'hostile' | 'reached' | 'parted'; links: number[] }[];
}

export interface Figure {
  name: string;
  value: number;
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
  /** When each node got the followed message, virtual ms since it was sent, by node; for the drawing of its spread. */
  spread: { node: number; from: number | undefined; atMs: number }[];
}

export interface Scenario {
  name: string;
  /** One line for people. */
  summary: string;
  peers: { default: number; min: number; max: number };
  /** In `npm test`, with which numbers of peers and seeds; undefined for the long run alone. */
  inTest: { peers: number; seeds: number[] } | undefined;
  run(request: ScenarioRequest): Promise<ScenarioOutcome>;
}
