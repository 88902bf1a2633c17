/** Goal: no record leads us to machines behind our own router. */
import { expect, test } from 'vitest';
import { diallable } from './mesh-dials.ts';

const own = ['/ip4/198.51.100.7/tcp/4001', '/ip6/2001:db8:1:2::7/tcp/4001', '/ip6/fd00::7/tcp/4001'];
const printer = '/ip6/2001:db8:1:2:aaaa::9/tcp/9100';
const elsewhere = ['/ip6/2001:db8:1:3::9/tcp/4001', '/ip4/198.51.100.9/tcp/4001'];

test('IPv6 addresses of our own link are none of a stranger to name', () => {
  const addresses = [printer, ...elsewhere];
  expect(diallable({ addresses, lan: false }, { own, lanOnly: false })).toEqual(elsewhere);
  expect(diallable({ addresses, lan: false }, { own: [], lanOnly: false })).toEqual(addresses);
  expect(diallable({ addresses, lan: true }, { own, lanOnly: false }), 'heard on the LAN').toEqual(addresses);
});

test('with LAN only nothing beyond it', () => {
  const near = ['/ip4/192.168.1.4/tcp/1', '/ip6/fd00::9/tcp/1'];
  expect(diallable({ addresses: [...near, ...elsewhere], lan: true }, { own, lanOnly: true })).toEqual(near);
});
