/**
 * Two grounds for one story: real nodes in processes of their own, in network namespaces on two continents; and the
 * simulator's nodes in virtual time. The same starts, the same commands, the same questions.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { frameTypes } from '@kith/core/wire/frame-type';
import type { PeerView } from '@kith/core/peer/contract';
import { constantLatency } from '@kith/sim/network/latency';
import type { SimNode } from '@kith/sim/world/sim-node';
import { createWorld, type World } from '@kith/sim/world/world';
import { MeshProcess, type Sent } from './mesh-process.ts';
import { createWan, type Wan } from './wan.ts';

/** What all nodes together sent since they started. Of nodes that were killed nothing is known any more. */
export interface SentByAll {
  /** Frames with a body. */
  copies: number;
  /** Of all frames by which broadcasts travel and are repaired. */
  broadcastBytes: number;
  /** Of all frames of all kinds. */
  bytes: number;
}

export interface Ground {
  /** Or time is virtual. */
  readonly isReal: boolean;
  /** Starts a node that knows the one with that number, if any, and follows the topic by way of it. */
  start(node: number, known: number | undefined): Promise<void>;
  /** Its neighbours in the overlay of all nodes, and to whom it has a link. */
  look(node: number): Promise<{ view: number[]; links: number[] }>;
  publish(node: number, text: string): Promise<void>;
  /** Texts of what it received, in the order they came. */
  heard(node: number): string[];
  sent(): Promise<SentByAll>;
  /** The continents hear nothing of each other, and nobody is told. */
  part(): void;
  heal(): void;
  /** At once, without a word. Their systems close the sockets. */
  kill(nodes: readonly number[]): Promise<void>;
  /** Looks again and again. @throws when it does not come to hold. */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
  pass(ms: number): Promise<void>;
  nowMs(): number;
  end(): Promise<void>;
}

const topic = '6b697468206d657368'.padEnd(32, '0');
const port = 4001;
const broadcasting: readonly number[] = [
  frameTypes.broadcast,
  frameTypes.digest,
  frameTypes.want,
  frameTypes.prune,
  frameTypes.dontWant,
];
/** How often is looked. */
const lookMs = 250;
/** Dead links are noticed within 75 s; the rest is for a machine that does five other things. A guess. */
const patienceMs = 300_000;

/** @param count - nodes; the first half is on the one continent. */
export function realGround(count: number): Ground {
  return new RealGround(createWan(count));
}

/**
 * Every way takes a millisecond.
 *
 * @param gatherMs - the nodes start one after the other within it: how young they are decides how busy they are
 */
export async function simulatedGround(
  count: number,
  { seed, gatherMs }: { seed: number; gatherMs: number },
): Promise<Ground> {
  const world = await createWorld({ seed, latency: constantLatency(1) });
  return new SimulatedGround(world, { count, startMs: gatherMs / count });
}

class RealGround implements Ground {
  readonly isReal = true;
  readonly #wan: Wan;
  readonly #nodes: MeshProcess[] = [];
  readonly #killed = new Set<number>();

  constructor(wan: Wan) {
    this.#wan = wan;
  }

