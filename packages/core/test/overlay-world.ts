/**
 * Many overlay machines on a virtual clock. Links are made and broken by the world; records are texts that say where
 * their peer lies, so that a flood of them costs no memory. What is honest and what is not, a test decides.
 */
import type { LinkId, PeerId } from '../src/base/ids.ts';
import type { Scope } from '../src/base/place.ts';
import { type Random, seededRandom } from '../src/base/random.ts';
import { utf8, utf8Decode } from '../src/base/bytes.ts';
import { Overlay, type OverlayInput } from '../src/protocol/overlay/overlay.ts';
import { type OverlayConfig, overlayDefaults } from '../src/protocol/overlay/overlay-config.ts';
import type { OverlayFrame, OverlayOutput, OverlayPorts } from '../src/protocol/overlay/overlay-state.ts';
import type { RecordEntry } from '../src/wire/record-entries.ts';
import { Agenda } from './agenda.ts';

export const openTopic: Uint8Array = new Uint8Array(16);

/** `192.168` and the like are near; everything else is a subnet far away. */
export function peerAt(subnet: string, number: number): PeerId {
  return `${subnet}|${number}` as PeerId;
}

export function placeOf(peer: PeerId): { subnet: string; scope: Scope } {
  const subnet = peer.slice(0, peer.indexOf('|'));
  return { subnet, scope: subnet === 'lan' ? 'site' : 'global' };
}

export function recordOf(peer: PeerId): RecordEntry {
  return { hops: 0, remainingSeconds: 3_600, record: utf8(peer) };
}

export function peerOfRecord(entry: RecordEntry): PeerId {
  return utf8Decode(entry.record) as PeerId;
}

export interface WorldLink {
  link: LinkId;
  ends: [WorldNode, WorldNode];
  held: [boolean, boolean];
  brief: boolean;
  open: boolean;
}

/** Whoever takes part: a machine of the product, or a puppet of a test. */
export interface WorldNode {
  readonly peer: PeerId;
  alive: boolean;
  /** Nodes of different sides cannot reach each other. */
  side: number;
  readonly links: Map<LinkId, WorldLink>;
  onOpen(link: WorldLink, dialled: boolean): void;
  onFrame(link: WorldLink, frame: OverlayFrame): void;
  onClosed(link: WorldLink): void;
}

export interface WorldOptions {
  seed: number;
  config?: OverlayConfig;
  /** One way, in ms: drawn for each pair of nodes, and kept. */
  latencyMs?: [number, number];
  /** Share of the dead whose links are noticed only by their silence, and when. */
  silentShare?: number;
  silentMs?: number;
  /** A dial to nowhere fails after this, for half of them; the other half is refused at once. */
  dialMs?: number;
}

const lingerMs = 10_000;
const linksMax = 64;

export class OverlayWorld {
  readonly random: Random;
  readonly nodes: MachineNode[] = [];
  readonly byPeer: Map<PeerId, WorldNode> = new Map();
  readonly options: Required<WorldOptions>;
  nowMs = 1_000_000;
  /** Frames and their bytes of records, and events, so far. */
  readonly counts = { frames: 0, events: 0, dials: 0, dialsInVain: 0, starving: 0, misbehaved: 0 };
  readonly kinds: Set<string> = new Set();
  trace = 0;
  /** Who answers a dial to a peer that is no node of ours. */
  stranger: (peer: PeerId) => WorldNode | undefined = () => undefined;
  readonly #agenda = new Agenda();
  #nextLink = 1;
  #pairSeed: number;

  constructor(options: WorldOptions) {
    this.options = {
      config: overlayDefaults,
      latencyMs: [10, 100],
      silentShare: 0.5,
      silentMs: 75_000,
      dialMs: 5_000,
      ...options,
    };
    this.random = seededRandom(options.seed);
    this.#pairSeed = Math.floor(this.random.next() * 2 ** 32);
  }

  node(subnet: string): MachineNode {
    const node = new MachineNode(this, peerAt(subnet, this.byPeer.size));
    this.nodes.push(node);
    this.byPeer.set(node.peer, node);
    return node;
  }

  add(node: WorldNode): void {
    this.byPeer.set(node.peer, node);
  }

  alive(): MachineNode[] {
    return this.nodes.filter((node) => node.alive);
  }

  at(delayMs: number, act: () => void): void {
    this.#agenda.push(this.nowMs + delayMs, act);
  }

