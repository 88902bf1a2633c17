/**
 * An internet of its own in network namespaces: hosts behind one router, each in a /16 of its own, on two continents
 * (45/8 and 46/8) that can be cut apart. Its addresses look public; there is no way out. Needs root and `ip`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Wan {
  /** Namespace of each host; its interface is `eth0`. */
  readonly hosts: string[];
  address(host: number): string;
  /** 0 or 1: the first half of the hosts is on continent 0. */
  continent(host: number): number;
  /** Packets between the continents are dropped in both directions, without a word to either end. */
  part(): void;
  heal(): void;
  /** Bytes the host's interface has sent and received, with all headers. */
  traffic(host: number): { sent: number; received: number };
  /** Removes everything. Programs must have ended. Calling twice is harmless. */
  remove(): void;
}

/** Addresses have one byte for the host. */
const hostsMax = 180;
let made = 0;

export function createWan(count: number): Wan {
  if (count > hostsMax) throw new Error(`a test internet has at most ${hostsMax} hosts`);
  const prefix = `kith${process.pid}w${made++}`;
  const router = `${prefix}r`;
  const hosts = Array.from({ length: count }, (_, index) => `${prefix}h${index}`);
  const continent = (host: number): number => (host < count / 2 ? 0 : 1);
  const network = (host: number): string => `${45 + continent(host)}.${66 + host}.0`;
  const wan: Wan = {
    hosts,
    address: (host) => `${network(host)}.2`,
    continent,
    part: () => between(router, 'add'),
    heal: () => between(router, 'del'),
    traffic: (host) => traffic(hosts[host]!),
    remove: () => {
      for (const name of [...hosts, router]) if (existsSync(`/run/netns/${name}`)) ip('netns', 'del', name);
    },
  };
  try {
    ip('netns', 'add', router);
    ip('-n', router, 'link', 'set', 'lo', 'up');
    execFileSync('ip', ['netns', 'exec', router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
    for (const [index, host] of hosts.entries())
      addHost(router, host, { port: `p${index}`, network: network(index) });
    const wayOut = ip('-n', router, 'route', 'show', 'default');
    if (wayOut.trim() !== '') throw new Error(`the test internet has a way out: ${wayOut}`);
  } catch (error) {
    wan.remove();
    throw error;
  }
  return wan;
}

function addHost(router: string, host: string, { port, network }: { port: string; network: string }): void {
  ip('netns', 'add', host);
  for (const scope of ['all', 'default']) {
    const off = `echo 1 > /proc/sys/net/ipv6/conf/${scope}/disable_ipv6 2>/dev/null || true`;
    execFileSync('ip', ['netns', 'exec', host, 'sh', '-c', off]);
  }
  ip('-n', router, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host);
  ip('-n', router, 'address', 'add', `${network}.1/24`, 'dev', port);
  ip('-n', router, 'link', 'set', port, 'up');
  ip('-n', host, 'link', 'set', 'lo', 'up');
  ip('-n', host, 'link', 'set', 'eth0', 'up');
  ip('-n', host, 'address', 'add', `${network}.2/24`, 'dev', 'eth0');
  ip('-n', host, 'route', 'add', 'default', 'via', `${network}.1`);
}

function between(router: string, how: 'add' | 'del'): void {
  ip('-n', router, 'rule', how, 'from', '45.0.0.0/8', 'to', '46.0.0.0/8', 'blackhole');
  ip('-n', router, 'rule', how, 'from', '46.0.0.0/8', 'to', '45.0.0.0/8', 'blackhole');
}

function traffic(host: string): { sent: number; received: number } {
  const [link] = JSON.parse(ip('-n', host, '-json', '-statistics', 'link', 'show', 'eth0')) as {
    stats64: { rx: { bytes: number }; tx: { bytes: number } };
  }[];
  return { sent: link!.stats64.tx.bytes, received: link!.stats64.rx.bytes };
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
