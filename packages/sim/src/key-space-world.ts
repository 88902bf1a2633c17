/**
 * A world of nodes that speak the key space and nothing else, each the product's own machine. Links stand soon after
 * they are asked for, frames arrive after a drawn latency. Records and values are stand-ins without cryptography that
 * have the size of real ones.
 *
 * A table is filled from the seed as an upkeep of many hours would have filled it, when its node is made; a node is
 * made when it is first needed. So a million nodes stand in the memory of those that were asked.
 *
 * Hostile nodes see the whole world and know each other; key-space-liars.ts says what they answer.
 */
import { readU32be, u32be } from '@kith/core/base/bytes';
import type { LinkId, PeerId } from '@kith/core/base/ids';
import { type Random, seededRandom } from '@kith/core/base/random';
import {
  type KeySpaceConfig,
  keySpaceDefaults,
  type KeySpaceInput,
  type KeySpaceOutput,
} from '@kith/core/protocol/key-space/contract';
import { KeySpace } from '@kith/core/protocol/key-space/key-space';
import { decodeFrame } from '@kith/core/wire/frame';
import type { RecordEntry } from '@kith/core/wire/record-entries';
import { EventQueue } from './key-space-events.ts';
import { Liars } from './key-space-liars.ts';
import { PlaceMap } from './key-space-places.ts';
import { readValue } from './key-space-values.ts';

export interface KeySpaceWorldOptions {
  nodes: number;
  seed: number;
  /** Share of hostile nodes, 0 to 1. */
  hostile: number;
  /** Of the hostile: the share that stands in a few subnets only. */
  crowded: number;
  /** How hard hostile nodes press into tables: the chance that an entry drawn honest is drawn once more. */
  pressing: number;
  /** Whether tables are full at the start, or empty: then nodes must be told of others. */
  filled: boolean;
  config: KeySpaceConfig;
}

/** Without upkeep: tables stay as they were filled. */
export const stillConfig: KeySpaceConfig = {
  ...keySpaceDefaults,
  upkeep: { ...keySpaceDefaults.upkeep, joinMs: 1e13 },
};

export interface Searched {
  value: Uint8Array | undefined;
  hops: number;
  questions: number;
  /** Of a keep: nodes that said they keep it. */
  copies: number;
  /** Of frames, both ways; the mean of those searched at once. Not of the handshakes of the links. */
  bytes: number;
  tookMs: number;
}

interface Link {
  from: number;
  to: number;
}

/** Of one record on the wire: a key, a signature, two addresses. */
const recordBytes = 240;
const latencyMsMin = 10;
const latencyMsMax = 150;
/** A dial to a node that is gone. */
const unreachableMs = 5_000;

export class KeySpaceWorld {
  readonly options: KeySpaceWorldOptions;
  readonly places: PlaceMap;
  /** Inputs that machines handled. */
  events = 0;
  /** Links that were asked for. */
  dials = 0;
  #trace = 0x811c9dc5;
  #random: Random;
  #liars: Liars;
  #down: Uint8Array;
  #machines = new Map<number, KeySpace>();
  #peers = new Map<number, PeerId>();
  #records = new Map<number, RecordEntry>();
  #links = new Map<LinkId, Link>();
  #linkTo = new Map<string, LinkId>();
  #nextLink = 1;
  #queue = new EventQueue(1_000_000);
  #wakes = new Map<number, number>();
  #bytes = 0;
  #nextSearch = 1;
  #done = new Map<number, Omit<Searched, 'bytes' | 'tookMs'> & { endMs: number }>();

