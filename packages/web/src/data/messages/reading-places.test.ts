import { expect, test } from 'vitest';
import { placesMax, ReadingPlaces } from './reading-places.ts';

const place = { id: 'm1', topPx: -12 };

test('a place is kept until the reader leaves from the end', () => {
  const places = new ReadingPlaces();
  expect(places.of('c')).toBeNull();
  places.leave('c', place);
  expect(places.of('c')).toEqual(place);
  places.leave('c', null);
  expect(places.of('c')).toBeNull();
});

test('of many, those left last are kept', () => {
  const places = new ReadingPlaces();
  for (let at = 0; at < placesMax; at += 1) places.leave(`c${String(at)}`, place);
  places.leave('c0', place);
  places.leave('one more', place);
  expect(places.of('c0')).toEqual(place);
  expect(places.of('c1')).toBeNull();
  expect(places.of('c2')).toEqual(place);
});
