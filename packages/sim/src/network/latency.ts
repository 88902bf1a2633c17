/** How long a frame takes from one host to another, without chance: chance comes with the weather. */
import { streamOf } from '../world/chance.ts';

/** What a model may look at. */
export interface Site {
  /** Number of the host. */
  host: number;
  region: number;
  lan: string | undefined;
}

export interface LatencyModel {
  /** One way, in milliseconds. The same pair always has the same, both ways. */
  betweenMs(one: Site, other: Site): number;
}

const lanMs = 0.4;

/** Every pair alike. */
export function constantLatency(ms: number): LatencyModel {
  return onLan({ betweenMs: () => ms });
}

/**
 * The Internet as measured from homes: lognormal, with the given median, and a tail.
 *
 * @param spread - of the logarithm: 0.5 puts 95 % below 2.3 medians.
 */
export function wanLatency(seed: number, options: { medianMs: number; spread: number }): LatencyModel {
  const { medianMs, spread } = options;
  return onLan({
    betweenMs: (one, other) =>
      Math.max(1, medianMs * Math.exp(spread * pairStream(seed, one, other).normal())),
  });
}

/** Between regions as in the table (symmetric, one way, ms), and ± 20 % by pair. */
export function regionLatency(seed: number, table: readonly (readonly number[])[]): LatencyModel {
  return onLan({
    betweenMs(one, other) {
      const ms = table[one.region]?.[other.region] ?? table[other.region]?.[one.region];
      if (ms === undefined)
        throw new RangeError(`no latency between regions ${one.region} and ${other.region}`);
      return ms * pairStream(seed, one, other).between(0.8, 1.2);
    },
  });
}

function onLan(model: LatencyModel): LatencyModel {
  return {
    betweenMs: (one, other) =>
      one.lan !== undefined && one.lan === other.lan ? lanMs : model.betweenMs(one, other),
  };
}

function pairStream(seed: number, one: Site, other: Site): ReturnType<typeof streamOf> {
  const [low, high] = one.host < other.host ? [one.host, other.host] : [other.host, one.host];
  return streamOf(seed, `latency/${low}/${high}`);
}
