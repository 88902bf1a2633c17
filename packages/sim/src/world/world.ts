/**
 * A deterministic world of nodes: the product's own Driver and Peer on a simulated Internet, in virtual time. Same
 * options, same code, same trace hash.
 *
 * One thing happens at a time. What is due at the same moment happens in the order it was planned, and before what
 * drivers put off with `soon`, so that frames which arrive together share a batch as they do on a real machine.
 */
import { invariant } from '@kith/core/base/invariant';
import type { CryptoBackend } from '@kith/core/crypto/backend';
import { Meter } from '../crypto/meter.ts';
import { createRealCrypto } from '../crypto/real-crypto.ts';
import { SharedRecords } from '../crypto/shared-records.ts';
import { createStandIn } from '../crypto/stand-in.ts';
import { type Host, Internet } from '../network/internet.ts';
import { type LatencyModel, wanLatency } from '../network/latency.ts';
import { Later } from '../network/link-end.ts';
import type { Weather } from '../network/weather.ts';
import type { ScenarioOutcome, Violation } from '../scenario.ts';
import { Agenda, type Task } from './agenda.ts';
import { type Stream, streamOf } from './chance.ts';
import { Figures } from './figures.ts';
import type { ClockWorld } from './node-clock.ts';
import type { Observer } from './observer.ts';
import { type NodeOptions, SimNode } from './sim-node.ts';
import { Trace, traceKinds } from './trace.ts';

export interface WorldOptions {
  /** An unsigned 32-bit number: the only source of chance. */
  seed: number;
  /** Undefined: lognormal with a median of 40 ms one way. */
  latency?: LatencyModel | undefined;
  /** `stand-in`: signatures and key agreement by a keyed hash, for more than a thousand nodes. Undefined: `real`. */
  crypto?: 'real' | 'stand-in' | undefined;
  /** Another backend than either of these. */
  backend?: CryptoBackend | undefined;
  /** Whom that backend charges. */
  meter?: Meter | undefined;
  /** What the walls show at the beginning. */
  startWallMs?: number | undefined;
}

const startWallMsDefault = Date.UTC(2026, 8, 21);
/** Beyond it real signatures take most of the time of a run. */
const realCryptoPeersMax = 1_000;
/** Events between two looks at what promises wait: fixed, so that it is the same in every run. */
const eventsPerBreath = 16_384;

/** Makes an empty world. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { seed, meter = new Meter(), crypto = cryptoFor(0) } = options;
  const random = streamOf(seed, 'backend');
  const made = crypto === 'real' ? createRealCrypto(random, meter) : createStandIn(random, meter);
  return new World({ ...options, meter, backend: options.backend ?? (await made) });
}

/** What a world of so many nodes should compute with. */
export function cryptoFor(peers: number): 'real' | 'stand-in' {
  return peers > realCryptoPeersMax ? 'stand-in' : 'real';
}

export class World implements ClockWorld {
  readonly seed: number;
  readonly backend: CryptoBackend;
  readonly meter: Meter;
  readonly records: SharedRecords;
  readonly internet: Internet;
  readonly trace: Trace = new Trace();
  readonly figures: Figures = new Figures();
  readonly nodes: SimNode[] = [];
  readonly observers: Observer[] = [];
  readonly violations: Violation[] = [];
  readonly startWallMs: number;
  /** Virtual milliseconds since the world began. */
  nowMs = 0;
  /** Tasks that ran: frames, timers, turns of loops. */
  events = 0;
  readonly #agenda = new Agenda();
  /** First in, first out. */
  #soon: Task[] = [];
  #soonAt = 0;
  #isRunning = false;
  readonly #byHost = new Map<Host, SimNode>();

  constructor(options: WorldOptions & { backend: CryptoBackend }) {
    const { seed } = options;
    this.seed = seed;
    this.backend = options.backend;
    this.meter = options.meter ?? new Meter();
    this.records = new SharedRecords(this.backend, this.meter);
    this.startWallMs = options.startWallMs ?? startWallMsDefault;
    const latency = options.latency ?? wanLatency(seed, { medianMs: 40, spread: 0.5 });
    this.internet = new Internet(this, latency, this.stream('weather'));
  }

  /** A stream of chance for one purpose of a scenario. */
  stream(purpose: string): Stream {
    return streamOf(this.seed, `scenario/${purpose}`);
  }

  /** Adds a node and starts it at once. */
  addNode(options: NodeOptions = {}): SimNode {
    const node = new SimNode(this, this.nodes.length, options);
    this.nodes.push(node);
    this.#byHost.set(node.host, node);
    node.start();
    return node;
  }

  nodeOn(host: Host): SimNode | undefined {
    return this.#byHost.get(host);
  }

