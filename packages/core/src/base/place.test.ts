import { isIP, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readVectors } from '../../test/vector-file.ts';
import { formatIp6, parseIp4, parseIp6 } from './ip.ts';
import { canonicalAddress, narrowest, reaches, type Scope, scopeOf, subnetOf } from './place.ts';

const { refusedAddresses } = readVectors<{ refusedAddresses: string[] }>('peer-record.json');

// [host, scope, subnet]
const hosts: [string, Scope | undefined, string][] = [
  ['ip4/127.0.0.1', 'loopback', '4:127.0'],
  ['ip4/127.255.0.9', 'loopback', '4:127.255'],
  ['ip4/10.1.2.3', 'site', '4:10.1'],
  ['ip4/172.15.0.1', 'global', '4:172.15'],
  ['ip4/172.16.0.1', 'site', '4:172.16'],
  ['ip4/172.31.255.255', 'site', '4:172.31'],
  ['ip4/172.32.0.1', 'global', '4:172.32'],
  ['ip4/192.168.1.1', 'site', '4:192.168'],
  ['ip4/192.167.1.1', 'global', '4:192.167'],
  ['ip4/169.254.7.7', 'site', '4:169.254'],
  ['ip4/100.63.0.1', 'global', '4:100.63'],
  ['ip4/100.64.0.1', 'site', '4:100.64'],
  ['ip4/100.127.0.1', 'site', '4:100.127'],
  ['ip4/100.128.0.1', 'global', '4:100.128'],
  ['ip4/93.184.216.34', 'global', '4:93.184'],
  ['ip4/0.0.0.0', undefined, '4:0.0'],
  ['ip4/224.0.0.251', undefined, '4:224.0'],
  ['ip4/255.255.255.255', undefined, '4:255.255'],
  ['ip6/::1', 'loopback', '6:0:0'],
  ['ip6/::', undefined, '6:0:0'],
  ['ip6/fe80::1', 'site', '6:fe80:0'],
  ['ip6/fec0::1', 'site', '6:fec0:0'],
  ['ip6/fc00::1', 'site', '6:fc00:0'],
  ['ip6/fdff:1::1', 'site', '6:fdff:1'],
  ['ip6/2001:db8::7', 'global', '6:2001:db8'],
  ['ip6/2001:DB8::7', 'global', '6:2001:db8'],
  ['ip6/ff02::1', undefined, '6:ff02:0'],
  ['ip6/::ffff:192.168.1.1', 'site', '4:192.168'],
  ['ip6/::ffff:5db8:d822', 'global', '4:93.184'],
  ['ip6/64:ff9b::7f00:1', 'loopback', '4:127.0'],
  ['ip6/2002:c0a8:101::1', 'site', '4:192.168'],
  ['ip6/::0:7', undefined, '6:0:0'],
  ['dns4/example.org', 'global', 'dns:example.org'],
  ['dns/Example.ORG', 'global', 'dns:example.org'],
  ['dns6/localhost', 'loopback', 'dns:localhost'],
  ['dns4/a.localhost', 'loopback', 'dns:a.localhost'],
  ['dns4/printer', 'site', 'dns:printer'],
  ['dns4/printer.local', 'site', 'dns:printer.local'],
  ['dns4/nas.home.arpa', 'site', 'dns:home.arpa'],
  ['dns4/a1.of.Example.org', 'global', 'dns:example.org'],
  ['dns4/xn--bcher-kva.example', 'global', 'dns:xn--bcher-kva.example'],
];

test.each(hosts)('%s: %s, %s', (host, scope, subnet) => {
  for (const rest of ['', '/tcp/4001', '/tcp/4001/ws/p2p/12D3KooW', '/udp/1/quic-v1']) {
    expect(scopeOf(`/${host}${rest}`)).toBe(scope);
    expect(subnetOf(`/${host}${rest}`)).toBe(subnet);
  }
});

test('the zone of an address is passed over', () => {
  expect(scopeOf('/ip6zone/eth0/ip6/fe80::1/tcp/1')).toBe('site');
  expect(subnetOf('/ip6zone/eth0/ip6/fe80::1/tcp/1')).toBe('6:fe80:0');
});

