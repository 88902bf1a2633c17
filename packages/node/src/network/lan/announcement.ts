/**
 * What a node says about itself on the LAN, and what it believes of others.
 *
 *     PTR  _kith._tcp.local → <instance>._kith._tcp.local
 *     SRV  <instance>._kith._tcp.local → port, <instance>.local
 *     TXT  id=<network id>  v=<major>  p6=<port on IPv6, where it differs>
 *     A, AAAA  <instance>.local → the addresses of the interface it is sent on
 *
 * Instance and id are new at every start and say nothing about a person or machine. Nothing here is proved:
 * Noise checks the id when it is dialled.
 */
import type { PeerId } from '@kith/core/base/ids';
import { endpointText, isLinkLocal, isLoopback, onOwnSubnet, type OwnAddress } from '../addresses.ts';
import { addressesMax, protocolMajor } from '../limits.ts';
import { recordType, type DnsPacket, type DnsRecord } from './dns.ts';
import { ipBytes, ipText } from './ip-bytes.ts';

export const serviceName = '_kith._tcp.local';
/** How long others may believe an announcement. Announcements repeat more than twice in it. */
export const announceTtlSeconds = 180;

export interface OwnService {
  /** A random label of this start. */
  instance: string;
  self: PeerId;
  port4: number | undefined;
  port6: number | undefined;
}

/** A node as one packet claims it. `ttlSeconds` 0: it says goodbye. */
export interface HeardNode {
  remote: PeerId;
  major: number;
  addresses: string[];
  ttlSeconds: number;
}

/** Where a packet came in. */
export interface Arrival {
  /** The sender, without zone. */
  from: string;
  /** Names the interface in link-local addresses. */
  zone: string;
  /** Our addresses on that interface. */
  own: OwnAddress[];
}

export function queryPacket(): DnsPacket {
  return { response: false, questions: [{ name: serviceName, type: recordType.ptr }], records: [] };
}

/** What goes out on one interface. @param ttlSeconds - 0 to say goodbye. */
export function servicePacket(service: OwnService, own: OwnAddress[], ttlSeconds: number): DnsPacket {
  const { instance, self, port4, port6 } = service;
  const name = `${instance}.${serviceName}`;
  const target = `${instance}.local`;
  const texts = [`id=${self}`, `v=${protocolMajor}`];
  if (port6 !== undefined && port6 !== port4) texts.push(`p6=${port6}`);
  const records: DnsRecord[] = [
    { type: 'ptr', name: serviceName, ttlSeconds, target: name },
    { type: 'srv', name, ttlSeconds, port: port4 ?? port6 ?? 0, target },
    { type: 'txt', name, ttlSeconds, texts },
  ];
  for (const { family, host } of own.slice(0, addressesMax)) {
    if ((family === 'ip4' ? port4 : port6) === undefined) continue;
    records.push({ type: family === 'ip4' ? 'a' : 'aaaa', name: target, ttlSeconds, address: ipBytes(host) });
  }
  return { response: true, questions: [], records };
}

export function asksForService(packet: DnsPacket): boolean {
  return packet.questions.some(
    ({ name, type }) => name === serviceName && (type === recordType.ptr || type === recordType.any),
  );
}

/** The nodes a packet tells of, without our own. Addresses off the arrival's subnets are left out. */
export function readService(packet: DnsPacket, ownInstance: string, arrival: Arrival): HeardNode[] {
  const nodes: HeardNode[] = [];
  const { records } = packet;
  for (const pointer of records) {
    if (pointer.type !== 'ptr' || pointer.name !== serviceName) continue;
    const name = pointer.target;
    if (name === `${ownInstance}.${serviceName}`) continue;
    const texts = records.find((record) => record.type === 'txt' && record.name === name);
    const place = records.find((record) => record.type === 'srv' && record.name === name);
    if (texts?.type !== 'txt' || place?.type !== 'srv') continue;
    const values = new Map(texts.texts.map((text) => splitText(text)));
    const remote = values.get('id') ?? '';
    if (!isNetworkId(remote)) continue;
    const { port, target } = place;
    const ports = { ip4: port, ip6: readPort(values.get('p6')) ?? port };
    const hosts = records.flatMap((record) =>
      (record.type === 'a' || record.type === 'aaaa') && record.name === target
        ? [ipText(record.address)]
        : [],
    );
    nodes.push({
      remote,
      major: Number(values.get('v')),
      addresses: believable(hosts, ports, arrival),
      ttlSeconds: Math.min(pointer.ttlSeconds, announceTtlSeconds),
    });
  }
  return nodes;
}

/** The sender's own address first: it was just seen to work. Then what lies on this interface's subnets. */
function believable(hosts: string[], ports: { ip4: number; ip6: number }, arrival: Arrival): string[] {
  const texts = new Set<string>();
  for (const host of [arrival.from, ...hosts]) {
    const family = host.includes(':') ? 'ip6' : 'ip4';
    // A packet that names loopback would have us knock at this machine's own services.
    if (isLoopback(host) || !onOwnSubnet(host, arrival.own)) continue;
    if (ports[family] === 0 || texts.size >= addressesMax) continue;
    const zone = family === 'ip6' && isLinkLocal(host) ? arrival.zone : undefined;
    const canonical = ipText(ipBytes(host));
    texts.add(endpointText({ family, host: canonical, zone, port: ports[family], transport: 'tcp' }));
  }
  return [...texts];
}

function splitText(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at).toLowerCase(), text.slice(at + 1)];
}

function readPort(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65_536
    ? Number(text)
    : undefined;
}

/** An Ed25519 peer id: base58 of 38 bytes beginning 00 24 08 01 12 20. */
function isNetworkId(text: string): text is PeerId {
  return /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/.test(text);
}