  /** Adds somebody who watches. Before the nodes it is to watch are added. */
  observe(observer: Observer): void {
    this.observers.push(observer);
    for (const node of this.nodes) node.watchDisk();
  }

  /** Something is broken: the run goes on and is not ok. Of one checker only the first hundred are kept. */
  violate(checker: string, detail: string): void {
    if (this.violations.filter((each) => each.checker === checker).length >= 100) return;
    this.violations.push({ checker, atMs: Math.round(this.nowMs), detail });
  }

  /** Runs `run` after `delayMs` of virtual time. @returns calls it off. */
  after(delayMs: number, run: () => void): () => void {
    const task = new Later(() => {
      this.trace.event(traceKinds.act, 0, this.nowMs);
      run();
    });
    this.plan(delayMs, task);
    return () => this.callOff(task);
  }

  /** Every `everyMs`, until it gives false. */
  every(everyMs: number, run: () => boolean | void): void {
    this.after(everyMs, () => {
      if (run() !== false) this.every(everyMs, run);
    });
  }

  /** Nodes of different groups hear nothing of each other. A node in no group is alone. */
  partition(...groups: readonly (readonly SimNode[])[]): void {
    const groupOf = new Map<number, number>();
    for (const [group, nodes] of groups.entries())
      for (const { host } of nodes) groupOf.set(host.host, group);
    this.internet.part((host) => groupOf.get(host) ?? -1 - host);
  }

  /** Nothing passes from the first to the second; the other way all does. */
  cutOneWay(from: readonly SimNode[], to: readonly SimNode[]): void {
    const hosts = (nodes: readonly SimNode[]): Set<number> => new Set(nodes.map((node) => node.host.host));
    this.internet.cutOneWay(hosts(from), hosts(to));
  }

  heal(): void {
    this.internet.heal();
  }

  /** Ends processes without a word: kill -9, or with their power. */
  kill(nodes: readonly SimNode[], power: 'stays' | 'goes' = 'stays'): void {
    for (const node of nodes) node.crash(power);
  }

  set weather(weather: Weather) {
    this.internet.weather = weather;
  }

  /** Lets virtual time pass. @param onBreath - told now and then how far it is, in [0, 1]. */
  async runFor(ms: number, onBreath?: (done: number) => void): Promise<void> {
    const untilMs = this.nowMs + ms;
    const fromMs = this.nowMs;
    for (;;) {
      const isDone = this.#run(untilMs, eventsPerBreath);
      onBreath?.(isDone ? 1 : (this.nowMs - fromMs) / ms);
      await breathe();
      if (isDone) break;
    }
    this.nowMs = untilMs;
  }

  /** Runs, event by event, until it holds or nothing is left to happen. @returns whether it holds. */
  runUntil(holds: () => boolean, withinMs = 3_600_000): boolean {
    const untilMs = this.nowMs + withinMs;
    while (!holds()) if (this.#run(untilMs, 1)) return holds();
    return true;
  }

  plan(delayMs: number, task: Task): void {
    this.#agenda.add(this.nowMs + delayMs, task);
  }

  callOff(task: Task): void {
    this.#agenda.callOff(task);
  }

  soon(task: Task): void {
    this.#soon.push(task);
  }

  /** A loop or timer of a node runs. */
  ringing(node: SimNode): void {
    this.trace.event(traceKinds.ring, node.index, this.nowMs);
  }

  /** What a scenario gives back, but for its figures. */
  outcome(): ScenarioOutcome {
    return {
      traceHash: this.trace.digest(),
      events: this.figures.inputs,
      virtualMs: this.nowMs,
      violations: this.violations,
      figures: [],
      snapshots: [],
      spread: [],
    };
  }

  /** @returns whether nothing is left to happen until then. */
  #run(untilMs: number, eventsMax: number): boolean {
    invariant(!this.#isRunning, 'a world is run from outside of its events');
    this.#isRunning = true;
    try {
      for (let count = 0; count < eventsMax; count++) {
        const task = this.#next(untilMs);
        if (task === undefined) return true;
        this.events++;
        task.run();
      }
      return false;
    } finally {
      this.#isRunning = false;
    }
  }

  #next(untilMs: number): Task | undefined {
    const { nextMs } = this.#agenda;
    if (nextMs > this.nowMs && this.#soonAt < this.#soon.length) return this.#takeSoon();
    if (nextMs > untilMs) return undefined;
    if (nextMs > this.nowMs) this.nowMs = nextMs;
    return this.#agenda.take() ?? this.#takeSoon();
  }

  #takeSoon(): Task | undefined {
    const task = this.#soon[this.#soonAt++];
    if (this.#soonAt >= this.#soon.length) {
      this.#soon.length = 0;
      this.#soonAt = 0;
    }
    return task;
  }
}

/** Lets promises that wait go on. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