  constructor(options: KeySpaceWorldOptions) {
    this.options = options;
    this.#random = seededRandom(options.seed);
    this.places = new PlaceMap(options, this.#random);
    this.#liars = new Liars(this.places);
    this.#down = new Uint8Array(options.nodes);
  }

  get nowMs(): number {
    return this.#queue.nowMs;
  }

  /** Hex of a hash over every input of every machine. */
  get traceHash(): string {
    return (this.#trace >>> 0).toString(16).padStart(8, '0');
  }

  get made(): number {
    return this.#machines.size;
  }

  /** Gives these nodes their machines now, and not only when somebody asks them. */
  make(from: number, to: number): void {
    for (let node = from; node < to; node++) if (!this.places.isHostile(node)) this.#machine(node);
  }

  isUp(node: number): boolean {
    return this.#down[node] === 0;
  }

  /** A random honest node that is up. */
  someone(): number {
    for (;;) {
      const node = Math.floor(this.#random.next() * this.options.nodes);
      if (this.isUp(node) && !this.places.isHostile(node)) return node;
    }
  }

  /** A random node that is up. */
  anyone(): number {
    for (;;) {
      const node = Math.floor(this.#random.next() * this.options.nodes);
      if (this.isUp(node)) return node;
    }
  }

  /** The node is gone for ever, with its links and what it kept. */
  stop(node: number): void {
    this.#down[node] = 1;
    this.#machines.delete(node);
    for (const [link, { from, to }] of this.#links) if (from === node || to === node) this.#close(link);
  }

  /** A record of a node comes by gossip. */
  tell(node: number, about: number): void {
    if (!this.places.isHostile(node)) this.#handle(node, { type: 'known', peer: this.#peer(about) });
  }

  /** Of the largest table there is. */
  entriesMost(): number {
    let most = 0;
    for (const machine of this.#machines.values()) most = Math.max(most, machine.figures().entries);
    return most;
  }

  /** Looks all of them up at once, one a node, and waits for their ends. */
  lookups(wanted: readonly { node: number; place: Uint8Array }[]): Searched[] {
    return this.#search(
      wanted.map(({ node, place: key }) => ({
        node,
        input: { type: 'lookup', lookup: this.#nextSearch++, key },
      })),
    );
  }

  /** Keeps all of them at once. */
  keeps(wanted: readonly { node: number; value: Uint8Array }[]): Searched[] {
    for (const { value } of wanted) this.#liars.sees(value);
    return this.#search(
      wanted.map(({ node, value }) => {
        const key = readValue(value)!.place;
        return { node, input: { type: 'keep', lookup: this.#nextSearch++, key, value } };
      }),
    );
  }

  /** Lets time pass. */
  run(untilMs: number): void {
    while (this.#queue.step(untilMs));
  }

  #search(asked: { node: number; input: KeySpaceInput & { lookup: number } }[]): Searched[] {
    const startMs = this.nowMs;
    const startBytes = this.#bytes;
    for (const { node, input } of asked) this.#handle(node, input);
    while (this.#done.size < asked.length) {
      if (!this.#queue.step(Infinity)) throw new Error('a search without an end');
    }
    const bytes = Math.round((this.#bytes - startBytes) / asked.length);
    const searched = asked.map(({ input }) => {
      const { endMs, ...done } = this.#done.get(input.lookup)!;
      return { ...done, bytes, tookMs: endMs - startMs };
    });
    this.#done.clear();
    return searched;
  }

  #machine(node: number): KeySpace {
    const known = this.#machines.get(node);
    if (known !== undefined) return known;
    const random = seededRandom((this.options.seed ^ Math.imul(node + 1, 0x9e3779b1)) >>> 0);
    const machine = new KeySpace(this.places.place(node), this.options.config, random, {
      place: (peer) => this.places.place(nodeOf(peer)),
      candidate: (peer) => this.places.candidate(nodeOf(peer)),
      offer: (peers) => peers.map((peer) => this.record(nodeOf(peer))),
      own: () => this.record(node),
      linkTo: (peer) => this.#linkTo.get(`${node}>${peer}`),
      verify: readValue,
    });
    this.#machines.set(node, machine);
    if (!this.options.filled) return machine;
    for (const other of this.places.tableOf(node, this.options.config.table.entriesMax, random)) {
      machine.handle({ type: 'known', peer: this.#peer(other) }, this.nowMs);
    }
    this.#sleep(node, machine);
    return machine;
  }

  #peer(node: number): PeerId {
    let peer = this.#peers.get(node);
    if (peer === undefined) this.#peers.set(node, (peer = `n${node}` as PeerId));
    return peer;
  }

  record(node: number): RecordEntry {
    let entry = this.#records.get(node);
    if (entry === undefined) {
      const record = new Uint8Array(recordBytes);
      record.set(u32be(node));
      entry = { hops: 1, remainingSeconds: 3_600, record };
      this.#records.set(node, entry);
    }
    return entry;
  }

  #handle(node: number, input: KeySpaceInput): void {
    if (!this.isUp(node)) return;
    this.events++;
    this.#mix(node);
    this.#mix(this.nowMs);
    this.#mix(input.type.length * 256 + ('frame' in input ? input.learned.length : 0));
    const machine = this.#machine(node);
    for (const output of machine.handle(input, this.nowMs)) this.#apply(node, output);
    this.#sleep(node, machine);
  }

  #sleep(node: number, machine: KeySpace): void {
    const wakeMs = machine.nextWakeMs();
    if (wakeMs === undefined || wakeMs > 1e12 || (this.#wakes.get(node) ?? Infinity) <= wakeMs) return;
    this.#wakes.set(node, wakeMs);
    this.#queue.add(wakeMs, () => {
      if (this.#wakes.get(node) !== wakeMs) return;
      this.#wakes.delete(node);
      this.#handle(node, { type: 'wake' });
    });
  }

  #apply(node: number, output: KeySpaceOutput): void {
    switch (output.type) {
      case 'connect':
        this.#connect(node, nodeOf(output.peer));
        break;
      case 'send':
        this.#send(output.link, node, output.frame);
        break;
      case 'release':
        this.#close(output.link);
        break;
      case 'finished': {
        const { value, hops, questions } = output;
        this.#done.set(output.lookup, { value, hops, questions, copies: 0, endMs: this.nowMs });
        break;
      }
      case 'kept': {
        const { copies, questions } = output;
        this.#done.set(output.lookup, { value: undefined, hops: 0, questions, copies, endMs: this.nowMs });
        break;
      }
    }
  }

  #connect(from: number, to: number): void {
    this.dials++;
    const link = this.#nextLink++ as LinkId;
    const up = this.isUp(to);
    this.#queue.add(this.nowMs + (up ? 3 * this.#latencyMs() : unreachableMs), () => {
      if (!this.isUp(from)) return;
      if (!this.isUp(to)) {
        this.#handle(from, { type: 'unreachable', peer: this.#peer(to) });
        return;
      }
      this.#links.set(link, { from, to });
      this.#linkTo.set(`${from}>${this.#peer(to)}`, link);
      this.#tellOpen(to, from, link);
      this.#tellOpen(from, to, link);
    });
  }

  #tellOpen(node: number, other: number, link: LinkId): void {
    if (this.places.isHostile(node)) return;
    const { subnet } = this.places.candidate(other);
    this.#handle(node, { type: 'linkOpen', link, peer: this.#peer(other), subnet });
  }

  #close(link: LinkId): void {
    const ends = this.#links.get(link);
    if (ends === undefined) return;
    this.#links.delete(link);
    this.#linkTo.delete(`${ends.from}>${this.#peer(ends.to)}`);
    for (const node of [ends.from, ends.to]) {
      if (this.places.isHostile(node)) continue;
      this.#queue.add(this.nowMs, () => this.#handle(node, { type: 'linkClosed', link }));
    }
  }

  #send(link: LinkId, from: number, bytes: Uint8Array): void {
    const ends = this.#links.get(link);
    if (ends === undefined) return;
    this.#bytes += bytes.length;
    const to = ends.from === from ? ends.to : ends.from;
    this.#queue.add(this.nowMs + this.#latencyMs(), () => this.#arrive(link, to, bytes));
  }

  #arrive(link: LinkId, to: number, bytes: Uint8Array): void {
    if (!this.#links.has(link) || !this.isUp(to)) return;
    const frame = decodeFrame(bytes);
    if (this.places.isHostile(to)) {
      const answer = frame && this.#liars.answer(to, frame, (node) => this.record(node));
      if (answer !== undefined) this.#send(link, to, answer);
      return;
    }
    if (frame?.type === 'found' || frame?.type === 'find') {
      const learned = frame.records.map(({ record }) => this.#peer(readU32be(record, 0)));
      this.#handle(to, { type: 'frame', link, frame, learned });
    } else if (frame?.type === 'keep' || frame?.type === 'kept') {
      this.#handle(to, { type: 'frame', link, frame, learned: [] });
    } else throw new Error('a machine sent what is no frame of its own');
  }

  #latencyMs(): number {
    return latencyMsMin + Math.floor(this.#random.next() * (latencyMsMax - latencyMsMin));
  }

  #mix(value: number): void {
    this.#trace = Math.imul(this.#trace ^ (value | 0), 0x01000193);
  }
}

function nodeOf(peer: PeerId): number {
  return Number(peer.slice(1));
}
