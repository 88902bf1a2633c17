/**
 * Where a network address lies: how far it reaches, who its neighbours are, and its one text form.
 * Texts are multiaddrs: `/ip4/192.0.2.7/tcp/4001`, `/ip6/2001:db8::7/tcp/4002/ws`, `/dns4/example.org/tcp/4001`.
 *
 * Two readers: {@link scopeOf} and {@link subnetOf} look at the host of any multiaddr, also with zone or peer id,
 * because the network adapter hands such ones over; {@link canonicalAddress} is strict, because others will dial
 * what passes it.
 */
import { formatIp6, ip4Of, parseIp4, parseIp6 } from './ip.ts';

/** How far an address reaches: this machine, this site (LAN, VPN, carrier), or everywhere. Narrowest first. */
export type Scope = 'loopback' | 'site' | 'global';

/** Longest address in a record, in characters. */
export const addressLengthMax = 128;
const textLengthMax = 512;
const nameLengthMax = 100;
const scopes: readonly Scope[] = ['loopback', 'site', 'global'];

type Host = { kind: 'ip4' | 'ip6' | 'dns4' | 'dns6' | 'dns'; text: string };

/** How far an address reaches, or undefined where nobody can be reached at it (or it cannot be read). */
export function scopeOf(address: string): Scope | undefined {
  const host = hostOf(address);
  if (host === undefined) return undefined;
  if (host.kind === 'ip4') {
    const bytes = parseIp4(host.text);
    return bytes && scopeOfIp4(bytes);
  }
  if (host.kind === 'ip6') {
    const groups = parseIp6(host.text);
    return groups && scopeOfIp6(groups);
  }
  return isName(host.text) ? scopeOfName(host.text) : undefined;
}

/**
 * Whose neighbour an address is: `4:192.0` (IPv4 /16), `6:2001:db8` (IPv6 /32), `dns:example.org` (the last two labels
 * of its name: whoever owns a domain has as many names in it as they like).
 * IPv4 inside IPv6 counts as the IPv4 address. Undefined where the address cannot be read.
 */
export function subnetOf(address: string): string | undefined {
  const host = hostOf(address);
  if (host === undefined) return undefined;
  if (host.kind === 'ip4' || host.kind === 'ip6') {
    const groups = host.kind === 'ip6' ? parseIp6(host.text) : undefined;
    const bytes = host.kind === 'ip4' ? parseIp4(host.text) : groups && ip4Of(groups);
    if (bytes !== undefined) return `4:${bytes[0]!}.${bytes[1]!}`;
    return groups && `6:${groups[0]!.toString(16)}:${groups[1]!.toString(16)}`;
  }
  return isName(host.text) ? `dns:${host.text.toLowerCase().split('.').slice(-2).join('.')}` : undefined;
}

/** In whose hands an address is: one IPv4 address, one IPv6 /64, the owner of a name. Undefined where it cannot be read. */
export function machineOf(address: string): string | undefined {
  const link = linkOf(address);
  if (link !== undefined) return `6:${link}`;
  const host = hostOf(address);
  return host?.kind === 'ip4' ? `4:${host.text}` : subnetOf(address);
}

/** Whether this is an IPv6 address of a /64 that one of `others` is in: the same link, where routers do nothing. */
export function isOnLinkWith(address: string, others: readonly string[]): boolean {
  const link = linkOf(address);
  return link !== undefined && others.some((other) => linkOf(other) === link);
}

/** The narrowest scope among these, or undefined where there are none or one of them has none. */
export function narrowest(addresses: readonly string[]): Scope | undefined {
  let narrowestYet = scopes.length;
  for (const address of addresses) {
    const scope = scopeOf(address);
    if (scope === undefined) return undefined;
    narrowestYet = Math.min(narrowestYet, scopes.indexOf(scope));
  }
  return scopes[narrowestYet];
}

/** Whether what has this scope may be told to somebody who stands at `other`: equal or narrower. */
export function reaches(scope: Scope, other: Scope): boolean {
  return scopes.indexOf(scope) >= scopes.indexOf(other);
}

