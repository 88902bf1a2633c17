import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkBootstrap,
  checkListen,
  defaultListen,
  dialable,
  endpointText,
  isNear,
  onLocalInterfaces,
  onOwnSubnet,
  ownAddresses,
  plainHost,
  readEndpoint,
  type OwnAddress,
} from './addresses.ts';

function own(interfaceName: string, cidr: string): OwnAddress {
  const [host, bits] = cidr.split('/');
  const family = host!.includes(':') ? 'ip6' : 'ip4';
  return {
    interfaceName,
    family,
    host: host!,
    prefixBits: Number(bits),
    scope: family === 'ip6' ? 2 : undefined,
    loopback: interfaceName === 'lo',
  };
}

const machine = [
  own('lo', '127.0.0.1/8'),
  own('lo', '::1/128'),
  own('eth0', '192.168.1.5/24'),
  own('eth0', 'fd00::5/64'),
  own('eth0', 'fe80::5/64'),
];

test.each([
  '/ip4/192.0.2.7/tcp/4001',
  '/ip6/2001:db8::7/tcp/4001/ws',
  '/ip6zone/eth0/ip6/fe80::7/tcp/4001',
  '/ip4/0.0.0.0/tcp/0',
])('reads and writes %s', (text) => {
  expect(endpointText(readEndpoint(text)!)).toBe(text);
});

test.each([
  '',
  '/',
  '/ip4',
  '/ip4/1.2.3.4',
  '/ip4/1.2.3.4/udp/1',
  '/ip4/1.2.3.4/tcp/65536',
  '/ip4/1.2.3.4/tcp/1/ws/ws',
  '/ip4/1.2.3.4/tcp/1/tls/ws',
  '/ip6zone/eth0/ip4/1.2.3.4/tcp/1',
  '/ip6zone/a$(b)/ip6/fe80::1/tcp/1',
  '/unix/tmp',
  '/ip4/1.2.3.4/tcp/1/p2p-circuit',
  '1.2.3.4:80',
  `/dns4/${'a'.repeat(600)}/tcp/1`,
])('does not read %s', (text) => {
  expect(readEndpoint(text)).toBeUndefined();
});

test('any text is read or not, without an exception', () => {
  const part = fc.constantFrom(
    '/ip4',
    '/ip6',
    '/tcp',
    '/ws',
    '/p2p',
    '/1.2.3.4',
    '/::1',
    '/80',
    '/',
    '%',
    '/dns4',
    '/ip6zone',
    '/a.b',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part, { maxLength: 9 }).map((parts) => parts.join('')),
      ),
      (text) => {
        const endpoint = readEndpoint(text);
        if (endpoint !== undefined) expect(Number.isInteger(endpoint.port)).toBe(true);
      },
    ),
    { numRuns: 3_000 },
  );
});

test('the peer behind an address', () => {
  const id = '12D3KooWPgeutPn6ceY5pCQ4yAbZuTjz8FLgHTBjftkZhu6ahYXw';
  expect(readEndpoint(`/ip4/1.2.3.4/tcp/1/p2p/${id}`)).toMatchObject({ host: '1.2.3.4', peer: id });
});

test.each([
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['192.168.9.9', true],
  ['169.254.3.3', true],
  ['127.9.9.9', true],
  ['100.64.0.1', false],
  ['8.8.8.8', false],
  ['fe80::1%eth0', true],
  ['fd12::1', true],
  ['::1', true],
  ['2001:db8::1', false],
  ['::ffff:192.168.0.1', true],
  ['::ffff:8.8.8.8', false],
  ['::', false],
  ['0.0.0.0', false],
  ['example.org', false],
  ['', false],
])('%s is near: %s', (host, near) => {
  expect(isNear(host)).toBe(near);
});

test.each([
  ['192.168.1.77', true],
  ['192.168.2.77', false],
  ['fd00::77', true],
  ['fd00:0:0:1::77', false],
  ['fe80::77', true],
  ['127.0.0.9', true],
  ['8.8.8.8', false],
  ['x', false],
])('%s lies on our subnets: %s', (host, lies) => {
  expect(onOwnSubnet(host, machine)).toBe(lies);
});

test('an IPv4 address met on an IPv6 socket is that IPv4 address', () => {
  expect(plainHost('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(plainHost('fe80::1%eth0')).toBe('fe80::1');
});

test('wildcards become the addresses of the machine: TCP first, link-local last and with its zone', () => {
  const listening = [
    '/ip4/0.0.0.0/tcp/4002/ws',
    '/ip6/::/tcp/4002/ws',
    '/ip6/::/tcp/4001',
    '/ip4/0.0.0.0/tcp/4001',
  ];
  expect(dialable(listening, machine)).toEqual([
    '/ip6/fd00::5/tcp/4001',
    '/ip4/192.168.1.5/tcp/4001',
    '/ip6zone/eth0/ip6/fe80::5/tcp/4001',
    '/ip4/192.168.1.5/tcp/4002/ws',
    '/ip6/fd00::5/tcp/4002/ws',
  ]);
});

test('loopback is told only where there is nothing else', () => {
  expect(dialable(['/ip4/0.0.0.0/tcp/1'], machine.slice(0, 1))).toEqual(['/ip4/127.0.0.1/tcp/1']);
  expect(dialable(['/ip4/127.0.0.1/tcp/1', '/ip4/192.168.1.5/tcp/1'], machine)).toEqual([
    '/ip4/192.168.1.5/tcp/1',
  ]);
});

test('what a person asked for is checked before anything starts', () => {
  expect(checkListen(['/ip4/0.0.0.0/tcp/4001'])).toEqual(['/ip4/0.0.0.0/tcp/4001']);
  expect(() => checkListen(['/ip4/0.0.0.0/tcp/4001', 'x'])).toThrow('Kith cannot listen on "x".');
  const far = ['/dns4/example.org/tcp/4001', '/ip4/192.0.2.7/tcp/4002/ws'];
  expect(() => checkBootstrap(far, false)).not.toThrow();
  for (const text of ['x', '192.0.2.7:4001', '/ip4/192.0.2.7/tcp/0', '/ip4/192.0.2.7/udp/4001/quic-v1']) {
    expect(() => checkBootstrap([text], false)).toThrow(`Kith cannot dial "${text}".`);
  }
  for (const text of far) expect(() => checkBootstrap([text], true)).toThrow('With --lan only');
  expect(() => checkBootstrap(['/ip4/192.168.1.7/tcp/4001'], true)).not.toThrow();
});

test('every default has a valid port', () => {
  for (const port of [0, 1, 4001, 65_535]) {
    expect(defaultListen(port).every((text) => readEndpoint(text) !== undefined)).toBe(true);
    expect(new Set(defaultListen(port)).size).toBe(4);
  }
});

test('a system that cannot list its interfaces for a moment changes nothing', () => {
  const before = ownAddresses();
  expect(before).not.toEqual([]);
  const failing = (): never => {
    throw new Error('planted: too many open files');
  };
  expect(ownAddresses(failing)).toEqual(before);
});

test('with LAN only, mDNS is not spoken where a public IPv4 address says that it is a wide network', () => {
  const home = [own('eth0', '192.168.1.2/24'), own('eth0', '2001:db8::2/64')];
  const wide = [own('ppp0', '45.66.77.1/24'), own('ppp0', 'fe80::1/64')];
  const sixOnly = [own('eth1', '2001:db8:1::2/64')];
  expect(onLocalInterfaces([...home, ...wide, ...sixOnly])).toEqual([...home, ...sixOnly]);
});
