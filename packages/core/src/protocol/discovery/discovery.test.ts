/**
 * Goal: what is known of other nodes is signed, fresh, bounded and kept in its scope, whoever says it and how often.
 */
import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import {
  type Discoverer,
  discoverer,
  entryOf,
  nodeAt,
  recordOf,
  wallOffsetMs,
} from '../../../test/discoverer.ts';
import { decodeProof } from '../../crypto/record/equivocation.ts';
import { backend } from '../../../test/discoverer.ts';
import { decodeStored, encodeStored } from './anchors.ts';

const hourMs = 3_600_000;
const far = { peer: nodeAt(900).peer, scope: 'global' } as const;

/** One that has a link to `far`, so that what it says has a source. */
function linked(): Discoverer {
  const one = discoverer();
  one.do({
    type: 'linkOpen',
    peer: far.peer,
    address: '/ip4/198.51.100.9/tcp/1',
    path: 'direct',
    dialled: true,
  });
  one.take();
  return one;
}

test('a record is taken, offered with what is left of it and one hop more, and ends', () => {
  const one = linked();
  const node = nodeAt(1);
  const entry = entryOf(node, { hops: 2, remainingSeconds: 100 });
  expect(one.machine.learn([entry], far, one.nowMs)).toEqual([node.peer]);
  expect(one.machine.candidate(node.peer)).toMatchObject({
    addresses: [node.address],
    scope: 'global',
    lan: false,
  });
  one.nowMs += 40_000;
  expect(one.machine.offer([node.peer], 'global', one.nowMs)).toEqual([
    { hops: 3, remainingSeconds: 60, record: entry.record },
  ]);
  one.runTo(one.nowMs + 60_000);
  expect(one.machine.record(node.peer)).toBeUndefined();
  expect(one.take()).toContainEqual({ type: 'forgotten', peer: node.peer });
});
