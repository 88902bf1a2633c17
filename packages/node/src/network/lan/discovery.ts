/**
 * Finds nodes on the local networks by mDNS, and is found. One socket per interface and family.
 *
 * Announces at start, when an interface comes, after sleep and then about once a minute; asks at the same
 * moments in quick succession and then no more, since announcements are heard by all. Says goodbye at the
 * end. Sends nothing to any address but the two multicast groups.
 */
import { randomBytes } from 'node:crypto';
import type { PeerId } from '@kith/core/base/ids';
import { onOwnSubnet, ownAddresses, zoneOf, type OwnAddress } from '../addresses.ts';
import { protocolMajor } from '../limits.ts';
import { decodePacket, encodePacket } from './dns.ts';
import {
  announceTtlSeconds,
  asksForService,
  queryPacket,
  readService,
  servicePacket,
  type OwnService,
} from './announcement.ts';
import { groups, LanSocket, mdnsPort } from './socket.ts';
import { LanTable, type TableOutput } from './table.ts';

export interface DiscoveryEvents {
  found(remote: PeerId, addresses: string[]): void;
  lost(remote: PeerId): void;
  /** The addresses of this machine changed. */
  moved(own: OwnAddress[]): void;
  /** A group is about to be asked. `address` is a multiaddr. */
  contacting(address: string): void;
  /** A node of another major is here. */
  otherMajor(major: number): void;
}

/** When to ask and announce after something changed: fast in the first second, then sparse. */
const burstMs = [0, 250, 1_000, 3_000, 9_000, 27_000];
const announceEveryMs = 55_000;
/** How often interfaces and the clock are looked at. */
const pollMs = 2_000;
/** A poll this late means that the machine slept. */
const sleptMs = 10_000;
/** RFC 6762 §6: shared answers wait 20 to 120 ms, and go out at most once a second. */
const answerDelayMs = { min: 20, spread: 100 };
const answerEveryMs = 1_000;
const interfacesMax = 16;

interface Channel {
  socket: LanSocket;
  answeredAtMs: number;
  answerTimer: NodeJS.Timeout | undefined;
}

export class Discovery {
  readonly #service: OwnService;
  readonly #events: DiscoveryEvents;
  readonly #usable: (own: OwnAddress[]) => OwnAddress[];
  readonly #table = new LanTable();
  readonly #channels = new Map<string, Channel>();
  readonly #failures = new Map<string, string>();
  #timers: NodeJS.Timeout[] = [];
  #poll: NodeJS.Timeout | undefined;
  #polledAtMs = Date.now();
  #known = '';
  #stopped = false;

  /** @param usable - of this machine's addresses, those whose interfaces we speak on. */
  constructor(
    service: Omit<OwnService, 'instance'>,
    events: DiscoveryEvents,
    usable: (own: OwnAddress[]) => OwnAddress[] = (own) => own,
  ) {
    this.#usable = usable;
    this.#service = { ...service, instance: randomBytes(8).toString('hex') };
    this.#events = events;
  }

  /** Resolves when the interfaces of now are being listened on. */
  async start(): Promise<void> {
    const own = ownAddresses();
    this.#known = JSON.stringify(own);
    await this.#open(own);
    this.#burst();
    this.#poll = setInterval(() => this.#look(), pollMs);
  }

  /** Says goodbye. Resolves when the sockets are closed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#poll);
    for (const timer of this.#timers) clearTimeout(timer);
    const channels = [...this.#channels.values()];
    for (const { answerTimer } of channels) clearTimeout(answerTimer);
    await Promise.all(channels.map(({ socket }) => socket.send(this.#announcement(socket, 0))));
    for (const { socket } of channels) socket.close();
    this.#channels.clear();
  }

  has(remote: PeerId): boolean {
    return this.#table.has(remote);
  }

  /** Nodes heard now. */
  get heard(): number {
    return this.#table.size;
  }

  /** Interfaces that could not be used, with the operating system's code. */
  failures(): [interfaceName: string, code: string][] {
    return [...this.#failures];
  }

  async #open(own: OwnAddress[]): Promise<void> {
    const wanted = new Map<string, OwnAddress[]>();
    for (const address of this.#usable(own)) {
      if (address.loopback) continue;
      const key = `${address.interfaceName} ${address.family}`;
      wanted.set(key, [...(wanted.get(key) ?? []), address]);
    }
    for (const [key, { socket, answerTimer }] of this.#channels) {
      const addresses = wanted.get(key);
      if (
        addresses !== undefined &&
        JSON.stringify(addresses) === JSON.stringify(socket.init.own) &&
        socket.ready
      ) {
        continue;
      }
      clearTimeout(answerTimer);
      socket.close();
      this.#channels.delete(key);
      if (addresses === undefined) this.#tell(this.#table.interfaceGone(socket.init.interfaceName));
    }
    const opening: Promise<void>[] = [];
    this.#failures.clear();
    for (const [key, addresses] of wanted) {
      if (this.#channels.has(key) || this.#channels.size >= interfacesMax) continue;
      opening.push(this.#openOne(key, addresses));
    }
    await Promise.all(opening);
  }

  #openOne(key: string, own: OwnAddress[]): Promise<void> {
    const { interfaceName, family } = own[0]!;
    const socket = new LanSocket(
      { family, interfaceName, own },
      {
        packet: (bytes, from) => this.#packet(key, bytes, from),
        failed: (code) => this.#failures.set(interfaceName, code),
      },
    );
    this.#channels.set(key, { socket, answeredAtMs: -Infinity, answerTimer: undefined });
    return socket.open();
  }

  #burst(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = burstMs.map((afterMs) => this.#later(afterMs, () => this.#announceAndAsk()));
    this.#timers.push(this.#later(announceEveryMs, () => this.#repeat()));
  }

