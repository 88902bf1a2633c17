/**
 * A LAN of its own in network namespaces: one bridge, some hosts, no route to anywhere. Needs root and `ip`.
 *
 * Everything it makes carries a name of this process and is removed by that name alone. The bridge lives in
 * a namespace too, so the machine's own network is never touched.
 */
import { execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Why namespaces cannot be had here, or undefined. Tests print it and skip. */
export function namespacesMissing(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const probe = `kith${process.pid}probe`;
  try {
    execFileSync('ip', ['netns', 'add', probe], { stdio: 'pipe' });
    execFileSync('ip', ['netns', 'del', probe], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'this system does not let us make network namespaces (ip netns add failed)';
  }
}

export interface LanOptions {
  hosts: number;
  /** 10.77.0.0/24, or none at all. */
  ipv4: boolean;
  /** `link-local` only, `ula` (fd77::/64) besides, or `none`. */
  ipv6: 'none' | 'link-local' | 'ula';
}

export interface Lan {
  /** Namespace of each host. Its interface is `eth0`. */
  readonly hosts: string[];
  /** The namespace of the bridge `br0`: all traffic passes here. */
  readonly bridge: string;
  address4(host: number): string;
  address6(host: number): string;
  /** Starts a program on a host. The caller ends it. */
  spawn(host: number, command: string, args: string[], options?: SpawnOptions): ChildProcess;
  /** Runs `ip` on a host. */
  ip(host: number, ...args: string[]): string;
  /** Pulls the cable of a host, or puts it back. */
  link(host: number, state: 'up' | 'down'): void;
  /** Removes everything. Programs must have ended. Calling twice is harmless. */
  remove(): void;
}

let made = 0;

export function createLan(options: LanOptions): Lan {
  const prefix = `kith${process.pid}x${made++}`;
  const bridge = `${prefix}br`;
  const hosts = Array.from({ length: options.hosts }, (_, index) => `${prefix}h${index}`);
  const lan: Lan = {
    hosts,
    bridge,
    address4: (host) => `10.77.0.${host + 1}`,
    address6: (host) => `fd77::${host + 1}`,
    spawn: (host, command, args, spawnOptions) =>
      spawn('ip', ['netns', 'exec', hosts[host]!, command, ...args], spawnOptions ?? {}),
    ip: (host, ...args) => run('-n', hosts[host]!, ...args),
    link: (host, state) => void run('-n', bridge, 'link', 'set', `port${host}`, state),
    remove: () => {
      for (const name of [...hosts, bridge]) if (existsSync(`/run/netns/${name}`)) run('netns', 'del', name);
    },
  };
  try {
    addBridge(bridge);
    for (const [index, host] of hosts.entries()) addHost(lan, index, host, options);
  } catch (error) {
    lan.remove();
    throw error;
  }
  return lan;
}

function addBridge(bridge: string): void {
  run('netns', 'add', bridge);
  inside(bridge, 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1');
  run('-n', bridge, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
  run('-n', bridge, 'link', 'set', 'br0', 'up');
}

function addHost(lan: Lan, index: number, host: string, options: LanOptions): void {
  const { bridge } = lan;
  run('netns', 'add', host);
  const disabled = options.ipv6 === 'none' ? 1 : 0;
  // Without duplicate address detection an address is usable at once, as on a machine that has been up.
  for (const scope of ['all', 'default']) {
    inside(host, `net.ipv6.conf.${scope}.disable_ipv6=${disabled}`, `net.ipv6.conf.${scope}.accept_dad=0`);
    inside(host, `net.ipv6.conf.${scope}.dad_transmits=0`, `net.ipv6.conf.${scope}.router_solicitations=0`);
  }
  run('-n', bridge, 'link', 'add', `port${index}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host);
  run('-n', bridge, 'link', 'set', `port${index}`, 'master', 'br0', 'up');
  run('-n', host, 'link', 'set', 'lo', 'up');
  run('-n', host, 'link', 'set', 'eth0', 'up');
  if (options.ipv4) run('-n', host, 'address', 'add', `${lan.address4(index)}/24`, 'dev', 'eth0');
  if (options.ipv6 === 'ula')
    run('-n', host, 'address', 'add', `${lan.address6(index)}/64`, 'dev', 'eth0', 'nodad');
  const routes =
    run('-n', host, 'route', 'show', 'default') + run('-n', host, '-6', 'route', 'show', 'default');
  if (routes.trim() !== '') throw new Error(`a namespace has a way out: ${routes}`);
}

function inside(namespace: string, ...settings: string[]): void {
  for (const setting of settings) {
    const [name, value] = setting.split('=');
    const path = `/proc/sys/${name!.replaceAll('.', '/')}`;
    execFileSync('ip', [
      'netns',
      'exec',
      namespace,
      'sh',
      '-c',
      `echo ${value} > ${path} 2>/dev/null || true`,
    ]);
  }
}

function run(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
