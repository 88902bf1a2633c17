/**
 * A small world of Peers for tests: virtual time, links between them that delay, lose, repeat and reorder
 * frames, crashes at any step, and a durable store each. All chance comes from one seed.
 *
 * The loop is the driver's: a batch is handled, settled and committed, and only then are its outputs released.
 */
import { concat, utf8 } from '../src/base/bytes.ts';
import type { LinkId, PeerId } from '../src/base/ids.ts';
import { type Random, seededKeySource, seededRandom } from '../src/base/random.ts';
import type { EventRow } from '../src/base/store.ts';
import type { CryptoBackend, KeyPair } from '../src/crypto/backend.ts';
import { peerIdOf } from '../src/crypto/record/peer-id.ts';
import type { Answer, CommandName, Commands, PeerInput, PeerOutput } from '../src/peer/contract.ts';
import type { PeerParts } from '../src/peer/assemble.ts';
import type { MeshSettings } from '../src/peer/mesh.ts';
import { Peer } from '../src/peer/peer.ts';
import type { StorageKeys } from '../src/peer/sealed-rows.ts';
import type { OutboxConfig } from '../src/protocol/outbox/outbox.ts';
import { createMemoryStore, type MemoryDatabase, type MemorySnapshot } from '../src/base/memory-store.ts';

export interface Faults {
  /** Chances in [0, 1] for each frame. */
  lose: number;
  repeat: number;
  /** Extra delay in milliseconds, drawn for each frame: it reorders. */
  jitterMs: number;
  /** Chance that a node loses its power during a batch. */
  crash: number;
}

export const noFaults: Faults = { lose: 0, repeat: 0, jitterMs: 0, crash: 0 };

interface Scheduled {
  atMs: number;
  run(): void;
}

interface Link {
  id: LinkId;
  other: WorldNode;
  otherId: LinkId;
}

const startMs = 1_790_000_000_000;
const stepsMax = 2_000_000;

export class PeerWorld {
  readonly random: Random;
  readonly backend: CryptoBackend;
  readonly nodes: Map<string, WorldNode> = new Map<string, WorldNode>();
  faults: Faults = noFaults;
  nowMs: number = startMs;
  /** Nodes in different parts cannot link. */
  parted: Set<string> = new Set<string>();
  /** How a dial ends where nobody is; `silence`: not at all. */
  failing: Extract<PeerInput, { type: 'dialFailed' }>['code'] | 'silence' = 'unreachable';
  /** Sees every output that a node lets out. */
  readonly watchers: ((node: WorldNode, output: PeerOutput) => void)[] = [];
  /** What arrives instead of a frame that one node sends to another: nothing, others, or several. */
  tamper: ((frame: Uint8Array, from: WorldNode, to: WorldNode) => Uint8Array[]) | undefined;
  /** Plants a bug: what the driver gets instead of what a Peer said. */
  sabotage: ((outputs: PeerOutput[], node: WorldNode) => PeerOutput[]) | undefined;
  #agenda: Scheduled[] = []; // Latest first; of equals the newest first.
  #links = 0;

  constructor(backend: CryptoBackend, seed: number) {
    this.backend = backend;
    this.random = seededRandom(seed);
  }

  node(name: string): WorldNode {
    const known = this.nodes.get(name);
    if (known !== undefined) return known;
    const made = new WorldNode(this, name);
    this.nodes.set(name, made);
    made.start();
    return made;
  }

  at(delayMs: number, run: () => void): void {
    const atMs = this.nowMs + delayMs;
    let [low, high] = [0, this.#agenda.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#agenda[middle]!.atMs > atMs) low = middle + 1;
      else high = middle;
    }
    this.#agenda.splice(low, 0, { atMs, run });
  }

  chance(probability: number): boolean {
    return probability > 0 && this.random.next() < probability;
  }

