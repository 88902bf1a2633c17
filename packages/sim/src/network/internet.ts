/**
 * Everything between the nodes: hosts with addresses, LANs, NAT boxes, partitions, and the weather. It decides who
 * reaches whom and when; what a node does with it is its own affair (sim-network.ts).
 */
import { invariant } from '@kith/core/base/invariant';
import type { Task } from '../world/agenda.ts';
import type { Stream } from '../world/chance.ts';
import type { Trace } from '../world/trace.ts';
import { AddressPlan, listenPort, multiaddrOf, readMultiaddr } from './addresses.ts';
import type { LatencyModel, Site } from './latency.ts';
import { NatBox, type NatKind } from './nat.ts';
import type { SimNetwork } from './sim-network.ts';
import { fairWeather, lateness, type Weather } from './weather.ts';

/** What the Internet needs of the world. */
export interface InternetWorld {
  readonly nowMs: number;
  readonly trace: Trace;
  plan(delayMs: number, task: Task): void;
}

export interface HostOptions {
  /** Name of a LAN: its nodes hear each other by mDNS and have private addresses. */
  lan?: string | undefined;
  /** The box between the node (or its LAN) and the Internet. */
  nat?: NatKind | undefined;
  /** Where its public address lies: `203.0` or `203.0.113`. Undefined: in a /16 of its own. */
  subnet?: string | undefined;
  /** Row of the table of a region model. */
  region?: number | undefined;
  /** Upload, bytes a millisecond; `Infinity`: no bound. Undefined: as the world's lines are. */
  bytesPerMs?: number | undefined;
}

/** One machine. It stays when its node restarts. */
export interface Host extends Site {
  privateIp: string | undefined;
  publicIp: string;
  nat: NatBox<Host> | undefined;
  bytesPerMs: number;
  /** The node that runs on it now. */
  network: SimNetwork | undefined;
  /** Without power nothing answers, not even with a refusal. */
  hasPower: boolean;
}

interface Lan {
  name: string;
  number: number;
  nat: NatBox<Host> | undefined;
  hosts: Host[];
}

/** mDNS answers hold this long; a node that is gone is missed after it. */
export const lanTtlMs = 120_000;
const natIdleMsDefault = 300_000;
/** RFC 6298: the first segment of a connection is sent again after a second. */
const synResendMs = 1_000;

export class Internet {
  readonly world: InternetWorld;
  readonly random: Stream;
  weather: Weather = fairWeather;
  /** Upload of a host that does not say, bytes a millisecond. */
  lineOf: (host: number) => number = () => Infinity;
  readonly #latency: LatencyModel;
  readonly #plan = new AddressPlan();
  readonly #hosts: Host[] = [];
  readonly #lans = new Map<string, Lan>();
  readonly #byAddress = new Map<string, Host>();
  readonly #boxes = new Map<string, NatBox<Host>>();
  /** Group of each host while the net is parted. */
  #groups: Int32Array | undefined;
  /** `from>to` pairs of groups between which nothing passes, where only one way is cut. */
  #oneWay: ((from: number, to: number) => boolean)[] = [];
  /** Frames and bytes that left, by first byte of the frame. */
  readonly sentFrames: Float64Array = new Float64Array(256);
  readonly sentBytes: Float64Array = new Float64Array(256);

  constructor(world: InternetWorld, latency: LatencyModel, random: Stream) {
    this.world = world;
    this.random = random;
    this.#latency = latency;
  }

