/**
 * A world of broadcast machines without Peers around them: the product's machine and its frames, on the agenda, the
 * latencies and the weather of the simulator, over a graph that stands still. So ten thousand nodes fit into minutes.
 *
 * Left out, because other scenarios have it: signatures, overlays that change, lines and processors.
 */
import { hex } from '@kith/core/base/bytes';
import type { LinkId } from '@kith/core/base/ids';
import {
  Broadcast,
  type BroadcastInput,
  type BroadcastOutput,
} from '@kith/core/protocol/broadcast/broadcast';
import { broadcastDefaults } from '@kith/core/protocol/broadcast/config';
import { decodeFrame } from '@kith/core/wire/frame';
import { floodTimes, quantile } from './graph.ts';
import type { LatencyModel, Site } from './network/latency.ts';
import type { Violation } from './scenario.ts';
import { Agenda, type Task } from './world/agenda.ts';
import { type Stream, streamOf } from './world/chance.ts';
import { Trace, traceKinds } from './world/trace.ts';

/** As the active views of the overlay: 5 to 8 neighbours. */
const neighboursMin = 5;
const neighboursMax = 8;
const triesMax = 200;
const checker = 'broadcast machines';
const violationsMax = 100;

export interface BroadcastWorldOptions {
  nodes: number;
  seed: number;
  latency: LatencyModel;
  regionOf(chance: Stream): number;
  /** Of the latency: 0.2 adds up to 20 %. */
  jitter: number;
}

/** A message on its way. */
export interface Said {
  author: number;
  atMs: number;
  /** By node, ms since it was said; NaN where it has not come. */
  tookMs: Float64Array;
}

interface Way {
  to: MachineNode;
  /** Of the link, at both ends. */
  link: LinkId;
  latencyMs: number;
  /** When the last frame arrives: none overtakes it. */
  lastMs: number;
}

class MachineNode implements Site {
  readonly host: number;
  readonly region: number;
  readonly lan = undefined;
  readonly machine: Broadcast;
  readonly key: Uint8Array;
  readonly ways = new Map<LinkId, Way>();
  wakeAtMs = Infinity;
  wake: Task | undefined;
  said = 0;

  constructor(host: number, region: number, init: { machine: Broadcast; key: Uint8Array }) {
    this.host = host;
    this.region = region;
    this.machine = init.machine;
    this.key = init.key;
  }
}

export class BroadcastWorld {
  nowMs = 0;
  /** Inputs that machines handled. */
  events = 0;
  /** Of all frames, without their length. */
  bytes = 0;
  readonly violations: Violation[] = [];
  readonly #options: BroadcastWorldOptions;
  readonly #agenda = new Agenda();
  readonly #trace = new Trace();
  readonly #weather: Stream;
  readonly #topic: Uint8Array;
  readonly #nodes: MachineNode[];
  readonly #said = new Map<string, Said>();
  #lastLink = 0;

  constructor(options: BroadcastWorldOptions) {
    this.#options = options;
    this.#weather = streamOf(options.seed, 'machines/weather');
    this.#topic = streamOf(options.seed, 'machines/topic').bytes(16);
    this.#nodes = Array.from({ length: options.nodes }, (_, index) => this.#make(index));
    this.#drawGraph();
  }

  get traceHash(): string {
    return this.#trace.digest();
  }

  /** Lets everything happen that is due until then. */
  run(untilMs: number): void {
    while (this.#agenda.nextMs <= untilMs) {
      this.nowMs = this.#agenda.nextMs;
      this.#agenda.take()?.run();
    }
    this.nowMs = untilMs;
  }