  run(forMs: number): void {
    const untilMs = this.nowMs + forMs;
    for (let steps = 0; ; steps++) {
      if (steps > stepsMax) throw new Error('the world does not come to rest');
      const next = this.#agenda.at(-1);
      if (next === undefined || next.atMs > untilMs) break;
      this.#agenda.pop();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = untilMs;
  }

  link(dialler: WorldNode, answerer: WorldNode): void {
    const [a, b] = [this.newLink(), this.newLink()];
    dialler.attach({ id: a, other: answerer, otherId: b });
    answerer.attach({ id: b, other: dialler, otherId: a });
    dialler.input(linkUp(a, answerer, true));
    answerer.input(linkUp(b, dialler, false));
  }

  newLink(): LinkId {
    return ++this.#links as LinkId;
  }

  /** Everybody hears of everybody else, as mDNS would tell them. */
  announce(): void {
    for (const one of this.nodes.values()) {
      for (const other of this.nodes.values()) {
        if (one !== other && one.up && other.up && !this.isParted(one, other)) {
          one.input({ type: 'lanFound', remote: other.peerId, addresses: [other.address] });
        }
      }
    }
  }

  isParted(one: WorldNode, other: WorldNode): boolean {
    return this.parted.has(one.name) !== this.parted.has(other.name);
  }
}

function linkUp(link: LinkId, other: WorldNode, dialled: boolean): PeerInput {
  return { type: 'linkUp', link, remote: other.peerId, address: other.address, path: 'lan', dialled };
}

export class WorldNode {
  readonly name: string;
  readonly database: MemoryDatabase = createMemoryStore();
  peer: Peer | undefined;
  /** As the keychain holds them. */
  keys: StorageKeys;
  peerId: PeerId = '' as PeerId;
  /** Of this start. */
  networkKey: KeyPair | undefined;
  /** Bounds from the next start on, where a test has to reach them. */
  outbox: OutboxConfig | undefined;
  /** From the next start on. */
  mesh: MeshSettings | undefined;
  readonly events: EventRow[] = [];
  /** Kinds of output that occurred, so that a test can see that its world was not trivial. */
  readonly kinds: Set<string> = new Set<string>();
  readonly sentFrames: Uint8Array[] = [];
  #world: PeerWorld;
  #links = new Map<LinkId, Link>();
  #answers = new Map<number, Answer>();
  #requests = 0;
  #starts = 0;
  #wakeAtMs: number | undefined;

  constructor(world: PeerWorld, name: string) {
    this.#world = world;
    this.name = name;
    const key = (use: string): Uint8Array => world.backend.blake2b(32, undefined, utf8(`${use}/${name}`));
    this.keys = { profileKey: key('profile'), storageKey: key('storage'), generation: 0 };
  }

  get up(): boolean {
    return this.peer !== undefined;
  }

  get address(): string {
    return `/memory/${this.name}`;
  }

  start(): void {
    this.#starts += 1;
    const { backend } = this.#world;
    const seed = backend.blake2b(32, undefined, utf8(`network/${this.name}/${this.#starts}`));
    this.networkKey = backend.ed25519KeyPair(seed);
    this.peerId = peerIdOf(this.networkKey.publicKey);
    this.peer = new Peer(this.parts());
    this.input({ type: 'listening', self: this.peerId, addresses: [this.address] });
    this.input({ type: 'wake' });
  }

  /** The power goes: what was not committed is gone, and every link with it. */
  crash(): void {
    this.peer = undefined;
    this.#wakeAtMs = undefined;
    for (const { id, other, otherId } of this.#links.values()) {
      this.#links.delete(id);
      this.#world.at(20, () => other.drop(otherId));
    }
  }

  restart(): void {
    if (this.up) this.crash();
    this.start();
  }

  attach(link: Link): void {
    this.#links.set(link.id, link);
  }

  drop(link: LinkId): void {
    if (!this.#links.delete(link)) return;
    this.input({ type: 'linkDown', link, reason: 'closed' });
  }

  /** Cuts every link, as a pulled cable does. */
  cut(): void {
    for (const { id, other, otherId } of this.#links.values()) {
      this.drop(id);
      other.drop(otherId);
    }
  }

  /** @throws Error with the code, where the command was refused or the node crashed in it. */
  execute<Name extends CommandName>(name: Name, input: Commands[Name]['in']): Commands[Name]['out'] {
    const request = ++this.#requests;
    const command = { name, in: input } as Extract<PeerInput, { type: 'command' }>['command'];
    this.input({ type: 'command', request, command });
    const answer = this.#answers.get(request);
    this.#answers.delete(request);
    if (answer === undefined) throw new Error('crashed');
    if (!answer.ok) throw new Error(answer.code, { cause: answer.detail });
    return answer.out as Commands[Name]['out'];
  }

  input(input: PeerInput): void {
    const { peer, database } = this;
    if (peer === undefined) return;
    const { nowMs } = this.#world;
    const crashAt = this.#world.chance(this.#world.faults.crash)
      ? Math.floor(this.#world.random.next() * 3)
      : -1;
    database.begin();
    const planted = this.#world.sabotage ?? ((outputs: PeerOutput[]): PeerOutput[] => outputs);
    const outputs = planted(peer.handle(input, nowMs, nowMs), this);
    this.#store(outputs);
    const settled = planted(peer.settle(nowMs, nowMs), this);
    this.#store(settled);
    if (crashAt === 0) {
      database.rollback();
      this.#crashAndReturn();
      return;
    }
    database.commit();
    const released = [...outputs, ...settled];
    if (crashAt === 1) {
      this.#crashAndReturn();
      return;
    }
    // The last kind of crash lets some of the outputs out.
    const until = crashAt === 2 ? Math.floor(this.#world.random.next() * released.length) : released.length;
    for (const output of released.slice(0, until)) this.#release(output);
    if (crashAt === 2) this.#crashAndReturn();
    else this.#schedule();
  }

  #crashAndReturn(): void {
    this.crash();
    this.#world.at(1_000 + this.#world.random.next() * 5_000, () => {
      if (this.up) return;
      this.start();
      this.#world.announce();
    });
  }