  run(ms: number, until?: () => boolean): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const event = this.#agenda.peek();
      if (event === undefined || event.atMs > endMs) break;
      this.#agenda.pop();
      this.nowMs = Math.max(this.nowMs, event.atMs);
      this.counts.events++;
      event.act();
      if (until?.() === true) return;
    }
    this.nowMs = endMs;
  }

  /** One way between two nodes, in ms. */
  latency(a: WorldNode, b: WorldNode): number {
    const [low, high] = this.options.latencyMs;
    const [first, second] = a.peer < b.peer ? [a.peer, b.peer] : [b.peer, a.peer];
    let mixed = this.#pairSeed;
    for (const text of [first, second]) {
      for (let index = 0; index < text.length; index++)
        mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
    }
    return low + ((mixed >>> 0) / 2 ** 32) * (high - low);
  }

  dial(from: WorldNode, peer: PeerId, more: { brief: boolean; failed: () => void }): void {
    this.counts.dials++;
    const target = this.byPeer.get(peer) ?? this.stranger(peer);
    const reached = target !== undefined && this.#reachable(from, target) && this.#hasRoom(target);
    const fail = (ms: number): void =>
      this.at(ms, () => {
        this.counts.dialsInVain++;
        if (from.alive) more.failed();
      });
    if (target === undefined || !reached) {
      fail(this.random.next() < 0.5 ? this.options.dialMs : 100);
      return;
    }
    const oneWayMs = this.latency(from, target);
    // A handshake of TCP and of Noise, and two hellos.
    this.at(oneWayMs * 5, () => {
      if (!from.alive || !this.#reachable(from, target)) fail(100);
      else this.#connect(from, target, more.brief);
    });
  }

  send(link: WorldLink, from: WorldNode, frame: OverlayFrame): void {
    const to = link.ends[0] === from ? link.ends[1] : link.ends[0];
    this.counts.frames++;
    this.kinds.add(frame.type);
    this.trace = (Math.imul(this.trace, 31) + Math.floor(this.nowMs * 16) + frame.type.length) >>> 0;
    this.at(this.latency(from, to), () => {
      if (link.open && to.alive && this.#reachable(from, to)) to.onFrame(link, frame);
    });
  }

  hold(link: WorldLink, by: WorldNode, on: boolean): void {
    link.held[link.ends[0] === by ? 0 : 1] = on;
    if (!on) this.#linger(link);
  }

  close(link: WorldLink): void {
    if (!link.open) return;
    link.open = false;
    for (const end of link.ends) {
      end.links.delete(link.link);
      if (end.alive) end.onClosed(link);
    }
  }

  /** Ends a node; the others notice at once, or by its silence. */
  kill(node: WorldNode): void {
    node.alive = false;
    const { silentShare, silentMs } = this.options;
    const noticeMs = this.random.next() < silentShare ? silentMs : 100;
    for (const link of node.links.values())
      this.at(noticeMs * (0.8 + this.random.next() * 0.2), () => this.close(link));
  }

  /** Nodes whose side differs lose their links by silence. */
  cut(sideOf: (node: WorldNode) => number): void {
    for (const node of this.byPeer.values()) node.side = sideOf(node);
    for (const node of this.byPeer.values()) {
      for (const link of node.links.values()) {
        if (link.ends[0] === node && !this.#reachable(...link.ends)) {
          this.at(this.options.silentMs * (0.8 + this.random.next() * 0.2), () => {
            if (!this.#reachable(...link.ends)) this.close(link);
          });
        }
      }
    }
  }

  #reachable(a: WorldNode, b: WorldNode): boolean {
    return b.alive && a.side === b.side;
  }

  /** As the links machine does: the oldest link that nobody needs makes room. */
  #hasRoom(target: WorldNode): boolean {
    if (target.links.size < linksMax) return true;
    for (const link of target.links.values()) {
      if (link.held[0] || link.held[1]) continue;
      this.close(link);
      return true;
    }
    return false;
  }

  #connect(from: WorldNode, target: WorldNode, brief: boolean): void {
    const link: WorldLink = {
      link: this.#nextLink++ as LinkId,
      ends: [from, target],
      held: [false, false],
      brief,
      open: true,
    };
    from.links.set(link.link, link);
    target.links.set(link.link, link);
    target.onOpen(link, false);
    if (link.open) from.onOpen(link, true);
    this.#linger(link);
  }

  /** Links that nobody holds end after a while. */
  #linger(link: WorldLink): void {
    if (link.held[0] || link.held[1]) return;
    this.at(lingerMs, () => {
      if (!link.held[0] && !link.held[1]) this.close(link);
    });
  }
}

/** A node with the product's machine. */
export class MachineNode implements WorldNode {
  readonly peer: PeerId;
  readonly links: Map<LinkId, WorldLink> = new Map();
  readonly overlay: Overlay;
  /** What `starving` is answered with: peers the discovery knows. */
  known: PeerId[] = [];
  alive = true;
  side = 0;
  /** When it first had as many neighbours as it wants, after it began. */
  fullAfterMs: number | undefined;
  readonly bornMs: number;
  readonly active: Map<LinkId, PeerId> = new Map();
  #world: OverlayWorld;
  #wakeAtMs = Infinity;

