/** One node of a world: the product's Driver and Peer on a machine that can lose its power. */
import { KithError } from '@kith/core/base/errors';
import type { PeerId } from '@kith/core/base/ids';
import type { EventRow, Store } from '@kith/core/base/store';
import type { KeyPair } from '@kith/core/crypto/backend';
import { peerIdOf } from '@kith/core/crypto/record/peer-id';
import { profileKey } from '@kith/core/crypto/vault/vault';
import type { PeerParts } from '@kith/core/peer/assemble';
import type { CommandName, Commands, PeerInput, PeerOutput } from '@kith/core/peer/contract';
import { Peer } from '@kith/core/peer/peer';
import { Driver, type PeerMachine, type PeerStart } from '@kith/node/driver/driver';
import type { CommandOutcome } from '@kith/node/driver/waiting-commands';
import type { Worker } from '../crypto/meter.ts';
import type { Host, HostOptions } from '../network/internet.ts';
import { SimNetwork, type Tamper } from '../network/sim-network.ts';
import { type Stream, streamOf } from './chance.ts';
import { SimDisk, type TornCommit } from './disk.ts';
import { NodeClock } from './node-clock.ts';
import { traceKinds } from './trace.ts';
import type { World } from './world.ts';

export interface NodeOptions extends HostOptions {
  name?: string | undefined;
  /** Multiaddrs to begin with, as a person would give them. */
  bootstrap?: string[] | undefined;
  /** How far its wall clock is ahead, ms. */
  skewMs?: number | undefined;
  /** By how much its clocks run fast. */
  drift?: number | undefined;
  /** Bounds and settings of its Peer other than the defaults. */
  peer?: Partial<Pick<PeerParts, 'outbox' | 'mesh'>> | undefined;
  /** Plants a bug: what the driver gets instead of what the Peer said. */
  sabotage?: ((outputs: PeerOutput[], input: PeerInput | undefined) => PeerOutput[]) | undefined;
}

/** What exists while the process runs. */
interface Process {
  driver: Driver;
  network: SimNetwork;
  clock: NodeClock;
  networkKey: KeyPair;
  peer: Peer | undefined;
  unsubscribe: () => void;
}

type Started = Pick<Process, 'network' | 'clock' | 'networkKey'> & { start: number };

export class SimNode implements Worker {
  /** From 0, in the order they were added. */
  readonly index: number;
  readonly name: string;
  readonly host: Host;
  readonly disk: SimDisk;
  options: NodeOptions;
  /** Everything it announced since it was made, over all its starts; at most `eventsKept`, newest last. */
  readonly events: EventRow[] = [];
  /** What it says is changed on its way out, from now on. */
  #tamper: Tamper | undefined;
  readonly #world: World;
  #process: Process | undefined;
  #starts = 0;

  constructor(world: World, index: number, options: NodeOptions) {
    this.#world = world;
    this.index = index;
    this.options = options;
    this.name = options.name ?? `node ${index}`;
    this.host = world.internet.addHost(options);
    const keys = this.stream('keychain');
    this.disk = new SimDisk({ pageKey: keys.bytes(32), storageKey: keys.bytes(32), generation: 0 });
    this.disk.onTorn = () => this.#die('goes');
    if (world.observers.length > 0) this.watchDisk();
  }

  get up(): boolean {
    return this.#process !== undefined;
  }

  /** Network id of this start, undefined while it is down. */
  get peerId(): PeerId | undefined {
    return this.#process?.network.self;
  }

  get networkKey(): KeyPair | undefined {
    return this.#process?.networkKey;
  }

  /** Where others may dial it. */
  get addresses(): string[] {
    return this.#world.internet.addressesOf(this.host);
  }

  get store(): Store {
    return this.disk.store;
  }

  get network(): SimNetwork | undefined {
    return this.#process?.network;
  }

  /** For checkers alone: scenarios speak to a node by commands. */
  get peer(): Peer | undefined {
    return this.#process?.peer;
  }

