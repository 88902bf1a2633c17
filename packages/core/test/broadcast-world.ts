/**
 * A world of broadcast machines on a virtual clock: a random graph of degree 5 to 8 with WAN latencies drawn once a link
 * (lognormal, median 50 ms) and jitter for every frame, order kept. Flooding runs in the same graph beside it.
 */
import { bytesEqual, hex } from '../src/base/bytes.ts';
import type { LinkId } from '../src/base/ids.ts';
import { type Random, seededRandom } from '../src/base/random.ts';
import { Broadcast, type BroadcastInput, type BroadcastOutput } from '../src/protocol/broadcast/broadcast.ts';
import { type BroadcastConfig, broadcastDefaults } from '../src/protocol/broadcast/config.ts';
import type { BroadcastFields } from '../src/protocol/broadcast/contract.ts';
import type { BroadcastFrame } from '../src/wire/broadcast.ts';
import type { BroadcastIdsFrame } from '../src/wire/broadcast-ids.ts';
import { decodeFrame } from '../src/wire/frame.ts';
import { Agenda } from './agenda.ts';

export interface WorldOptions {
  nodes: number;
  seed: number;
  /** Each frame takes its link's latency, times 1 ± this. */
  jitter: number;
  /** The share of frames that are lost. */
  loss: number;
  config: Partial<BroadcastConfig>;
  verify: (fields: BroadcastFields) => boolean;
}

export interface Published {
  author: number;
  sequence: number;
  atMs: number;
  /** When each node received it; NaN where it did not. */
  receivedMs: Float64Array;
}

interface WorldLink {
  ends: [number, number];
  latencyMs: number;
  up: boolean;
  /** When the last frame in each direction arrives. */
  lastMs: [number, number];
}

interface Node {
  machine: Broadcast;
  alive: boolean;
  /** Sends all neighbours a bent copy of whatever reaches it, before it handles it. */
  forges: boolean;
  links: Map<LinkId, WorldLink>;
  wakeAtMs: number;
  published: number;
}

type WorldFrame = BroadcastFrame | BroadcastIdsFrame;

/** Length prefix of a frame on a link. */
const prefixBytes = 4;
const latencyMedianMs = 50;
const latencySigma = 0.5;
export const topic: Uint8Array = new Uint8Array(16).fill(7);

export class BroadcastWorld {
  readonly options: WorldOptions;
  readonly random: Random;
  readonly nodes: Node[] = [];
  readonly links: WorldLink[] = [];
  readonly published: Map<string, Published> = new Map();
  readonly kinds: Map<string, number> = new Map();
  /** What the checkers found. */
  readonly wrongs: string[] = [];
  bytes = 0;
  frames = 0;
  events = 0;
  nowMs = 1_000;
  readonly #agenda = new Agenda();
  readonly #keys: Uint8Array[] = [];
  readonly #forged = new Set<string>();
  readonly #numbers = new Map<string, number>();

  constructor(options: Partial<WorldOptions>) {
    this.options = { nodes: 100, seed: 1, jitter: 0.1, loss: 0, config: {}, verify: isSigned, ...options };
    this.random = seededRandom(this.options.seed);
    for (let number = 0; number < this.options.nodes; number++) this.#addNode();
    this.#drawGraph();
  }