  async start(node: number, known: number | undefined): Promise<void> {
    const bootstrap = known === undefined ? [] : [this.#address(known)];
    const started = new MeshProcess(this.#wan.hosts[node], { listen: [this.#address(node)], bootstrap });
    this.#nodes[node] = started;
    await started.ready();
    await started.run('follow', { topic, peers: known === undefined ? [] : [{ addresses: bootstrap }] });
  }

  async look(node: number): Promise<{ view: number[]; links: number[] }> {
    return seen(await this.#node(node).run('peers', {}), (address) =>
      this.#nodes.findIndex((_, other) => this.#address(other) === address),
    );
  }

  async publish(node: number, text: string): Promise<void> {
    await this.#node(node).run('publish', { topic, body: text });
  }

  heard(node: number): string[] {
    return this.#node(node).heard.map(({ text }) => text);
  }

  async sent(): Promise<SentByAll> {
    const alive = this.#nodes.filter((_, node) => !this.#killed.has(node));
    const all: Sent = {};
    for (const sent of await Promise.all(alive.map((node) => node.sent()))) {
      for (const [type, [frames, bytes]] of Object.entries(sent)) {
        const sum = (all[Number(type)] ??= [0, 0]);
        sum[0] += frames;
        sum[1] += bytes;
      }
    }
    return summed((type) => all[type] ?? [0, 0]);
  }

  part(): void {
    this.#wan.part();
  }

  heal(): void {
    this.#wan.heal();
  }

  async kill(nodes: readonly number[]): Promise<void> {
    for (const node of nodes) this.#killed.add(node);
    await Promise.all(nodes.map((node) => this.#node(node).kill()));
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = performance.now() + patienceMs;
    while (!(await holds())) {
      if (performance.now() > endMs) throw new Error(`waited ${patienceMs / 1_000} s in vain until ${what}`);
      await pause(lookMs);
    }
  }

  async pass(ms: number): Promise<void> {
    await pause(ms);
  }

  nowMs(): number {
    return performance.now();
  }

  async end(): Promise<void> {
    const alive = this.#nodes.filter((_, node) => !this.#killed.has(node));
    await Promise.all(alive.map((node) => node.kill()));
    this.#wan.remove();
  }

  #node(node: number): MeshProcess {
    return this.#nodes[node]!;
  }

  #address(node: number): string {
    return `/ip4/${this.#wan.address(node)}/tcp/${port}`;
  }
}

class SimulatedGround implements Ground {
  readonly isReal = false;
  readonly #world: World;
  readonly #count: number;
  readonly #startMs: number;
  readonly #nodes: SimNode[] = [];
  readonly #heard = new Map<SimNode, string[]>();

  constructor(world: World, { count, startMs }: { count: number; startMs: number }) {
    this.#world = world;
    this.#count = count;
    this.#startMs = startMs;
    world.observe({
      broadcast: (node, { body }) => {
        this.#heard.set(node, [...(this.#heard.get(node) ?? []), new TextDecoder().decode(body)]);
      },
    });
  }

  async start(node: number, known: number | undefined): Promise<void> {
    const bootstrap = known === undefined ? [] : this.#node(known).addresses;
    const started = this.#world.addNode({ name: `node ${node}`, bootstrap });
    this.#nodes[node] = started;
    started.command('follow', { topic, peers: known === undefined ? [] : [{ addresses: bootstrap }] });
    await this.#world.runFor(this.#startMs);
  }

  look(node: number): Promise<{ view: number[]; links: number[] }> {
    const peers = this.#node(node).command('peers', {});
    const numberOf = (address: string): number =>
      this.#nodes.findIndex(({ addresses }) => addresses.includes(address));
    return Promise.resolve(seen(peers, numberOf));
  }

  publish(node: number, text: string): Promise<void> {
    this.#node(node).command('publish', { topic, body: new TextEncoder().encode(text) });
    return Promise.resolve();
  }

  heard(node: number): string[] {
    return this.#heard.get(this.#node(node)) ?? [];
  }

  sent(): Promise<SentByAll> {
    const { sentFrames, sentBytes } = this.#world.internet;
    return Promise.resolve(summed((type) => [sentFrames[type] ?? 0, sentBytes[type] ?? 0]));
  }

  part(): void {
    const isFirst = ({ index }: SimNode): boolean => index < this.#count / 2;
    this.#world.partition(
      this.#nodes.filter(isFirst),
      this.#nodes.filter((node) => !isFirst(node)),
    );
  }

  heal(): void {
    this.#world.heal();
  }

  kill(nodes: readonly number[]): Promise<void> {
    this.#world.kill(nodes.map((node) => this.#node(node)));
    return Promise.resolve();
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = this.#world.nowMs + patienceMs;
    while (!(await holds())) {
      if (this.#world.nowMs > endMs) throw new Error(`${patienceMs / 1_000} s passed in vain until ${what}`);
      await this.#world.runFor(lookMs);
    }
  }

  async pass(ms: number): Promise<void> {
    await this.#world.runFor(ms);
  }

  nowMs(): number {
    return this.#world.nowMs;
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  #node(node: number): SimNode {
    return this.#nodes[node]!;
  }
}

function seen(
  peers: readonly PeerView[],
  numberOf: (address: string) => number,
): { view: number[]; links: number[] } {
  const numbers = (chosen: readonly PeerView[]): number[] =>
    chosen.flatMap(({ addresses }) =>
      addresses
        .map(numberOf)
        .filter((each) => each >= 0)
        .slice(0, 1),
    );
  return {
    view: numbers(peers.filter(({ view }) => view === 'active')),
    links: numbers(peers.filter(({ link }) => link !== 'none')),
  };
}

function summed(of: (type: number) => readonly [frames: number, bytes: number]): SentByAll {
  const all = Object.values(frameTypes);
  const bytes = (types: readonly number[]): number => types.reduce((sum, type) => sum + of(type)[1], 0);
  return {
    copies: of(frameTypes.broadcast)[0],
    broadcastBytes: bytes(broadcasting),
    bytes: bytes(all),
  };
}