  #later(afterMs: number, act: () => void): NodeJS.Timeout {
    // Up to a tenth later, so that a room full of machines that wake together spreads out.
    return setTimeout(act, afterMs * (1 + Math.random() / 10));
  }

  #repeat(): void {
    for (const channel of this.#channels.values()) this.#announce(channel);
    this.#timers = [this.#later(announceEveryMs, () => this.#repeat())];
  }

  #announceAndAsk(): void {
    for (const channel of this.#channels.values()) {
      this.#announce(channel);
      this.#contacting(channel.socket);
      void channel.socket.send(encodePacket(queryPacket()));
    }
  }

  #announce(channel: Channel): void {
    const { socket } = channel;
    const { port4, port6 } = this.#service;
    if (!socket.ready || (port4 ?? port6) === undefined) return;
    channel.answeredAtMs = performance.now();
    this.#contacting(socket);
    void socket.send(this.#announcement(socket, announceTtlSeconds));
  }

  #contacting({ init: { family } }: LanSocket): void {
    this.#events.contacting(`/${family}/${groups[family]}/udp/${mdnsPort}`);
  }

  #announcement(socket: LanSocket, ttlSeconds: number): Uint8Array {
    // Both families of the interface: who hears us on one may reach us on the other.
    const { interfaceName } = socket.init;
    const own = [...this.#channels.values()]
      .filter((channel) => channel.socket.init.interfaceName === interfaceName)
      .flatMap((channel) => channel.socket.init.own);
    return encodePacket(servicePacket(this.#service, own, ttlSeconds));
  }

  #packet(key: string, bytes: Uint8Array, from: string): void {
    const channel = this.#channels.get(key);
    const packet = decodePacket(bytes);
    if (channel === undefined || packet === undefined || this.#stopped) return;
    const { interfaceName, own } = channel.socket.init;
    if (!onOwnSubnet(from, own)) return;
    if (!packet.response) {
      if (asksForService(packet)) this.#answerSoon(channel);
      return;
    }
    const all = [...this.#channels.values()]
      .filter(({ socket }) => socket.init.interfaceName === interfaceName)
      .flatMap(({ socket }) => socket.init.own);
    const nowMs = performance.now();
    for (const node of readService(packet, this.#service.instance, {
      from,
      zone: zoneOf(own[0]!),
      own: all,
    })) {
      if (node.remote === this.#service.self) continue;
      if (node.major !== protocolMajor) this.#events.otherMajor(node.major);
      else this.#tell(this.#table.heard(node, { from, interfaceName }, nowMs));
    }
  }

  #answerSoon(channel: Channel): void {
    if (channel.answerTimer !== undefined) return;
    const nowMs = performance.now();
    const politeMs = answerDelayMs.min + Math.random() * answerDelayMs.spread;
    const waitMs = Math.max(politeMs, channel.answeredAtMs + answerEveryMs - nowMs);
    channel.answerTimer = setTimeout(() => {
      channel.answerTimer = undefined;
      this.#announce(channel);
    }, waitMs);
  }

  #look(): void {
    const own = ownAddresses();
    const known = JSON.stringify(own);
    const nowMs = Date.now();
    const slept = nowMs - this.#polledAtMs > pollMs + sleptMs;
    this.#polledAtMs = nowMs;
    this.#tell(this.#table.expire(performance.now()));
    const moved = known !== this.#known;
    const channels = [...this.#channels.values()];
    if (!moved && !slept && channels.every(({ socket }) => socket.ready)) return;
    this.#known = known;
    if (moved) this.#events.moved(own);
    const before = channels.filter(({ socket }) => socket.ready).length;
    void this.#open(own).then(() => {
      const ready = [...this.#channels.values()].filter(({ socket }) => socket.ready).length;
      if (!this.#stopped && (moved || slept || ready > before)) this.#burst();
    });
  }

  #tell(outputs: TableOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'found') this.#events.found(output.remote, output.addresses);
      else this.#events.lost(output.remote);
    }
  }
}