  /** Everything until `untilMs`, or until nothing is left to happen. */
  run(untilMs: number): void {
    for (;;) {
      const event = this.#agenda.peek();
      if (event === undefined || event.atMs > untilMs) break;
      this.#agenda.pop();
      this.nowMs = event.atMs;
      this.events++;
      event.act();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  at(atMs: number, act: () => void): void {
    this.#agenda.push(atMs, act);
  }

  publish(author: number, bodyBytes = 300): Published {
    const node = this.nodes[author]!;
    const sequence = ++node.published;
    const receivedMs = new Float64Array(this.nodes.length).fill(Number.NaN);
    receivedMs[author] = this.nowMs;
    const published = { author, sequence, atMs: this.nowMs, receivedMs };
    this.published.set(`${author} ${sequence}`, published);
    const body = new Uint8Array(bodyBytes).fill(sequence & 255);
    const fields = { topic, author: this.#keys[author]!, sequence, body };
    this.feed(author, { type: 'publish', ...fields, signature: signatureOf(fields) });
    return published;
  }

  kill(number: number, noticedAfterMs: () => number): void {
    const node = this.nodes[number]!;
    node.alive = false;
    for (const link of node.links.values()) this.cut(link, noticedAfterMs());
  }

  /** A new link between two nodes, where there is none. */
  connect(a: number, b: number): void {
    if (a === b || this.#linked(a, b)) return;
    const latencyMs = latencyMedianMs * Math.exp(latencySigma * normal(this.random));
    const link: WorldLink = { ends: [a, b], latencyMs, up: true, lastMs: [0, 0] };
    this.links.push(link);
    const id = this.links.length as LinkId;
    this.nodes[a]!.links.set(id, link);
    this.nodes[b]!.links.set(id, link);
    // The ends count each other as neighbours one after the other, as the overlay's frames go.
    this.feed(a, { type: 'neighbour', topic, link: id, on: true });
    this.at(this.nowMs + latencyMs, () => {
      if (link.up) this.feed(b, { type: 'neighbour', topic, link: id, on: true });
    });
  }

  /** No frame comes through any longer; both ends notice after a while. */
  cut(link: WorldLink, noticedAfterMs: number): void {
    if (!link.up) return;
    link.up = false;
    for (const end of link.ends) {
      const node = this.nodes[end]!;
      const id = [...node.links].find(([, other]) => other === link)?.[0];
      if (id === undefined) continue;
      this.at(this.nowMs + noticedAfterMs, () => {
        node.links.delete(id);
        this.feed(end, { type: 'neighbour', topic, link: id, on: false });
      });
    }
  }

  feed(number: number, input: BroadcastInput): void {
    const node = this.nodes[number]!;
    if (!node.alive) return;
    for (const output of node.machine.handle(input, this.nowMs)) this.#carryOut(number, node, output);
    const wakeMs = node.machine.nextWakeMs();
    if (wakeMs === undefined || wakeMs >= node.wakeAtMs) return;
    const atMs = Math.max(wakeMs, this.nowMs);
    node.wakeAtMs = atMs;
    this.at(atMs, () => {
      if (node.wakeAtMs !== atMs) return;
      node.wakeAtMs = Infinity;
      this.feed(number, { type: 'wake' });
    });
  }

  count(what: string): void {
    this.kinds.set(what, (this.kinds.get(what) ?? 0) + 1);
  }

  /** As the overlay does after losses: who has too few neighbours gets some, and no part is left alone. */
  mend(among: number[] = this.nodes.map((_, number) => number)): void {
    const living = among.filter((number) => this.#counts(number));
    for (const number of living) {
      for (let tries = 0; this.#degree(number) < 5 && tries < 50; tries++) {
        const other = living[Math.floor(this.random.next() * living.length)]!;
        if (this.#degree(other) < 8) this.connect(number, other);
      }
    }
    const parts = this.parts().filter(([first]) => living.includes(first!));
    for (const part of parts.slice(1)) this.connect(part[0]!, parts[0]![0]!);
  }

  /** The living, honest nodes in groups that links connect. */
  parts(): number[][] {
    const parts: number[][] = [];
    const done = new Set<number>();
    for (let number = 0; number < this.nodes.length; number++) {
      if (done.has(number) || !this.#counts(number)) continue;
      const part = [number];
      done.add(number);
      for (const each of part) {
        for (const { ends, up } of this.nodes[each]!.links.values()) {
          for (const end of ends) {
            if (!up || done.has(end) || !this.#counts(end)) continue;
            part.push(end);
            done.add(end);
          }
        }
      }
      parts.push(part);
    }
    return parts;
  }

  /** What one living node of a connected part has, all of it must have: says what is wrong, at most one line a message. */
  check(): string[] {
    const found = [...this.wrongs];
    for (const part of this.parts()) {
      for (const { author, sequence, receivedMs } of this.published.values()) {
        const lacking = part.filter((number) => Number.isNaN(receivedMs[number])).length;
        if (lacking > 0 && lacking < part.length) found.push(`${lacking} lack ${author}/${sequence}`);
      }
    }
    return found;
  }

  keyOf(number: number): Uint8Array {
    return this.#keys[number]!;
  }

  #carryOut(number: number, node: Node, output: BroadcastOutput): void {
    switch (output.type) {
      case 'send':
        this.#send(number, node, output);
        break;
      case 'received': {
        const published = this.published.get(`${this.#numbers.get(hex(output.author))} ${output.sequence}`);
        if (published === undefined) this.wrongs.push('received what nobody published');
        else if (output.body[0] !== (output.sequence & 255))
          this.wrongs.push('received what nobody published');
        else if (!Number.isNaN(published.receivedMs[number])) this.wrongs.push('received twice');
        else published.receivedMs[number] = this.nowMs;
        break;
      }
      case 'misbehaved':
        // As the Peer does. The link must lead to one who forges.
        if (!this.#neighbourOf(number, output.link).forges)
          this.wrongs.push('an honest neighbour was accused');
        this.count('misbehaved');
        this.cut(node.links.get(output.link)!, 0);
        break;
      case 'equivocation':
        this.count('equivocation');
        break;
      case 'refused':
        this.wrongs.push('a topic was refused');
        break;
    }
  }

  #send(number: number, node: Node, { link: id, frame }: BroadcastOutput & { type: 'send' }): void {
    const link = node.links.get(id);
    this.bytes += frame.length + prefixBytes;
    this.frames++;
    const decoded = decodeFrame(frame) as WorldFrame;
    this.count(decoded.type);
    if (link === undefined || !link.up) return;
    if (this.options.loss > 0 && this.random.next() < this.options.loss) return;
    this.#carry(number, id, decoded);
  }

  #carry(number: number, id: LinkId, frame: WorldFrame): void {
    const link = this.nodes[number]!.links.get(id)!;
    const direction = link.ends[0] === number ? 0 : 1;
    const to = link.ends[1 - direction]!;
    const tookMs = link.latencyMs * (1 + this.options.jitter * (2 * this.random.next() - 1));
    const atMs = Math.max(this.nowMs + tookMs, link.lastMs[direction]);
    link.lastMs[direction] = atMs;
    this.at(atMs, () => {
      if (!link.up) return;
      if (this.nodes[to]!.forges && frame.type === 'broadcast') this.#forge(to, frame);
      this.feed(to, { type: 'frame', link: id, frame });
    });
  }

  #forge(number: number, frame: BroadcastFrame): void {
    const what = `${number} ${hex(frame.author)} ${frame.sequence}`;
    if (this.#forged.has(what)) return;
    this.#forged.add(what);
    const body = frame.body.slice();
    body[0]! ^= 1;
    for (const [id, link] of this.nodes[number]!.links)
      if (link.up) this.#carry(number, id, { ...frame, body });
  }

  #neighbourOf(number: number, id: LinkId): Node {
    const { ends } = this.nodes[number]!.links.get(id)!;
    return this.nodes[ends[0] === number ? ends[1] : ends[0]]!;
  }

  #addNode(): void {
    const config = { ...broadcastDefaults, ...this.options.config };
    const key = new Uint8Array(32);
    for (let at = 0; at < key.length; at++) key[at] = Math.floor(this.random.next() * 256);
    const { verify } = this.options;
    const random = seededRandom(this.random.next() * 2 ** 31);
    const machine = new Broadcast({ config, random, verify });
    machine.handle({ type: 'follow', topic }, this.nowMs);
    this.#numbers.set(hex(key), this.#keys.length);
    this.#keys.push(key);
    this.nodes.push({
      machine,
      alive: true,
      forges: false,
      links: new Map(),
      wakeAtMs: Infinity,
      published: 0,
    });
  }

  /** A ring in random order, so that all are connected, and random links until everybody has 5; nobody gets more than 8. */
  #drawGraph(): void {
    const count = this.nodes.length;
    const order = shuffled(count, this.random);
    for (let at = 0; at < count; at++) this.connect(order[at]!, order[(at + 1) % count]!);
    for (const number of order) {
      const node = this.nodes[number]!;
      for (let tries = 0; node.links.size < 5 && tries < 200; tries++) {
        const other = Math.floor(this.random.next() * count);
        if (this.nodes[other]!.links.size < 8) this.connect(number, other);
      }
    }
  }

  #counts(number: number): boolean {
    return this.nodes[number]!.alive && !this.nodes[number]!.forges;
  }

  #degree(number: number): number {
    let degree = 0;
    for (const { up } of this.nodes[number]!.links.values()) if (up) degree++;
    return degree;
  }

  #linked(a: number, b: number): boolean {
    for (const { ends } of this.nodes[a]!.links.values()) if (ends[0] === b || ends[1] === b) return true;
    return false;
  }
}

/** From publication until this share of the nodes had it; Infinity where they did not. */
export function reachedMs({ atMs, receivedMs }: Published, share: number): number {
  const sorted = receivedMs.filter((each) => !Number.isNaN(each)).sort();
  const last = sorted[Math.ceil(share * receivedMs.length) - 1];
  return last === undefined ? Infinity : last - atMs;
}

/** Stands for a signature: what only the author would make, as long as nobody here looks inside. */
export function signatureOf({ author, sequence, body }: Omit<BroadcastFields, 'signature'>): Uint8Array {
  const signature = new Uint8Array(64);
  signature.set(author);
  signature.set([sequence & 255, sequence >> 8, body.length & 255, body.length >> 8, body[0]!], 32);
  return signature;
}

function isSigned(fields: BroadcastFields): boolean {
  return bytesEqual(signatureOf(fields), fields.signature);
}

export function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, number) => number);
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random.next() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