  /** What a Peer is built from, now and with what the disk holds. */
  parts(): PeerParts {
    const { backend, random, nowMs } = this.#world;
    const networkKey = this.networkKey ?? backend.ed25519KeyPair(new Uint8Array(32));
    return {
      crypto: { backend, keys: seededKeySource(random) },
      random,
      store: this.database.store,
      keys: this.keys,
      bootstrap: [],
      name: this.name,
      networkKey,
      nowMs,
      wallMs: nowMs,
      outbox: this.outbox,
      mesh: this.mesh,
    };
  }

  /** The links that stand, and who is at the other end. */
  links(): { id: LinkId; other: WorldNode }[] {
    return [...this.#links.values()];
  }

  #store(outputs: PeerOutput[]): void {
    for (const output of outputs) if (output.type === 'store') this.database.apply(output.write);
  }

  #schedule(): void {
    const wakeMs = this.peer?.nextWakeMs();
    if (wakeMs === undefined || wakeMs === Infinity) return;
    if (this.#wakeAtMs !== undefined && this.#wakeAtMs <= wakeMs) return;
    this.#wakeAtMs = wakeMs;
    const { peer } = this;
    this.#world.at(Math.max(0, wakeMs - this.#world.nowMs), () => {
      if (this.peer !== peer) return;
      if (this.#wakeAtMs === wakeMs) this.#wakeAtMs = undefined;
      this.input({ type: 'wake' });
    });
  }

  #release(output: PeerOutput): void {
    this.kinds.add(output.type);
    for (const watch of this.#world.watchers) watch(this, output);
    switch (output.type) {
      case 'send':
        this.#send(output);
        return;
      case 'dial':
        this.#dial(output);
        return;
      case 'close': {
        const link = this.#links.get(output.link);
        this.#world.at(0, () => this.drop(output.link));
        if (link !== undefined) this.#world.at(5, () => link.other.drop(link.otherId));
        return;
      }
      case 'answer':
        this.#answers.set(output.request, output.answer);
        return;
      case 'event':
        this.kinds.add(`event/${output.row.event}`);
        this.events.push(output.row);
        return;
      case 'storageKey':
        this.keys = { ...this.keys, storageKey: Uint8Array.from(output.key), generation: output.generation };
        return;
      case 'store':
      case 'log':
      case 'broadcast':
      case 'typing':
        return;
    }
  }

  /** A link is an ordered stream; only what carriers may one day bring is lost, repeated and reordered. */
  #send({ link, frame, receipt, ...output }: Extract<PeerOutput, { type: 'send' }>): void {
    const world = this.#world;
    const { lose, repeat, jitterMs } = output.class === 'control' ? noFaults : world.faults;
    const way = this.#links.get(link);
    if (way === undefined) return;
    this.sentFrames.push(frame);
    if (receipt !== undefined)
      world.at(1, () => this.#links.has(link) && this.input({ type: 'flushed', link, receipt }));
    if (world.chance(lose)) return;
    const frames = world.tamper?.(frame, this, way.other) ?? [frame];
    const copies = world.chance(repeat) ? [...frames, ...frames] : frames;
    for (const copy of copies) {
      world.at(10 + world.random.next() * jitterMs, () => way.other.arrive(way.otherId, concat(copy)));
    }
  }

  arrive(link: LinkId, frame: Uint8Array): void {
    if (this.#links.has(link)) this.input({ type: 'frame', link, frame });
  }

  #dial({ dial, addresses }: Extract<PeerOutput, { type: 'dial' }>): void {
    const world = this.#world;
    const other = [...world.nodes.values()].find((each) =>
      addresses.some((address) => address.startsWith(each.address)),
    );
    const { peer } = this;
    world.at(15, () => {
      if (this.peer !== peer) return;
      if (other === undefined || !other.up || world.isParted(this, other)) {
        const code = world.failing;
        if (code !== 'silence') this.input({ type: 'dialFailed', dial, code });
        return;
      }
      const linked = [...this.#links.values()].some((link) => link.other === other);
      if (linked) this.input({ type: 'dialFailed', dial, code: 'other' });
      else world.link(this, other);
    });
  }

  /** A copy of the disk, to go back to later. */
  copyDisk(): MemorySnapshot {
    return this.database.snapshot();
  }
}
