import { expect, test } from 'vitest';
import type { PeerId } from '@kith/core/base/ids';
import type { OwnAddress } from '../addresses.ts';
import { decodePacket, encodePacket, type DnsPacket } from './dns.ts';
import { ipBytes, ipText } from './ip-bytes.ts';
import {
  announceTtlSeconds,
  asksForService,
  queryPacket,
  readService,
  servicePacket,
  type OwnService,
} from './announcement.ts';

const self = '12D3KooWPgeutPn6ceY5pCQ4yAbZuTjz8FLgHTBjftkZhu6ahYXw' as PeerId;
const service: OwnService = { instance: 'a1b2', self, port4: 4001, port6: 4002 };

function own(host: string, prefixBits: number): OwnAddress {
  return {
    interfaceName: 'eth0',
    family: host.includes(':') ? 'ip6' : 'ip4',
    host,
    prefixBits,
    scope: undefined,
    loopback: false,
  };
}

const theirs = [own('192.168.1.7', 24), own('fe80::7', 64), own('fd00::7', 64), own('2001:db8::7', 64)];
const ours = [own('192.168.1.5', 24), own('fe80::5', 64), own('fd00::5', 64)];
const arrival = { from: '192.168.1.7', zone: 'eth0', own: ours };

function heard(packet: DnsPacket, instance = 'other', at = arrival): ReturnType<typeof readService> {
  return readService(decodePacket(encodePacket(packet))!, instance, at);
}

test('a node reads of another what lies on its own subnets, the sender first', () => {
  expect(heard(servicePacket(service, theirs, announceTtlSeconds))).toEqual([
    {
      remote: self,
      major: 1,
      ttlSeconds: announceTtlSeconds,
      addresses: ['/ip4/192.168.1.7/tcp/4001', '/ip6zone/eth0/ip6/fe80::7/tcp/4002', '/ip6/fd00::7/tcp/4002'],
    },
  ]);
  const [six] = heard(servicePacket(service, theirs, 1), 'other', { ...arrival, from: 'fe80::7' });
  expect(six?.addresses[0]).toBe('/ip6zone/eth0/ip6/fe80::7/tcp/4002');
});

test('says nothing of itself but a random name, the id of this start, version and addresses', () => {
  const text = Buffer.from(encodePacket(servicePacket(service, theirs, 180))).toString('latin1');
  expect(text.replace(/[^\w.=-]+/g, ' ').trim()).toMatch(/_kith/);
  expect(text.toLowerCase()).not.toContain((process.env['HOSTNAME'] ?? 'kith-host').toLowerCase());
  expect(servicePacket(service, theirs, 180).records.find(({ type }) => type === 'txt')).toMatchObject({
    texts: [`id=${self}`, 'v=1', 'p6=4002'],
  });
});

test('does not read itself, nor others by incomplete or false records', () => {
  const whole = servicePacket(service, theirs, 180);
  expect(heard(whole, service.instance)).toEqual([]);
  for (const missing of ['ptr', 'srv', 'txt'] as const) {
    expect(heard({ ...whole, records: whole.records.filter(({ type }) => type !== missing) })).toEqual([]);
  }
  const badIds = [
    '',
    'x',
    `${self}x`,
    self.replace('K', 'O'),
    'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
  ];
  for (const id of badIds) {
    expect(heard(servicePacket({ ...service, self: id as PeerId }, theirs, 180))).toEqual([]);
  }
});

test('an address off our subnets is not believed: nobody makes us knock elsewhere', () => {
  const far = [own('8.8.8.8', 24), own('127.0.0.1', 8), own('192.168.2.7', 24), own('::1', 128)];
  const [node] = heard(servicePacket(service, far, 180));
  expect(node?.addresses).toEqual(expect.arrayContaining(['/ip4/192.168.1.7/tcp/4001']));
  expect(node?.addresses.join(' ')).not.toMatch(/8\.8\.8\.8|192\.168\.2|127\.0\.0\.1|::1/);
});

test('a thousand addresses are eight', () => {
  const many = Array.from({ length: 40 }, (_, index) => own(`192.168.1.${index + 10}`, 24));
  const packet = servicePacket(service, many, 180);
  packet.records.push(
    ...many.map(({ host }) => ({
      type: 'a' as const,
      name: 'a1b2.local',
      ttlSeconds: 9,
      address: ipBytes(host),
    })),
  );
  expect(heard(packet)[0]?.addresses).toHaveLength(8);
});

test('a life in weeks is cut to ours, goodbye stays goodbye, a false port is none', () => {
  expect(heard(servicePacket(service, theirs, 4_000_000))[0]?.ttlSeconds).toBe(announceTtlSeconds);
  expect(heard(servicePacket(service, theirs, 0))[0]?.ttlSeconds).toBe(0);
  expect(heard(servicePacket({ ...service, port4: 0, port6: 99_999 }, theirs, 9))[0]?.addresses).toEqual([]);
});

test('a question for our service is known as one', () => {
  expect(asksForService(queryPacket())).toBe(true);
  expect(asksForService({ ...queryPacket(), questions: [{ name: '_ipp._tcp.local', type: 12 }] })).toBe(
    false,
  );
  expect(asksForService({ ...queryPacket(), questions: [{ name: '_kith._tcp.local', type: 255 }] })).toBe(
    true,
  );
});

test('addresses between bytes and text', () => {
  for (const text of ['10.0.0.1', 'fe80::1', '2001:db8::', '::1', '1:2:3:4:5:6:7:8', 'fe80::a:b:c:d']) {
    expect(ipText(ipBytes(text))).toBe(text);
  }
});