  addHost(options: HostOptions): Host {
    const { nat = 'none', subnet, lan: lanName } = options;
    const lan = lanName === undefined ? undefined : this.#lan(lanName);
    let box = lan?.nat;
    if (nat !== 'none' && box === undefined) {
      box = new NatBox({ kind: nat, publicIp: this.#plan.next(subnet), idleMs: natIdleMsDefault });
      this.#boxes.set(box.publicIp, box);
      if (lan !== undefined) lan.nat = box;
    }
    const host: Host = {
      host: this.#hosts.length,
      region: options.region ?? 0,
      lan: lanName,
      privateIp: privateIp(lan, this.#hosts.length, box !== undefined),
      publicIp: box?.publicIp ?? this.#plan.next(subnet),
      nat: box,
      bytesPerMs: options.bytesPerMs ?? this.lineOf(this.#hosts.length),
      network: undefined,
      hasPower: true,
    };
    this.#hosts.push(host);
    lan?.hosts.push(host);
    if (box?.kind === 'forwarded') box.forwarded ??= host;
    if (box === undefined) this.#byAddress.set(`${host.publicIp}:${listenPort}`, host);
    return host;
  }

  /** Gives a host another public address, in a subnet of its own. Its node is down, and it stands behind no box. */
  move(host: Host): void {
    invariant(host.network === undefined && host.nat === undefined, 'only who is down and alone moves');
    this.#byAddress.delete(`${host.publicIp}:${listenPort}`);
    host.publicIp = this.#plan.next(undefined);
    this.#byAddress.set(`${host.publicIp}:${listenPort}`, host);
  }

  /** Where a node on this host can be dialled as far as it knows: it sees its interfaces, and nothing of a box. */
  addressesOf(host: Host): string[] {
    const near = host.privateIp === undefined ? [] : [multiaddrOf(host.privateIp, listenPort)];
    return host.nat === undefined ? [...near, multiaddrOf(host.publicIp, listenPort)] : near;
  }

  latencyMs(one: Site, other: Site): number {
    return this.#latency.betweenMs(one, other);
  }

  /** So many ways one after another, to and fro, while a link is made: in the weather that all frames have. */
  waysMs(latencyMs: number, count: number): number {
    if (this.weather === fairWeather) return latencyMs * count;
    let ms = 0;
    for (let way = 0; way < count; way++) {
      ms += latencyMs + lateness(this.weather, { latencyMs, resendMsMin: synResendMs }, this.random);
    }
    return ms;
  }

  /** Who answers at an address when `from` knocks. `silence`: nothing comes back, not even a refusal. */
  find(from: Host, address: string): { host: Host; seenAs: string; near: boolean } | 'silence' {
    const to = readMultiaddr(address);
    if (to === undefined) return 'silence';
    const { nowMs } = this.world;
    if (to.isPrivate) {
      const lan = from.lan === undefined ? undefined : this.#lans.get(from.lan);
      const host = lan?.hosts.find((each) => each.privateIp === to.ip);
      if (host === undefined || to.port !== listenPort) return 'silence';
      return { host, seenAs: multiaddrOf(from.privateIp ?? from.publicIp, ephemeral(from)), near: true };
    }
    const inside = `${from.privateIp ?? from.publicIp}:${listenPort}`;
    const port = from.nat?.out(from, { from: inside, to }, nowMs) ?? ephemeral(from);
    const seenAs = multiaddrOf(from.publicIp, port);
    const box = this.#boxes.get(to.ip);
    const host =
      box === undefined
        ? this.#byAddress.get(`${to.ip}:${to.port}`)
        : to.port === listenPort
          ? box.forwarded
          : box.knock(to.port, { ip: from.publicIp, port }, nowMs);
    return host === undefined ? 'silence' : { host, seenAs, near: false };
  }

  /** Whether frames from one host cannot come to the other now. */
  isCut(from: Host, to: Host): boolean {
    const groups = this.#groups;
    if (groups !== undefined && groups[from.host] !== groups[to.host]) return true;
    for (const cut of this.#oneWay) if (cut(from.host, to.host)) return true;
    return false;
  }

  /** Hosts of different groups hear nothing of each other. */
  part(groupOf: (host: number) => number): void {
    this.#groups = Int32Array.from(this.#hosts, (_, host) => groupOf(host));
    this.#loseNeighbours();
  }

  /** Nothing passes from hosts of the first set to those of the second; the other way all does. */
  cutOneWay(from: ReadonlySet<number>, to: ReadonlySet<number>): void {
    this.#oneWay.push((one, other) => from.has(one) && to.has(other));
    this.#loseNeighbours();
  }

  /** Ends every partition. What was held back comes when TCP sends it again (stall.ts). */
  heal(): void {
    this.#groups = undefined;
    this.#oneWay = [];
    for (const { hosts } of this.#lans.values()) for (const host of hosts) host.network?.lan.announce();
  }

  neighbours(host: Host): Host[] {
    const lan = host.lan === undefined ? undefined : this.#lans.get(host.lan);
    return lan?.hosts.filter((each) => each !== host) ?? [];
  }

  #loseNeighbours(): void {
    for (const { hosts } of this.#lans.values()) {
      for (const host of hosts) host.network?.lan.missNeighbours();
    }
  }

  #lan(name: string): Lan {
    const known = this.#lans.get(name);
    if (known !== undefined) return known;
    const lan: Lan = { name, number: this.#lans.size, nat: undefined, hosts: [] };
    this.#lans.set(name, lan);
    return lan;
  }
}

/** Real LANs share the same few private ranges; nodes of different ones cannot reach each other by them. */
function privateIp(lan: Lan | undefined, host: number, behindBox: boolean): string | undefined {
  if (lan === undefined) return behindBox ? `192.168.1.${2 + (host % 200)}` : undefined;
  const index = lan.hosts.length;
  return `10.${lan.number & 255}.${index >> 8}.${index & 255}`;
}

function ephemeral(from: Host): number {
  return 40_000 + (from.host % 20_000);
}