test('what is no address has neither scope nor subnet', () => {
  const texts = [
    '',
    '/',
    'ip4/1.2.3.4',
    '/ip4',
    '/ip4/',
    '/ip4/1.2.3',
    '/ip4/01.2.3.4',
    '/ip6/1.2.3.4',
    '/ip6/1::2::3',
  ];
  const names = [
    '/dns4/1.2.3.4',
    '/dns4/127.1',
    '/dns/0x7f.0x1',
    '/dns/0x7f000001',
    '/dns/a..b',
    '/dns/.',
    '/dns/a.b.',
  ];
  for (const text of [
    ...texts,
    ...names,
    '/p2p/12D3KooW',
    `/dns4/${'a'.repeat(600)}`,
    '/ip6zone/eth0/ip4/10.0.0.1',
  ]) {
    expect([text, scopeOf(text), subnetOf(text)]).toEqual([text, undefined, undefined]);
  }
});

test('the narrowest of several scopes', () => {
  const [loopback, site, global] = [
    '/ip4/127.0.0.1/tcp/1',
    '/ip4/10.0.0.1/tcp/1',
    '/ip4/93.184.216.34/tcp/1',
  ];
  expect(narrowest([global!, global!])).toBe('global');
  expect(narrowest([global!, site!])).toBe('site');
  expect(narrowest([loopback!, site!, global!])).toBe('loopback');
  expect(narrowest([])).toBeUndefined();
  expect(narrowest([global!, '/ip4/0.0.0.0/tcp/1'])).toBeUndefined();
});

test('what is narrow is told to nobody further away', () => {
  const told = (['loopback', 'site', 'global'] as const).map((scope) =>
    (['loopback', 'site', 'global'] as const).map((other) => reaches(scope, other)),
  );
  expect(told).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
});

describe('the one text of an address', () => {
  test.each(refusedAddresses)('is not %s', (text) => {
    expect(canonicalAddress(text)).not.toBe(text);
  });

  test('is found for other texts of the same address', () => {
    expect(canonicalAddress('/ip6/2001:DB8:0:0:1::1/tcp/1')).toBe('/ip6/2001:db8::1:0:0:1/tcp/1');
    expect(canonicalAddress('/dns4/Example.org/tcp/443/ws')).toBe('/dns4/example.org/tcp/443/ws');
    expect(canonicalAddress('/ip4/192.0.2.7/tcp/4001')).toBe('/ip4/192.0.2.7/tcp/4001');
  });

  test('is its own, and has a scope and a subnet', () => {
    const ip4 = fc.ipV4().map((host) => `ip4/${host}`);
    const ip6 = fc.ipV6().map((host) => `ip6/${host}`);
    const name = fc.domain().map((host) => `dns4/${host}`);
    const noise = fc.string({ maxLength: 30 });
    const property = fc.property(
      fc.oneof(ip4, ip6, name, noise),
      fc.nat({ max: 70_000 }),
      fc.constantFrom('', '/ws', '/wss'),
      (host, port, rest) => {
        const text = canonicalAddress(`/${host}/tcp/${port}${rest}`);
        if (text === undefined) return;
        expect(canonicalAddress(text)).toBe(text);
        expect(scopeOf(text)).toBeDefined();
        expect(subnetOf(text)).toBeDefined();
      },
    );
    fc.assert(property, { numRuns: 5_000 });
  });
});

describe('IP addresses', () => {
  test('are read and written as the runtime does', () => {
    const part = fc.constantFrom('0', '0000', '00a', 'ABCD', '1', 'ffff', '');
    const odd = fc.array(part, { minLength: 1, maxLength: 9 }).map((parts) => parts.join(':'));
    const text = fc.oneof(
      fc.ipV6(),
      odd,
      fc.tuple(odd, fc.ipV4()).map((parts) => parts.join(':')),
    );
    const property = fc.property(text, (each) => {
      const groups = parseIp6(each);
      expect([each, groups !== undefined]).toEqual([each, isIP(each) === 6]);
      if (groups === undefined) return;
      expect(parseIp6(formatIp6(groups))).toEqual(groups);
      const { address } = new SocketAddress({ address: each, family: 'ipv6' });
      // The runtime writes IPv4 inside IPv6 with dots; we never do.
      if (!address.includes('.')) expect(formatIp6(groups)).toBe(address);
    });
    fc.assert(property, { numRuns: 5_000 });
    const dotted = fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.string());
    fc.assert(
      fc.property(dotted, (each) => {
        expect(parseIp4(each) !== undefined).toBe(isIP(each) === 4);
      }),
    );
  });
});
