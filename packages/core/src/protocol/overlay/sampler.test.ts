/** Goal: nobody moves the samples of the passive view by offering much. */
import { expect, test } from 'vitest';
import type { PeerId } from '../../base/ids.ts';
import { seededRandom } from '../../base/random.ts';
import { peerAt } from '../../../test/overlay-world.ts';
import { keyedHash } from './keyed-hash.ts';
import { Sampler } from './sampler.ts';

test('planted: a sample is not moved by how often or how many of one group are offered', () => {
  const key = { low: 1, high: 2 };
  const sampler = new Sampler(40, seededRandom(3));
  const entry = (peer: PeerId, group: string): Parameters<typeof sampler.offer>[0] => ({
    peer,
    groupRank: keyedHash(key, group),
    peerRank: keyedHash(key, peer),
  });
  for (let number = 0; number < 50; number++)
    sampler.offer(entry(peerAt(`1.${number}`, number), `1.${number}`));
  for (let number = 0; number < 20_000; number++) sampler.offer(entry(peerAt('6.6', number), '6.6'));
  const hostile = [...sampler.entries()].filter(({ peer }) => peer.startsWith('6.6|')).length;
  expect(hostile).toBeLessThanOrEqual(4);
  // The same flood, each record in a group of its own, takes the whole sample: the bound is what holds it.
  for (let number = 0; number < 20_000; number++) {
    sampler.offer(entry(peerAt('6.6', number), `${number}`));
  }
  expect([...sampler.entries()].filter(({ peer }) => peer.startsWith('6.6|')).length).toBeGreaterThan(30);
});
