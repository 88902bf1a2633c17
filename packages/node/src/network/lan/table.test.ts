import { expect, test } from 'vitest';
import type { PeerId } from '@kith/core/base/ids';
import { LanTable, nodesMax, nodesPerHostMax, placesMax, type Place } from './table.ts';

const ann = 'ann' as PeerId;
const here: Place = { from: '192.168.1.7', interfaceName: 'eth0' };
const elsewhere: Place = { from: '192.168.1.66', interfaceName: 'eth0' };

function node(remote: string, ttlSeconds = 180, addresses = ['a']): Parameters<LanTable['heard']>[0] {
  return { remote: remote as PeerId, major: 1, addresses, ttlSeconds };
}

test('tells of a node once, again when its addresses change, and when it is not heard any more', () => {
  const table = new LanTable();
  expect(table.heard(node('ann'), here, 0)).toEqual([{ type: 'found', remote: ann, addresses: ['a'] }]);
  expect(table.heard(node('ann'), here, 1_000)).toEqual([]);
  expect(table.heard(node('ann', 180, ['b', 'a']), here, 2_000)).toEqual([
    { type: 'found', remote: ann, addresses: ['b', 'a'] },
  ]);
  expect(table.expire(181_999)).toEqual([]);
  expect(table.expire(182_000)).toEqual([{ type: 'lost', remote: ann }]);
  expect(table.size).toBe(0);
});

test('a goodbye counts from where the node was heard, and from nowhere else', () => {
  const table = new LanTable();
  table.heard(node('ann'), here, 0);
  expect(table.heard(node('ann', 0), elsewhere, 0)).toEqual([]);
  expect(table.heard(node('bob', 0), here, 0)).toEqual([]);
  expect(table.heard(node('ann', 0), here, 0)).toEqual([{ type: 'lost', remote: ann }]);
  expect(table.has(ann)).toBe(false);
});

test('what somebody else says of a node is added, and takes nothing away', () => {
  const table = new LanTable();
  table.heard(node('ann', 180, ['a']), here, 0);
  expect(table.heard(node('ann', 180, ['x']), elsewhere, 0)).toEqual([
    { type: 'found', remote: ann, addresses: ['a', 'x'] },
  ]);
  expect(table.heard(node('ann', 0), elsewhere, 0)).toEqual([
    { type: 'found', remote: ann, addresses: ['a'] },
  ]);
});

test('one sender cannot fill the table, all together cannot overfill it', () => {
  const table = new LanTable();
  for (let index = 0; index < 100; index++) table.heard(node(`fake${index}`), here, 0);
  expect(table.size).toBe(nodesPerHostMax);
  for (let index = 0; index < 1_000; index++) {
    table.heard(node(`more${index}`), { from: `10.0.${index}.1`, interfaceName: 'eth0' }, 0);
  }
  expect(table.size).toBe(nodesMax);
  // Those that are known go on being heard.
  expect(table.heard(node('fake0', 180, ['new']), here, 0)).toHaveLength(1);
});

test('one node has few places', () => {
  const table = new LanTable();
  for (let index = 0; index < 100; index++) {
    table.heard(node('ann', 180, [`a${index}`]), { from: `10.0.0.${index}`, interfaceName: 'eth0' }, 0);
  }
  const found = table.heard(node('ann', 180, ['z']), { from: '10.0.0.0', interfaceName: 'eth0' }, 0);
  expect(found).toMatchObject([{ addresses: ['z', 'a1', 'a2', 'a3', 'a4', 'a5'].slice(0, placesMax) }]);
});

test('an interface that goes takes its nodes along, not those heard on another too', () => {
  const table = new LanTable();
  table.heard(node('ann'), here, 0);
  table.heard(node('bob'), here, 0);
  table.heard(node('bob', 180, ['w']), { from: '10.1.1.1', interfaceName: 'wlan0' }, 0);
  expect(table.interfaceGone('eth0')).toEqual([
    { type: 'lost', remote: 'ann' },
    { type: 'found', remote: 'bob', addresses: ['w'] },
  ]);
});
