/** A world of five regions, as far from each other as their cables are long, in ordinary weather. */
import { type LatencyModel, regionLatency } from '../network/latency.ts';
import { fairWeather, type Weather } from '../network/weather.ts';
import type { ScenarioRequest } from '../scenario.ts';
import type { Stream } from '../world/chance.ts';
import { createWorld, cryptoFor, type World } from '../world/world.ts';

/** One way in milliseconds: half of what public tables of round trips between data centres say, and some for the home. */
const table: readonly (readonly number[])[] = [
  [15, 50, 100, 95, 135], // Europe
  [50, 22, 70, 85, 90], // North America
  [100, 70, 20, 150, 140], // South America
  [95, 85, 150, 35, 70], // Asia
  [135, 90, 140, 70, 15], // Oceania
];
/** Shares of the nodes. A guess: roughly where people are who run such programs. */
const shares: readonly number[] = [0.34, 0.28, 0.1, 0.22, 0.06];

/**
 * Uploads in bytes a millisecond (125 are a megabit a second), by share of the nodes. A guess after public speed tests: half
 * of all homes send 20 Mbit/s or more, some very little.
 */
const lines: readonly { share: number; bytesPerMs: number }[] = [
  { share: 0.1, bytesPerMs: 125 },
  { share: 0.3, bytesPerMs: 625 },
  { share: 0.4, bytesPerMs: 2_500 },
  { share: 0.2, bytesPerMs: 12_500 },
];

export function wideLatency(seed: number): LatencyModel {
  return regionLatency(seed, table);
}

/** @param weather - other than ordinary. */
export async function newWideWorld(
  { seed, peers }: ScenarioRequest,
  weather: Partial<Weather> = {},
): Promise<World> {
  const world = await createWorld({ seed, crypto: cryptoFor(peers), latency: wideLatency(seed) });
  // One segment in a thousand is lost, which TCP makes good for: a guess for wires and Wi-Fi together.
  world.weather = { ...fairWeather, jitter: 0.2, lossDelay: 0.001, ...weather };
  world.internet.lineOf = (host) => {
    const place = world.stream(`line/${host}`).next();
    return lines[placeIn(lines, place)]!.bytesPerMs;
  };
  return world;
}

/** A region by chance. */
export function someRegion(random: Stream): number {
  return placeIn(shares, random.next());
}

/** The first whose share, with all before it, is above the number in [0, 1). */
function placeIn(parts: readonly (number | { share: number })[], number: number): number {
  let rest = number;
  for (const [place, part] of parts.entries()) {
    const share = typeof part === 'number' ? part : part.share;
    if (rest < share) return place;
    rest -= share;
  }
  return 0;
}