  say(author: number, body: Uint8Array): Said {
    const node = this.#nodes[author]!;
    const sequence = ++node.said;
    const said = { author, atMs: this.nowMs, tookMs: new Float64Array(this.#nodes.length).fill(Number.NaN) };
    said.tookMs[author] = 0;
    this.#said.set(nameOf(node.key, sequence), said);
    const signature = new Uint8Array(64);
    this.#feed(node, { type: 'publish', topic: this.#topic, author: node.key, sequence, signature, body });
    return said;
  }

  /** The time by which that share of all would have it by flooding the same graph, in the same weather. */
  floodMs(author: number, share: number): number {
    const chance = streamOf(this.#options.seed, `machines/flood/${author}/${this.nowMs}`);
    const { jitter } = this.#options;
    const ways = (host: number): [number, number][] =>
      [...this.#nodes[host]!.ways.values()].map(({ to, latencyMs }) => {
        return [to.host, latencyMs * (1 + jitter * chance.next())];
      });
    return quantile([...floodTimes(author, ways).values()], share);
  }

  #make(index: number): MachineNode {
    const chance = streamOf(this.#options.seed, `machines/node/${index}`);
    const machine = new Broadcast({ config: broadcastDefaults, random: chance, verify: () => true });
    machine.handle({ type: 'follow', topic: this.#topic }, 0);
    return new MachineNode(index, this.#options.regionOf(chance), { machine, key: chance.bytes(32) });
  }

  /** A ring, so that all hang together, and links by chance until everybody has enough. */
  #drawGraph(): void {
    const chance = streamOf(this.#options.seed, 'machines/graph');
    const nodes = this.#nodes;
    const order = chance.sample(nodes, nodes.length);
    for (const [at, node] of order.entries()) this.#connect(node, order[(at + 1) % order.length]!);
    for (const node of order) {
      for (let tries = 0; node.ways.size < neighboursMin && tries < triesMax; tries++) {
        const other = chance.pick(nodes);
        if (other.ways.size < neighboursMax) this.#connect(node, other);
      }
    }
  }

  #connect(one: MachineNode, other: MachineNode): void {
    if (one === other || [...one.ways.values()].some(({ to }) => to === other)) return;
    const link = ++this.#lastLink as LinkId;
    const latencyMs = this.#options.latency.betweenMs(one, other);
    one.ways.set(link, { to: other, link, latencyMs, lastMs: 0 });
    other.ways.set(link, { to: one, link, latencyMs, lastMs: 0 });
    for (const node of [one, other])
      this.#feed(node, { type: 'neighbour', topic: this.#topic, link, on: true });
  }

  #feed(node: MachineNode, input: BroadcastInput): void {
    this.events++;
    for (const output of node.machine.handle(input, this.nowMs)) this.#carryOut(node, output);
    const wakeMs = node.machine.nextWakeMs() ?? Infinity;
    // One that comes too early only finds out when to come again.
    if (wakeMs >= node.wakeAtMs) return;
    if (node.wake !== undefined) this.#agenda.callOff(node.wake);
    node.wakeAtMs = Math.max(wakeMs, this.nowMs);
    const wake: Task = { isOff: false, run: () => this.#wake(node) };
    node.wake = wake;
    this.#agenda.add(node.wakeAtMs, wake);
  }

  #wake(node: MachineNode): void {
    node.wakeAtMs = Infinity;
    node.wake = undefined;
    this.#trace.event(traceKinds.ring, node.host, this.nowMs);
    this.#feed(node, { type: 'wake' });
  }

  #carryOut(node: MachineNode, output: BroadcastOutput): void {
    if (output.type === 'send') this.#send(node, output.link, output.frame);
    else if (output.type === 'received') this.#received(node, output);
    else this.#violate(`node ${node.host} says ${output.type} among honest ones`);
  }

  #send(node: MachineNode, link: LinkId, frame: Uint8Array): void {
    this.bytes += frame.length;
    const way = node.ways.get(link);
    if (way === undefined) return this.#violate(`node ${node.host} sends over no link`);
    const lateMs = way.latencyMs * this.#options.jitter * this.#weather.next();
    way.lastMs = Math.max(this.nowMs + way.latencyMs + lateMs, way.lastMs);
    this.#agenda.add(way.lastMs, { isOff: false, run: () => this.#arrive(way, frame) });
  }

  #arrive({ to, link }: Way, bytes: Uint8Array): void {
    this.#trace.event(traceKinds.frame, to.host, this.nowMs);
    this.#trace.number(link);
    this.#trace.bytes(bytes);
    const frame = decodeFrame(bytes);
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- these machines know no other frames.
    switch (frame?.type) {
      case 'broadcast':
      case 'digest':
      case 'want':
      case 'prune':
      case 'dontWant':
        return this.#feed(to, { type: 'frame', link, frame });
      default:
        return this.#violate(`node ${to.host} gets a frame that is no broadcast's`);
    }
  }

  #received(node: MachineNode, { author, sequence }: { author: Uint8Array; sequence: number }): void {
    const said = this.#said.get(nameOf(author, sequence));
    if (said === undefined) return this.#violate(`node ${node.host} received what nobody said`);
    if (!Number.isNaN(said.tookMs[node.host])) return this.#violate(`node ${node.host} received it twice`);
    said.tookMs[node.host] = this.nowMs - said.atMs;
  }

  #violate(detail: string): void {
    if (this.violations.length >= violationsMax) return;
    this.violations.push({ checker, atMs: Math.round(this.nowMs), detail });
  }
}

function nameOf(author: Uint8Array, sequence: number): string {
  return `${hex(author)} ${sequence}`;
}
