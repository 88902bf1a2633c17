/**
 * What a benchmark is. Each stands in `bench/NAME.ts` and exports itself as `bench`; `npm run bench -- NAME` runs it.
 *
 * A shared machine's absolute figures swing by ten; ratios hold. So a round measures its floor (the least that the
 * machine could do for the same work, a program in `bench/floors/`) beside the product, and a goal usually compares
 * the two within a round.
 */

/** What one round measured. The unit stands last in each name: `messagesPerSecond`, `readyMs`, `residentMegabytes`. */
export interface Round {
  figures: Record<string, number>;
  floors: Record<string, number>;
}

export interface Goal {
  /** For people, with its source: `times the floor's latency (docs/benchmarks.md: at most 3)`. */
  what: string;
  /** Computed for every round; the median of them is compared. */
  value: (round: Round) => number;
  /** `atLeast`: the value must reach the limit. `atMost`: it must not exceed it. */
  sense: 'atLeast' | 'atMost';
  limit: number;
}

/** What a person who starts a node still calls at once. */
const atOnceMs = 2_000;

/** @param name - of the figure, in ms. */
export function within2s(what: string, name: string): Goal {
  return {
    what: `ms: ${what} (at most ${atOnceMs})`,
    value: ({ figures }) => figures[name] ?? Number.NaN,
    sense: 'atMost',
    limit: atOnceMs,
  };
}

export interface Bench {
  /** One line: what is measured, and under which conditions. */
  about: string;
  goals: readonly Goal[];
  /** One round, product and floor. Cleans up after itself, also when it throws. */
  run: () => Promise<Round>;
}

export interface Verdict {
  what: string;
  value: number;
  limit: number;
  ok: boolean;
}

export interface Measured {
  /** Medians over the rounds. */
  figures: Record<string, number>;
  floors: Record<string, number>;
  goals: Verdict[];
}

/** An odd number has a middle; five bear one round on either side that something else disturbed. */
export const roundsOfBench = 5;

/**
 * Runs the benchmark and judges it.
 *
 * @throws whatever a round throws, and when a round names other figures than the first, or one that is no number
 */
export async function measure(bench: Bench): Promise<Measured> {
  const rounds: Round[] = [];
  for (let index = 0; index < roundsOfBench; index += 1) rounds.push(await bench.run());
  const goals = bench.goals.map(({ what, value, sense, limit }) => {
    const middle = median(what, rounds.map(value));
    return {
      what,
      value: rounded(middle),
      limit,
      ok: sense === 'atLeast' ? middle >= limit : middle <= limit,
    };
  });
  return {
    figures: medians(rounds.map((round) => round.figures)),
    floors: medians(rounds.map((round) => round.floors)),
    goals,
  };
}

function medians(records: readonly Record<string, number>[]): Record<string, number> {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      rounded(
        median(
          name,
          records.map((record) => record[name] ?? Number.NaN),
        ),
      ),
    ]),
  );
}

function median(name: string, values: readonly number[]): number {
  if (values.some((value) => !Number.isFinite(value))) {
    throw new RangeError(`${name} is not a number in every round: ${values.join(', ')}`);
  }
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Four significant digits: more would pretend to a precision that no such machine has. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