  constructor(world: OverlayWorld, peer: PeerId) {
    this.#world = world;
    this.peer = peer;
    this.bornMs = world.nowMs;
    const seed = Math.floor(world.random.next() * 2 ** 32);
    const ports: OverlayPorts = {
      candidate: (other) => placeOf(other),
      offer: (peers) => peers.map((each) => recordOf(each)),
      own: () => recordOf(peer),
      learn: (entries) => entries.map((each) => peerOfRecord(each)).filter((each) => each !== peer),
      tags: () => undefined,
    };
    const { config } = world.options;
    const parts = { self: peer, topic: openTopic, config, ports, nowMs: world.nowMs };
    this.overlay = new Overlay({ ...parts, random: seededRandom(seed) });
    this.feed({ type: 'wake' });
  }

  feed(input: OverlayInput): void {
    if (!this.alive) return;
    const outputs = this.overlay.handle(input, this.#world.nowMs);
    for (const output of outputs) this.#carryOut(output);
    this.#schedule();
  }

  neighbours(): PeerId[] {
    return [...this.active.values()];
  }

  onOpen({ link, ends, brief }: WorldLink, dialled: boolean): void {
    const { peer } = ends[0] === this ? ends[1] : ends[0];
    this.feed({ type: 'linkOpen', link, peer, ...placeOf(peer), dialled, brief });
  }

  onFrame({ link }: WorldLink, frame: OverlayFrame): void {
    this.feed({ type: 'frame', link, frame });
  }

  onClosed({ link }: WorldLink): void {
    this.feed({ type: 'linkClosed', link });
  }

  #carryOut(output: OverlayOutput): void {
    const world = this.#world;
    world.kinds.add(output.type);
    switch (output.type) {
      case 'send': {
        const link = this.links.get(output.link);
        if (link !== undefined) world.send(link, this, output.frame);
        return;
      }
      case 'connect': {
        const { peer, why } = output;
        const failed = (): void => this.feed({ type: 'unreachable', peer });
        world.dial(this, peer, { brief: why === 'test', failed });
        return;
      }
      case 'hold':
      case 'release': {
        const link = this.links.get(output.link);
        if (link !== undefined) world.hold(link, this, output.type === 'hold');
        return;
      }
      case 'active':
        if (output.on) this.active.set(output.link, output.peer);
        else this.active.delete(output.link);
        if (this.active.size >= 5) this.fullAfterMs ??= world.nowMs - this.bornMs;
        return;
      case 'starving':
        world.counts.starving++;
        if (this.known.length > 0) {
          world.at(0, () => this.feed({ type: 'candidates', peers: this.known, source: 'record' }));
        }
        return;
      case 'misbehaved': {
        world.counts.misbehaved++;
        const link = this.links.get(output.link);
        if (link !== undefined) world.at(0, () => world.close(link));
      }
    }
  }

  #schedule(): void {
    const wakeMs = this.overlay.nextWakeMs();
    if (wakeMs >= this.#wakeAtMs && this.#wakeAtMs > this.#world.nowMs) return;
    this.#wakeAtMs = wakeMs;
    this.#world.at(Math.max(0, wakeMs - this.#world.nowMs), () => {
      if (this.#wakeAtMs !== wakeMs) return;
      this.#wakeAtMs = Infinity;
      this.feed({ type: 'wake' });
    });
  }
}

/** A mesh of nodes in subnets of their own, each of which began with one peer it knew. */
export function grow(world: OverlayWorld, count: number, everyMs: number): void {
  for (let number = 0; number < count; number++) {
    const before = world.nodes.length;
    const contact = before === 0 ? undefined : world.nodes[Math.floor(world.random.next() * before)];
    const node = world.node(
      `${1 + Math.floor(world.random.next() * 220)}.${Math.floor(world.random.next() * 256)}`,
    );
    if (contact !== undefined) node.feed({ type: 'candidates', peers: [contact.peer], source: 'bootstrap' });
    world.run(everyMs);
  }
}

/** Sizes of the groups of nodes that neighbours connect, largest first. */
export function components(
  nodes: readonly MachineNode[],
  edges?: (node: MachineNode) => Iterable<PeerId>,
): number[] {
  const root = new Map<PeerId, PeerId>();
  for (const { peer } of nodes) root.set(peer, peer);
  const find = (peer: PeerId): PeerId => {
    let at = peer;
    for (let next = root.get(at)!; next !== at; next = root.get(at)!) {
      root.set(at, root.get(next)!);
      at = next;
    }
    return at;
  };
  for (const node of nodes) {
    for (const peer of edges?.(node) ?? node.neighbours()) {
      if (root.has(peer)) root.set(find(node.peer), find(peer));
    }
  }
  const sizes = new Map<PeerId, number>();
  for (const { peer } of nodes) sizes.set(find(peer), (sizes.get(find(peer)) ?? 0) + 1);
  return [...sizes.values()].toSorted((a, b) => b - a);
}
