import { expect, test } from 'vitest';
import type { PeerId } from '@kith/core/base/ids';
import { Troubles } from './troubles.ts';

const [ann, bob] = ['ann' as PeerId, 'bob' as PeerId];
const well = { heard: 2, failures: [], port: 4001 };

test('when all is well there is nothing to say', () => {
  const troubles = new Troubles();
  expect(troubles.list(undefined)).toEqual([]);
  expect(troubles.list(well)).toEqual([]);
  troubles.tried(ann, 'connected');
  expect(troubles.list(well)).toEqual([]);
});

test('heard but silent by TCP: a firewall, until one of them answers', () => {
  const troubles = new Troubles();
  troubles.tried(ann, 'timeout');
  troubles.tried(bob, 'refused');
  expect(troubles.list(well)).toEqual([
    {
      code: 'lan-silent',
      values: { heard: 2, port: 4001 },
      detail: 'mDNS heard 2 nodes, but none answered by TCP: a firewall?',
      fix: 'Allow incoming connections to TCP port 4001 on both machines. A guest network may forbid them altogether.',
    },
  ]);
  expect(troubles.list(undefined)).toEqual([]);
  troubles.tried(bob, 'not-kith');
  expect(troubles.list(well)).toEqual([]);
  troubles.tried(bob, 'timeout');
  expect(troubles.list(well)).toEqual([]);
  troubles.forget(bob);
  expect(troubles.list(well)).toHaveLength(1);
});

test('a port kept by another program, and multicast that is not allowed', () => {
  const list = new Troubles().list({
    ...well,
    failures: [
      ['eth0', 'EADDRINUSE'],
      ['wlan0', 'ENODEV'],
    ],
  });
  expect(list.map(({ code }) => code)).toEqual(['mdns-port', 'mdns-failed']);
  expect(list[0]?.detail).toBe('Another program keeps UDP port 5353 to itself, so nobody is found on eth0.');
});

test('other versions are named, whatever number somebody claims', () => {
  const troubles = new Troubles();
  for (const major of [2, 3, 2, -1, 1.5, Number.NaN, 1e9]) troubles.otherMajor(major);
  expect(troubles.list(undefined)[0]?.detail).toBe('A node nearby speaks Kith 2, 3; this one speaks Kith 1.');
});