  /** Nodes that it has a link to now. */
  get linked(): SimNode[] {
    return (this.#process?.network.linked ?? []).flatMap((other) => this.#world.nodeOn(other.host) ?? []);
  }

  /** A stream of chance of this node's own. */
  stream(purpose: string): Stream {
    return streamOf(this.#world.seed, `node/${this.index}/${purpose}`);
  }

  start(): void {
    if (this.#process !== undefined) return;
    const world = this.#world;
    const start = ++this.#starts;
    const { skewMs = 0, drift = 0 } = this.options;
    const clock = new NodeClock(world, { startWallMs: world.startWallMs, skewMs, drift }, () =>
      world.ringing(this),
    );
    const networkKey = world.backend.ed25519KeyPair(this.stream(`network/${start}`).bytes(32));
    const self = peerIdOf(networkKey.publicKey);
    const { host } = this;
    host.hasPower = true;
    const network = new SimNetwork(world.internet, { self, host, busyUntilMs: () => clock.busyUntilMs });
    network.tamper = this.#tamper;
    const parts = { start, network, clock, networkKey };
    // Made in two steps: the driver asks for its Peer while it is made.
    const process: Partial<Process> & typeof parts = { ...parts };
    const driver = this.#makeDriver(process);
    const unsubscribe = driver.subscribe(driver.lastEventSeq(), (row) => this.#heard(row));
    this.#process = Object.assign(process, { driver, unsubscribe, peer: process.peer });
    world.trace.event(traceKinds.start, this.index, world.nowMs);
    // Listening is told within the call; what resolves later only looks whether there is anything to do.
    void driver.start();
    for (const observer of world.observers) observer.started?.(this);
  }

  /** kill -9, or the power goes: then not even its sockets say goodbye. */
  crash(power: 'stays' | 'goes' = 'stays'): void {
    if (this.#process !== undefined) this.#die(power);
  }

  /** The power goes in the middle of its next commit, whenever that is. */
  crashInCommit(torn: TornCommit): void {
    this.disk.torn = torn;
  }

  /** An orderly end. Resolves when its last record is on the disk. Not from within an event of the world. */
  async stop(): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    await process.driver.stop();
    this.#gone(process, 'stop');
  }

  restart(): void {
    this.crash();
    this.start();
  }

  /** What it says is changed on its way: a liar with a real node in its hands. */
  tamper(tamper: Tamper | undefined): void {
    this.#tamper = tamper;
    if (this.#process !== undefined) this.#process.network.tamper = tamper;
  }

  /** Hands a command in. `done` is called once, unless the node loses its power before. */
  submit<Name extends CommandName>(
    name: Name,
    input: Commands[Name]['in'],
    done: (outcome: CommandOutcome<Name>) => void,
  ): void {
    const process = this.#process;
    if (process === undefined) return done({ ok: false, error: new KithError('no-node') });
    process.driver.submit(name, input, (outcome) => {
      if (process !== this.#process) return;
      if (outcome.ok) {
        for (const each of this.#world.observers) each.answered?.(this, { name, input, out: outcome.out });
      }
      done(outcome);
    });
  }

  /**
   * Gives a command and lets the world run until it is answered. Not from within an event of the world.
   * @throws KithError - as the command says, or `no-node` when the node lost its power meanwhile.
   */
  command<Name extends CommandName>(name: Name, input: Commands[Name]['in']): Commands[Name]['out'] {
    const told: CommandOutcome<Name>[] = [];
    this.submit(name, input, (outcome) => told.push(outcome));
    this.#world.runUntil(() => told.length > 0 || this.#process === undefined);
    const [outcome] = told;
    if (outcome === undefined) throw new KithError('no-node', 'The node lost its power.');
    if (!outcome.ok) throw outcome.error;
    return outcome.out;
  }

  work(ms: number): void {
    const clock = this.#process?.clock;
    if (clock !== undefined) clock.busyUntilMs = Math.max(clock.busyUntilMs, this.#world.nowMs) + ms;
  }

  watchDisk(): void {
    this.disk.onCommitted ??= (writes) => {
      for (const observer of this.#world.observers) observer.committed?.(this, writes);
    };
  }

  #makeDriver(process: Partial<Process> & Started): Driver {
    const world = this.#world;
    const { network, clock } = process;
    return new Driver({
      makePeer: (start) => {
        if (clock.isDead) throw new KithError('no-node');
        const peer = this.#makePeer(start, process);
        process.peer = peer;
        if (this.#process !== undefined) this.#process.peer = peer;
        return this.#watched(peer);
      },
      database: this.disk.open(),
      network,
      keychain: this.disk.keychain(),
      keys: this.disk.keys,
      clock,
      log: (level, code, detail) => {
        world.figures.logged(level, code);
        for (const observer of world.observers) observer.logged?.(this, { level, code, detail });
      },
      onFailed: (error) => {
        if (clock.isDead) return;
        // A fault of ours, whoever watches. Its host would start it again; a scenario that wants that says so.
        if (error.code === 'internal') world.violate('node', `${this.name} gave up: ${reasonOf(error)}`);
        this.#die('stays');
      },
      onBroadcast: (broadcast) => {
        if (clock.isDead) return;
        for (const observer of world.observers) observer.broadcast?.(this, broadcast);
      },
    });
  }

  #makePeer(
    { store, keys, nowMs, wallMs }: PeerStart,
    { start, networkKey }: { start: number; networkKey: KeyPair },
  ): Peer {
    const { backend } = this.#world;
    return new Peer({
      crypto: { backend, keys: this.stream(`secrets/${start}/${nowMs}`) },
      random: this.stream(`chance/${start}/${nowMs}`),
      store,
      keys: { ...keys, profileKey: profileKey(backend, keys.pageKey) },
      bootstrap: this.options.bootstrap ?? [],
      name: this.name,
      nowMs,
      wallMs,
      networkKey,
      records: this.#world.records,
      ...this.options.peer,
    });
  }

  /** The Peer as the driver gets it: its work is metered and counted, and those who watch see it. */
  #watched(peer: Peer): PeerMachine {
    const world = this.#world;
    const { meter, figures, observers } = world;
    const sabotage = this.options.sabotage ?? ((outputs: PeerOutput[]): PeerOutput[] => outputs);
    return {
      handle: (input, nowMs, wallMs) => {
        meter.worker = this;
        for (const observer of observers) observer.input?.(this, input);
        const outputs = sabotage(peer.handle(input, nowMs, wallMs), input);
        figures.handled(input, outputs);
        for (const observer of observers) observer.said?.(this, input, outputs);
        meter.worker = undefined;
        return outputs;
      },
      settle: (nowMs, wallMs) => {
        meter.worker = this;
        const outputs = sabotage(peer.settle(nowMs, wallMs), undefined);
        figures.settled(outputs);
        for (const observer of observers) observer.said?.(this, undefined, outputs);
        meter.worker = undefined;
        return outputs;
      },
      nextWakeMs: () => peer.nextWakeMs(),
    };
  }

  #heard(row: EventRow): void {
    this.events.push(row);
    if (this.events.length > eventsKept) this.events.shift();
  }

  #die(power: 'stays' | 'goes'): void {
    const process = this.#process;
    if (process === undefined) return;
    this.host.hasPower = power === 'stays';
    process.clock.isDead = true;
    process.network.die(power);
    this.disk.lose(power);
    this.#gone(process, 'crash');
  }

  #gone(process: Process, how: 'crash' | 'stop'): void {
    process.unsubscribe();
    process.clock.isDead = true;
    this.#process = undefined;
    const world = this.#world;
    world.trace.event(traceKinds.end, this.index, world.nowMs);
    for (const observer of world.observers) observer.ended?.(this, how);
  }
}

const eventsKept = 10_000;

function reasonOf({ cause, message }: KithError): string {
  if (!(cause instanceof Error)) return message;
  return (cause.stack ?? cause.message).split('\n').slice(0, 3).join(' ');
}
