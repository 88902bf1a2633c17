/** Goal: when the table is looked after, and where. Method: the schedule alone, with a drawn half added or taken off. */
import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { sharedBits } from './distance.ts';
import { lookupDefaults } from './lookup.ts';
import { Upkeep, upkeepDefaults } from './upkeep.ts';

const self = new Uint8Array(32);
const depth = 10;

/** Does the next search, of which `failed` of 20 do not answer. @returns when, and where it looked. */
function search(upkeep: Upkeep, failed: number): { atMs: number; place: Uint8Array } {
  const atMs = upkeep.nextMs!;
  const place = upkeep.take(depth, atMs)!;
  upkeep.learn(failed, 20);
  return { atMs, place };
}

function joined(): Upkeep {
  const upkeep = new Upkeep(self, upkeepDefaults, seededRandom(1));
  upkeep.begin(0);
  for (let count = 0; count < upkeepDefaults.joinSearches; count++) search(upkeep, 0);
  return upkeep;
}

test('how well the first searches were answered does not put the next ones off: ten minutes, give or take half', () => {
  const upkeep = joined();
  const last = search(upkeep, 0).atMs;
  expect(upkeep.nextMs! - last).toBeGreaterThanOrEqual(upkeepDefaults.refreshMs / 2);
  expect(upkeep.nextMs! - last).toBeLessThanOrEqual(upkeepDefaults.refreshMs * 1.5);
});

test('where many are gone the next one comes sooner, else later, within the bounds', () => {
  const upkeep = joined();
  const spacingAfter = (failed: number): number => {
    for (let count = 0; count < 20; count++) search(upkeep, failed);
    const { atMs } = search(upkeep, failed);
    return upkeep.nextMs! - atMs;
  };
  expect(spacingAfter(5)).toBeLessThanOrEqual(upkeepDefaults.refreshMsMin * 1.5);
  expect(spacingAfter(4)).toBeGreaterThanOrEqual(upkeepDefaults.refreshMsMax / 2);
});

test('once the table stands every other place is drawn from all, and a full bucket is asked for no names', () => {
  const fresh = new Upkeep(self, upkeepDefaults, seededRandom(1));
  expect(fresh.limits(lookupDefaults, true).namesMax).toBe(lookupDefaults.namesMax);
  const upkeep = joined();
  const places = Array.from({ length: 400 }, () => search(upkeep, 0).place).filter((place) => place !== self);
  expect(places).toHaveLength(200);
  const otherHalf = places.filter((place) => sharedBits(place, self) === 0).length;
  expect(otherHalf).toBeGreaterThan(70);
  expect(otherHalf).toBeLessThan(130);
  const { questionsMax } = upkeepDefaults;
  expect(upkeep.limits(lookupDefaults, true)).toEqual({ ...lookupDefaults, questionsMax, namesMax: 0 });
  expect(upkeep.limits(lookupDefaults, false)).toEqual({ ...lookupDefaults, questionsMax });
});
