/**
 * Which addresses there are, and which of them count as near. Texts are multiaddrs:
 * `/ip4/192.0.2.7/tcp/4001`, `/ip6/2001:db8::7/tcp/4002/ws`, `/ip6zone/eth0/ip6/fe80::7/tcp/4001`.
 */
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { KithError } from '@kith/core/base/errors';
import type { PeerId } from '@kith/core/base/ids';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';

/** What a multiaddr of ours comes down to. */
export interface Endpoint {
  family: 'ip4' | 'ip6' | 'dns';
  /** Without zone. */
  host: string;
  /** The interface of a link-local IPv6 address. */
  zone: string | undefined;
  port: number;
  transport: 'tcp' | 'ws';
  peer: PeerId | undefined;
}

/** One address of one interface of this machine. */
export interface OwnAddress {
  interfaceName: string;
  family: 'ip4' | 'ip6';
  host: string;
  prefixBits: number;
  /** The number of the interface in an IPv6 address with zone, where the system writes numbers. */
  scope: number | undefined;
  loopback: boolean;
}

const near = new BlockList();
// RFC 1918, RFC 3927, RFC 4193, RFC 4291 (link-local) and loopback.
near.addSubnet('10.0.0.0', 8, 'ipv4');
near.addSubnet('172.16.0.0', 12, 'ipv4');
near.addSubnet('192.168.0.0', 16, 'ipv4');
near.addSubnet('169.254.0.0', 16, 'ipv4');
near.addSubnet('127.0.0.0', 8, 'ipv4');
near.addSubnet('fe80::', 10, 'ipv6');
near.addSubnet('fc00::', 7, 'ipv6');
near.addSubnet('::1', 128, 'ipv6');

/** `::ffff:192.0.2.7` is the IPv4 address 192.0.2.7 met on an IPv6 socket. */
export function plainHost(host: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host);
  return (mapped?.[1] ?? host).replace(/%.*$/, '');
}

