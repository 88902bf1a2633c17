/** A world of five regions, as far from each other as their cables are long, in ordinary weather. */
import { regionLatency } from '../network/latency.ts';
import { fairWeather } from '../network/weather.ts';
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

export async function newWideWorld({ seed, peers }: ScenarioRequest): Promise<World> {
  const world = await createWorld({ seed, crypto: cryptoFor(peers), latency: regionLatency(seed, table) });
  world.weather = { ...fairWeather, jitter: 0.2 };
  return world;
}

/** A region by chance. */
export function someRegion(random: Stream): number {
  let rest = random.next();
  for (const [region, share] of shares.entries()) {
    if (rest < share) return region;
    rest -= share;
  }
  return 0;
}
