import { expect, it } from 'vitest';
import type { Peer } from '@kith/api/shapes';
import { drawnMax, placePeers } from './peer-places.ts';

const peer = (id: string, link: Peer['link'] = 'none', view: Peer['view'] = 'none'): Peer => ({
  id,
  addresses: [],
  lastSeen: '2026-01-01T00:00:00.000Z',
  score: 1,
  link,
  record: null,
  view,
});

it('puts linked ones near, the others far, and none on another', () => {
  const { placed, left } = placePeers([
    peer('a', 'lan', 'active'),
    ...Array.from({ length: 60 }, (_, i) => peer(`n${i}`)),
  ]);
  expect(left).toBe(0);
  const near = placed.filter(({ x, y }) => Math.hypot(x, y) < 50);
  expect(near.map(({ peer: { id } }) => id)).toEqual(['a']);
  expect(new Set(placed.map(({ x, y }) => `${x.toFixed(3)} ${y.toFixed(3)}`)).size).toBe(placed.length);
});

it('keeps everybody’s place when others leave that did not stand in the way', () => {
  const placeOf = (peers: Peer[]) => placePeers(peers).placed.find(({ peer: { id } }) => id === 'a');
  expect(placeOf([peer('a', 'lan'), peer('zz', 'direct')])).toEqual(placeOf([peer('a', 'lan')]));
});

it('counts what it does not draw', () => {
  const { placed, left } = placePeers(Array.from({ length: 1_000 }, (_, index) => peer(`n${index}`)));
  expect(placed.length).toBeLessThanOrEqual(drawnMax);
  expect(placed.length + left).toBe(1_000);
});
