/** Searches in a world of the key space, and what they took. */
import { setImmediate } from 'node:timers/promises';
import { bytesEqual } from '@kith/core/base/bytes';
import { seededRandom } from '@kith/core/base/random';
import { drawnPlace } from './key-space-places.ts';
import { makeValue, readValue } from './key-space-values.ts';
import type { KeySpaceWorld } from './key-space-world.ts';
import type { Figure, Violation } from './scenario.ts';

export interface KeySpaceMeasures {
  searches: number;
  /** Searches that gave the newest value. */
  found: number;
  /** Searches that gave an older one. */
  older: number;
  /** What was given and is no value of that place. */
  violations: Violation[];
  /** Of each search for a value. */
  hops: number[];
  questions: number[];
  bytes: number[];
  tookMs: number[];
  /** Of each keeping. */
  copies: number[];
}

export const valueTtlMs: number = 2 * 3_600_000;
const yieldEvery = 20;

/**
 * Each time: a random node keeps two values at a random place, one after the other, and a third node looks for it.
 * Stops to let others run now and then. `progress`: share done, in [0, 1].
 */
export async function measureSearches(
  world: KeySpaceWorld,
  searches: number,
  progress: (done: number) => void,
): Promise<KeySpaceMeasures> {
  const random = seededRandom(world.options.seed ^ 0x5eed);
  const measures = noMeasures();
  for (let count = 0; count < searches; count++) {
    if (count % yieldEvery === 0) {
      progress(count / searches);
      await setImmediate();
    }
    const place = drawnPlace(random);
    const author = world.someone();
    for (const sequence of [1, 2]) {
      const value = makeValue({ place, sequence, ttlMs: valueTtlMs });
      const [kept] = world.keeps([{ node: author, value }]);
      if (sequence === 2) measures.copies.push(kept!.copies);
    }
    measureLookups(world, measures, { places: [place], sequence: 2 });
  }
  return measures;
}

export function noMeasures(): KeySpaceMeasures {
  const counts = { searches: 0, found: 0, older: 0, violations: [] };
  return { ...counts, hops: [], questions: [], bytes: [], tookMs: [], copies: [] };
}

/** Random nodes look for values, all at once, whose newest sequence is known. */
export function measureLookups(
  world: KeySpaceWorld,
  measures: KeySpaceMeasures,
  { places, sequence }: { places: readonly Uint8Array[]; sequence: number },
): void {
  const searched = world.lookups(places.map((place) => ({ node: world.someone(), place })));
  for (const [index, { value, hops, questions, bytes, tookMs }] of searched.entries()) {
    measures.searches++;
    measures.questions.push(questions);
    measures.bytes.push(bytes);
    measures.tookMs.push(tookMs);
    if (value === undefined) continue;
    measures.hops.push(hops);
    const facts = readValue(value);
    if (facts === undefined || !bytesEqual(facts.place, places[index]!)) {
      const detail = 'a search gave what is no value of that place';
      measures.violations.push({ checker: 'key-space values', atMs: world.nowMs, detail });
    } else if (facts.sequence === sequence) measures.found++;
    else measures.older++;
  }
}

/** The value below which `share` of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** The figures of one world; `what` stands in front of each name. The goals are those of the project. */
export function figuresOf(what: string, measures: KeySpaceMeasures): Figure[] {
  const { searches, found, older, hops, questions, bytes, tookMs, copies } = measures;
  const percent = (count: number): number => Math.round((count / searches) * 10_000) / 100;
  const figure = (name: string, value: number, unit: string, goal?: Figure['goal']): Figure => {
    return { name: `${what}: ${name}`, value, unit, goal };
  };
  const figures = [
    figure('found', percent(found), '%', { atLeast: 99 }),
    figure('found, but older', percent(older), '%'),
    figure('hops, median', quantile(hops, 0.5), '', { atMost: 10 }),
    figure('hops, 99 %', quantile(hops, 0.99), ''),
    figure('questions, median', quantile(questions, 0.5), ''),
    figure('questions, 99 %', quantile(questions, 0.99), ''),
    figure('bytes, median', quantile(bytes, 0.5), 'B'),
    figure('bytes, 99 %', quantile(bytes, 0.99), 'B'),
    figure('time, median', quantile(tookMs, 0.5), 'ms'),
    figure('time, 99 %', quantile(tookMs, 0.99), 'ms'),
  ];
  return copies.length === 0
    ? figures
    : [...figures, figure('copies said, median', quantile(copies, 0.5), '')];
}