/**
 * The one text of an address that others may be asked to dial: host, `/tcp/` and port, `/ws` or nothing. Undefined
 * for all else: zones, peer ids, other transports, port 0, unspecified, multicast, broadcast and reserved
 * addresses, IPv4 inside IPv6, names that are numbers in disguise, texts longer than {@link addressLengthMax}.
 */
export function canonicalAddress(text: string): string | undefined {
  if (text.length > addressLengthMax) return undefined;
  const match = /^\/(ip4|ip6|dns4|dns6|dns)\/([^/]+)\/tcp\/([1-9][0-9]{0,4})(\/ws)?$/.exec(text);
  if (match === null || Number(match[3]) > 65_535 || scopeOf(text) === undefined) return undefined;
  const kind = match[1]!;
  const host = canonicalHost(kind, match[2]!);
  if (host === undefined) return undefined;
  const canonical = `/${kind}/${host}/tcp/${match[3]!}${match[4] ?? ''}`;
  return canonical.length <= addressLengthMax ? canonical : undefined;
}

function canonicalHost(kind: string, host: string): string | undefined {
  if (kind !== 'ip6') return host.toLowerCase();
  const groups = parseIp6(host);
  return groups === undefined || ip4Of(groups) !== undefined ? undefined : formatIp6(groups);
}

/** The first 64 bits of an IPv6 address. */
function linkOf(address: string): string | undefined {
  const host = hostOf(address);
  return host?.kind === 'ip6' ? parseIp6(host.text)?.slice(0, 4).join(':') : undefined;
}

function hostOf(address: string): Host | undefined {
  if (address.length > textLengthMax) return undefined;
  const match = /^(?:\/ip6zone\/[^/]{1,32}(?=\/ip6\/))?\/(ip4|ip6|dns4|dns6|dns)\/([^/]+)(?:\/|$)/.exec(
    address,
  );
  return match === null ? undefined : { kind: match[1] as Host['kind'], text: match[2]! };
}

function scopeOfIp4([a = 0, b = 0]: Uint8Array): Scope | undefined {
  // This network, multicast, reserved and broadcast (RFC 6890).
  if (a === 0 || a >= 224) return undefined;
  if (a === 127) return 'loopback';
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return 'site';
  // Link-local (RFC 3927) and carrier-grade NAT (RFC 6598).
  if ((a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128)) return 'site';
  return 'global';
}

function scopeOfIp6(groups: readonly number[]): Scope | undefined {
  const inner = ip4Of(groups);
  if (inner !== undefined) return scopeOfIp4(inner);
  const first = groups[0]!;
  const rest = groups.slice(0, 7).every((group) => group === 0);
  if (rest && groups[7] === 0) return undefined;
  if (rest && groups[7] === 1) return 'loopback';
  if (first >= 0xff00) return undefined;
  // Link-local, site-local (RFC 3879) and unique local (RFC 4193).
  if (first >= 0xfe80 || (first >= 0xfc00 && first < 0xfe00)) return 'site';
  // Nothing else is given to anybody (RFC 4291 §2.4).
  return first >= 0x2000 && first < 0x4000 ? 'global' : undefined;
}

/**
 * Letters, digits and hyphens; never one whose end is a number: `1.2.3.4`, `127.1` or `0x7f000001` as a "name" are
 * addresses to every resolver, and would slip past the scope.
 */
function isName(name: string): boolean {
  if (name.length > nameLengthMax) return false;
  const parts = name.split('.');
  if (!parts.every((part) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(part))) return false;
  return !/^(?:[0-9]+|0x[0-9a-f]*)$/i.test(parts.at(-1)!);
}

/** A name without a dot is completed by the local resolver; the others are reserved for local use. */
function scopeOfName(name: string): Scope {
  const lower = name.toLowerCase();
  if (/(?:^|\.)localhost$/.test(lower)) return 'loopback';
  if (!lower.includes('.') || /\.(?:local|lan|internal|localdomain|home\.arpa)$/.test(lower)) return 'site';
  return 'global';
}