/** Private, link-local or loopback: what `--lan only` may touch. Names and public addresses are not. */
export function isNear(host: string): boolean {
  const plain = plainHost(host);
  const family = isIP(plain);
  return family !== 0 && near.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The addresses of interfaces that lead to no wide network, for `--lan only`: an interface with a public IPv4 address
 * does. One with public IPv6 addresses alone may be any home network, and mDNS stays on its link.
 */
export function onLocalInterfaces(own: OwnAddress[]): OwnAddress[] {
  const wide = own.filter(({ family, host }) => family === 'ip4' && !isNear(host));
  const names = new Set(wide.map(({ interfaceName }) => interfaceName));
  return own.filter(({ interfaceName }) => !names.has(interfaceName));
}

export function isLoopback(host: string): boolean {
  const plain = plainHost(host);
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

export function isLinkLocal(host: string): boolean {
  const plain = plainHost(host);
  return isIP(plain) === 4 ? plain.startsWith('169.254.') : /^fe[89ab]/i.test(plain);
}

/** @returns undefined where the text is no address we can listen on or dial. */
export function readEndpoint(text: string): Endpoint | undefined {
  if (text.length > 512) return undefined;
  let parsed: Multiaddr;
  try {
    parsed = multiaddr(text);
  } catch {
    return undefined;
  }
  const parts = parsed.getComponents().map(({ name, value }) => ({ name, value: value ?? '' }));
  const zone = parts[0]?.name === 'ip6zone' ? parts.shift()?.value : undefined;
  const host = parts.shift();
  const port = parts.shift();
  const family = familyOf(host?.name);
  if (host === undefined || family === undefined || port?.name !== 'tcp') return undefined;
  if (zone !== undefined && (family !== 'ip6' || !/^[A-Za-z0-9._:-]{1,32}$/.test(zone))) return undefined;
  const transport = parts[0]?.name === 'ws' ? 'ws' : 'tcp';
  if (transport === 'ws') parts.shift();
  const peer = parts[0]?.name === 'p2p' ? parts.shift()?.value : undefined;
  if (parts.length > 0) return undefined;
  return {
    family,
    host: host.value,
    zone,
    port: Number(port.value),
    transport,
    peer: peer as PeerId | undefined,
  };
}

function familyOf(name: string | undefined): Endpoint['family'] | undefined {
  if (name === 'ip4' || name === 'ip6') return name;
  return name === 'dns4' || name === 'dns6' || name === 'dns' ? 'dns' : undefined;
}

/** The multiaddr of an endpoint, without the peer. Names are resolved by the operating system. */
export function endpointText(endpoint: Omit<Endpoint, 'peer'>): string {
  const zone = endpoint.zone === undefined ? '' : `/ip6zone/${endpoint.zone}`;
  const suffix = endpoint.transport === 'ws' ? '/ws' : '';
  return `${zone}/${endpoint.family}/${endpoint.host}/tcp/${endpoint.port}${suffix}`;
}

/** Checks what a person wrote after `--listen`. Throws `bad-address`, naming the text. */
export function checkListen(texts: string[]): string[] {
  for (const text of texts) {
    const endpoint = readEndpoint(text);
    if (endpoint === undefined || endpoint.family === 'dns' || endpoint.peer !== undefined) {
      throw new KithError(
        'bad-address',
        `Kith cannot listen on "${text}". Examples: /ip4/0.0.0.0/tcp/4001, /ip6/::/tcp/4002/ws`,
      );
    }
  }
  return texts;
}

/** Checks what a person wrote after `--bootstrap`. Throws `bad-address`, naming the text: else nobody would notice. */
export function checkBootstrap(texts: string[], nearOnly: boolean): void {
  for (const text of texts) {
    const endpoint = readEndpoint(text);
    if (endpoint === undefined || endpoint.port === 0) {
      throw new KithError(
        'bad-address',
        `Kith cannot dial "${text}". Examples: /ip4/192.0.2.7/tcp/4001, /dns4/example.org/tcp/4002/ws`,
      );
    }
    if (nearOnly && !isNear(endpoint.host)) {
      throw new KithError(
        'bad-address',
        `With --lan only, "${text}" is not dialled: it is not on a local network.`,
      );
    }
  }
}

/** What of it is dialled where nothing beyond the local network is. */
export function nearBootstrap(texts: string[]): string[] {
  return texts.filter((text) => isNear(readEndpoint(text)?.host ?? ''));
}

/** Where to listen when nobody said: TCP at `port`, WebSocket at the next one, both families. 0: any port. */
export function defaultListen(port: number): string[] {
  const socketPort = port === 0 ? 0 : port === 65_535 ? 65_534 : port + 1;
  return [
    `/ip4/0.0.0.0/tcp/${port}`,
    `/ip6/::/tcp/${port}`,
    `/ip4/0.0.0.0/tcp/${socketPort}/ws`,
    `/ip6/::/tcp/${socketPort}/ws`,
  ];
}

let lastOwn: OwnAddress[] = [];

/**
 * Every usable address of this machine now, in the order of the operating system. Where it cannot tell, as when no file
 * may be opened any more, those of the last time.
 */
export function ownAddresses(ask: typeof networkInterfaces = networkInterfaces): OwnAddress[] {
  let told: ReturnType<typeof networkInterfaces>;
  try {
    told = ask();
  } catch {
    return lastOwn;
  }
  const own: OwnAddress[] = [];
  for (const [interfaceName, addresses] of Object.entries(told)) {
    for (const found of addresses ?? []) {
      const { address, family, cidr, internal } = found;
      const prefixBits = Number(cidr?.split('/')[1] ?? (family === 'IPv4' ? 32 : 128));
      own.push({
        interfaceName,
        family: family === 'IPv4' ? 'ip4' : 'ip6',
        host: plainHost(address),
        prefixBits,
        scope: found.family === 'IPv6' ? found.scopeid : undefined,
        loopback: internal,
      });
    }
  }
  lastOwn = own;
  return own;
}

/** What stands for the interface in a link-local IPv6 address of this machine. */
export function zoneOf({ interfaceName, scope }: OwnAddress): string {
  return process.platform === 'win32' ? String(scope) : interfaceName;
}

/** Whether a host lies on a subnet of ours (loopback and link-local IPv6 always do). */
export function onOwnSubnet(host: string, own: OwnAddress[]): boolean {
  const plain = plainHost(host);
  const version = isIP(plain);
  if (version === 0) return false;
  if (isLoopback(plain)) return true;
  const family = version === 4 ? 'ip4' : 'ip6';
  const nodeFamily = version === 4 ? 'ipv4' : 'ipv6';
  return own.some((address) => {
    if (address.family !== family || address.loopback) return false;
    const subnet = new BlockList();
    subnet.addSubnet(address.host, address.prefixBits, nodeFamily);
    return subnet.check(plain, nodeFamily);
  });
}

/**
 * What others may dial, given where the listeners stand. Wildcards become this machine's addresses;
 * loopback only where nothing else is left. Link-local IPv6 is named with our zone: a stranger on the
 * same link must put theirs in its place.
 */
export function dialable(listening: string[], own: OwnAddress[]): string[] {
  const far: string[] = [];
  const loop: string[] = [];
  for (const text of listening) {
    const endpoint = readEndpoint(text);
    if (endpoint === undefined) continue;
    const wildcard = endpoint.host === '0.0.0.0' || endpoint.host === '::';
    const hosts = wildcard ? own.filter(({ family }) => family === endpoint.family) : [undefined];
    for (const address of hosts) {
      const host = address?.host ?? endpoint.host;
      const local = endpoint.family === 'ip6' && isLinkLocal(host);
      if (local && endpoint.transport === 'ws') continue; // A URL has no place for the zone.
      const zone = local && address !== undefined ? zoneOf(address) : endpoint.zone;
      (isLoopback(host) ? loop : far).push(endpointText({ ...endpoint, host, zone }));
    }
  }
  const chosen = far.length > 0 ? far : loop;
  // Short and stable first: TCP before WebSocket, global before link-local.
  return [...new Set(chosen)].sort((a, b) => rank(a) - rank(b));
}

function rank(text: string): number {
  return (text.endsWith('/ws') ? 2 : 0) + (text.startsWith('/ip6zone') || text.includes('/fe80') ? 1 : 0);
}
