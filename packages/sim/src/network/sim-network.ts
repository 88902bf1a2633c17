/**
 * The network of one node for one start of it, as the driver knows networks: the same order of events, the same
 * bounds and the same silence as the real adapter, in virtual time.
 */
import type { DialReason } from '@kith/core/base/dial-reason';
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { FrameClass, LinkPath } from '@kith/core/peer/contract';
import type { Contacted, Network, NetworkEvents, Trouble } from '@kith/node/driver/adapters';
import { traceKinds } from '../world/trace.ts';
import type { Host, Internet } from './internet.ts';
import { LanHearing } from './lan-hearing.ts';
import { Arrival, Later, LinkEnd, type Waiting } from './link-end.ts';
import { Stall } from './stall.ts';
import { Uplink } from './uplink.ts';
import { damaged, fairWeather, lateness } from './weather.ts';

/** As in the real adapter. */
const addressesMax = 8;
const addressDialMs = 5_000;
const linksJudgedMax = 88;
/** The frames by which a link lives are below: only a stream's end takes those away. */
const firstCarriedType = 0x10;

interface Dial {
  dial: number;
  remote: PeerId | undefined;
  addresses: string[];
  code: 'refused' | 'timeout' | 'other';
}

/** Says something else than the node did: nothing, others, or several frames. */
export type Tamper = (frame: Uint8Array, to: PeerId) => Uint8Array[];

export class SimNetwork implements Network {
  readonly self: PeerId;
  readonly host: Host;
  readonly addresses: string[];
  readonly lan: LanHearing;
  readonly #internet: Internet;
  readonly #ends = new Map<LinkId, LinkEnd>();
  readonly #byRemote = new Map<PeerId, LinkEnd>();
  readonly #uplink: Uplink | undefined;
  /** Until when the processor of the node is busy: what it says leaves then. */
  readonly #busyUntilMs: () => number;
  tamper: Tamper | undefined;
  #events: NetworkEvents | undefined;
  #lastLink = 0;
  /** The power went: nothing leaves any more. */
  #isDark = false;

  constructor(internet: Internet, init: { self: PeerId; host: Host; busyUntilMs: () => number }) {
    this.#internet = internet;
    this.self = init.self;
    this.host = init.host;
    this.#busyUntilMs = init.busyUntilMs;
    this.addresses = internet.addressesOf(init.host);
    this.lan = new LanHearing(internet, this, {
      found: (other) => this.#events?.lanFound(other.self, other.addresses),
      lost: (other) => this.#events?.lanLost(other.self),
    });
    const { bytesPerMs } = init.host;
    if (!Number.isFinite(bytesPerMs)) return;
    this.#uplink = new Uplink(bytesPerMs, internet.world, (waiting, lineMs) => {
      waiting.end.unload(waiting);
      this.#depart(waiting, lineMs);
    });
  }

  /** Links that stand. */
  get size(): number {
    return this.#ends.size;
  }

  /** Who is at the other ends. */
  get linked(): SimNetwork[] {
    return [...this.#ends.values()].flatMap((end) => end.other?.network ?? []);
  }

  linkTo(remote: PeerId): LinkId | undefined {
    return this.#byRemote.get(remote)?.link;
  }

  remoteOf(link: LinkId): SimNetwork | undefined {
    return this.#ends.get(link)?.other?.network;
  }

  get isRunning(): boolean {
    return this.#events !== undefined;
  }

  start(events: NetworkEvents): Promise<void> {
    this.#events = events;
    this.host.network = this;
    events.listening(this.self, this.addresses);
    this.lan.announce();
    return Promise.resolve();
  }

  send(link: LinkId, frameClass: FrameClass, frame: Uint8Array, receipt: number | undefined): boolean {
    const end = this.#ends.get(link);
    if (end === undefined) return false;
    if (this.tamper === undefined) return this.#put({ end, frameClass, frame, receipt });
    let isTaken = true;
    for (const said of this.tamper(frame, end.remote)) {
      isTaken = this.#put({ end, frameClass, frame: said, receipt: undefined }) && isTaken;
    }
    if (receipt !== undefined) this.#flushed(end, receipt);
    return isTaken;
  }

  dial(dial: number, remote: PeerId | undefined, addresses: string[], _why: DialReason): void {
    if (this.#events === undefined) return;
    this.#tryNext({ dial, remote, addresses: addresses.slice(0, addressesMax), code: 'other' });
  }

  close(link: LinkId, reason: string): void {
    const end = this.#ends.get(link);
    if (end === undefined) return;
    this.#put({ end, frameClass: 'bulk', frame: undefined, receipt: undefined });
    this.#drop(end, reason);
  }

  contacted(): Contacted[] {
    return [];
  }

  troubles(): Trouble[] {
    return [];
  }

  stop(): Promise<void> {
    for (const end of this.#ends.values()) this.close(end.link, 'this node stops');
    this.lan.leave('with a farewell');
    this.#leave();
    return Promise.resolve();
  }

  /** The process is gone. Its system still closes the sockets, unless the power went too. */
  die(power: 'stays' | 'goes'): void {
    const ends = [...this.#ends.values()];
    this.#leave();
    for (const end of ends) {
      end.isOpen = false;
      if (power === 'stays') this.#put({ end, frameClass: 'bulk', frame: undefined, receipt: undefined });
      else end.stall = undefined; // What its system held is gone.
    }
    this.#isDark = power === 'goes';
    this.lan.leave('without');
  }

  arrive(end: LinkEnd, frame: Uint8Array): void {
    const { world } = this.#internet;
    if (!end.isOpen || this.#events === undefined) {
      this.#refuse(end);
      return;
    }
    end.trafficMs = world.nowMs;
    world.trace.event(traceKinds.frame, this.host.host, world.nowMs);
    world.trace.number(end.link);
    world.trace.bytes(frame);
    this.#events.frame(end.link, frame);
  }

  #leave(): void {
    this.#events = undefined;
    this.#ends.clear();
    this.#byRemote.clear();
    if (this.host.network === this) this.host.network = undefined;
  }

  /** @returns false where the class of that link is full. */
  #put(waiting: Waiting): boolean {
    const busyMs = this.#busyUntilMs() - this.#internet.world.nowMs;
    if (busyMs > 0) {
      this.#later(busyMs, () => void this.#toLine(waiting));
      return true;
    }
    return this.#toLine(waiting);
  }

  #toLine(waiting: Waiting): boolean {
    const line = this.#uplink;
    if (line === undefined) return this.#depart(waiting, 0);
    const { end, frameClass, frame } = waiting;
    if (line.isFree) return this.#depart(waiting, line.use(waiting));
    if (frame !== undefined && !end.load(frameClass, frame.length)) return false;
    line.queue(waiting);
    return true;
  }

  /** The frame leaves this host, and takes `lineMs` to do so. */
  #depart(waiting: Waiting, lineMs: number): boolean {
    const { end, frame, receipt } = waiting;
    const internet = this.#internet;
    const { other } = end;
    if (other === undefined || this.#isDark) return false;
    if (end.stall !== undefined || internet.isCut(this.host, other.network.host)) return this.#stall(waiting);
    if (receipt !== undefined) this.#flushed(end, receipt);
    const { nowMs } = internet.world;
    if (nowMs - end.trafficMs > end.idleMs) return true; // The box on the way has forgotten this link.
    end.trafficMs = nowMs;
    if (frame === undefined) {
      const atMs = Math.max(nowMs + lineMs + end.latencyMs, end.lastArrivalMs);
      internet.world.plan(atMs - nowMs, new Later(() => other.network.closed(other)));
      return true;
    }
    const type = frame[0]!;
    internet.sentFrames[type]! += 1;
    internet.sentBytes[type]! += frame.length;
    this.#fly(end, { other, frame, lineMs });
    return true;
  }

  #fly(end: LinkEnd, { other, frame, lineMs }: { other: LinkEnd; frame: Uint8Array; lineMs: number }): void {
    const { weather, world, random } = this.#internet;
    const { nowMs } = world;
    let atMs = nowMs + lineMs + end.latencyMs;
    if (weather !== fairWeather) {
      atMs += lateness(weather, end, random);
      if (frame[0]! >= firstCarriedType) {
        if (random.chance(weather.lose)) return;
        if (random.chance(weather.damage)) {
          world.plan(end.latencyMs, new Arrival(other, damaged(frame, random)));
        }
        if (random.chance(weather.repeat)) {
          world.plan(atMs - nowMs + random.next() * 1_000, new Arrival(other, frame));
        }
        if (weather.reorderMs > 0) {
          world.plan(
            Math.max(atMs, other.upMs) - nowMs + random.next() * weather.reorderMs,
            new Arrival(other, frame),
          );
          return;
        }
      }
    }
    if (atMs < end.lastArrivalMs) atMs = end.lastArrivalMs;
    end.lastArrivalMs = atMs;
    world.plan(atMs - nowMs, new Arrival(other, frame));
  }

  /** Nothing passes to the other host. @returns false where the class of that link is full. */
  #stall(waiting: Waiting): boolean {
    const { end, receipt } = waiting;
    const stall = end.stall ?? this.#beginStall(end);
    const taker = stall.put(waiting);
    if (taker !== 'system') return taker === 'adapter';
    if (receipt !== undefined) this.#flushed(end, receipt);
    waiting.receipt = undefined;
    return true;
  }

  #beginStall(end: LinkEnd): Stall {
    const { other } = end;
    return (end.stall = new Stall(end, this.#internet.world, {
      passes: () =>
        other?.network.host.hasPower === true && !this.#internet.isCut(this.host, other.network.host),
      over: (waiting) => {
        // What was sent before, and lost, is refused where nobody knows of the link any more.
        if (other?.isOpen !== true) this.#later(end.latencyMs * 2, () => this.closed(end));
        for (const each of waiting) this.#depart(each, 0);
      },
      gaveUp: (reason) => end.isOpen && this.#drop(end, reason),
    }));
  }

  #flushed(end: LinkEnd, receipt: number): void {
    this.#later(0.1, () => end.isOpen && this.#events?.flushed(end.link, receipt));
  }

  /** A frame came to a link that is no more: who sent it is told so, if anything answers at all. */
  #refuse({ other, latencyMs }: LinkEnd): void {
    if (other?.isOpen !== true) return;
    if (this.host.hasPower) this.#later(latencyMs, () => other.network.closed(other));
    else other.network.unanswered(other);
  }

  /** What was sent does not arrive, and nothing says so. */
  unanswered(end: LinkEnd): void {
    if (end.stall === undefined) this.#beginStall(end);
  }

  closed(end: LinkEnd): void {
    if (end.isOpen && this.#events !== undefined) this.#drop(end, 'closed by the other side');
  }

  #drop(end: LinkEnd, reason: string): void {
    end.isOpen = false;
    this.#ends.delete(end.link);
    if (this.#byRemote.get(end.remote) === end) this.#byRemote.delete(end.remote);
    this.#note(traceKinds.linkDown, end.link);
    this.#events?.linkDown(end.link, reason);
  }

  #tryNext(dial: Dial): void {
    const { remote } = dial;
    if (this.#events === undefined || (remote !== undefined && this.#byRemote.has(remote))) return;
    const address = dial.addresses.shift();
    if (address === undefined) {
      this.#note(traceKinds.dialFailed, dial.dial);
      this.#events.dialFailed(dial.dial, dial.code);
      return;
    }
    const internet = this.#internet;
    const found = internet.find(this.host, address);
    const fails = (code: Dial['code'], afterMs: number): void => {
      if (dial.code !== 'refused') dial.code = code;
      this.#later(afterMs, () => this.#tryNext(dial));
    };
    if (found === 'silence' || !found.host.hasPower) return fails('timeout', addressDialMs);
    const { host, seenAs, near } = found;
    const latencyMs = internet.latencyMs(this.host, host);
    this.#later(internet.waysMs(latencyMs, 1), () => {
      const other = host.network;
      if (internet.isCut(this.host, host) || internet.isCut(host, this.host)) {
        return fails('timeout', addressDialMs - latencyMs);
      }
      if (other === undefined) return fails('refused', latencyMs);
      if (other === this || (remote ?? other.self) !== other.self) return fails('other', latencyMs * 3);
      // TCP, Noise and the stream take three round trips; the greeting is under way while the last one ends.
      this.#later(internet.waysMs(latencyMs, 4), () => {
        if (!other.isRunning) return fails('refused', latencyMs);
        this.#meet(other, { dial, fails, address, seenAs, latencyMs, near });
      });
    });
  }

  #meet(
    other: SimNetwork,
    way: {
      dial: Dial;
      fails: (code: Dial['code'], afterMs: number) => void;
      address: string;
      seenAs: string;
      latencyMs: number;
      near: boolean;
    },
  ): void {
    const { latencyMs } = way;
    if (this.#byRemote.has(other.self)) return;
    const { nowMs } = this.#internet.world;
    if (other.size >= linksJudgedMax || this.size >= linksJudgedMax) return way.fails('other', latencyMs);
    const stale = other.#byRemote.get(this.self);
    if (stale !== undefined) other.#drop(stale, 'replaced');
    const idleMs = way.near
      ? Infinity
      : Math.min(this.host.nat?.idleMs ?? Infinity, other.host.nat?.idleMs ?? Infinity);
    const mine = this.#newEnd(other.self, { latencyMs, idleMs, nowMs });
    const theirs = other.#newEnd(this.self, { latencyMs, idleMs, nowMs });
    mine.other = theirs;
    theirs.other = mine;
    mine.upMs = nowMs + latencyMs;
    theirs.lastArrivalMs = mine.upMs;
    const path: LinkPath = way.near ? 'lan' : 'direct';
    other.#up(theirs, { address: way.seenAs, path, dialled: false });
    this.#later(latencyMs, () => {
      if (mine.isOpen) this.#up(mine, { address: way.address, path, dialled: true });
    });
  }

  #newEnd(remote: PeerId, init: { latencyMs: number; idleMs: number; nowMs: number }): LinkEnd {
    const end = new LinkEnd(this, { link: ++this.#lastLink as LinkId, remote, ...init });
    this.#ends.set(end.link, end);
    this.#byRemote.set(remote, end);
    return end;
  }

  #up(end: LinkEnd, about: { address: string; path: LinkPath; dialled: boolean }): void {
    this.#note(traceKinds.linkUp, end.link);
    this.#events?.linkUp(end.link, end.remote, about.address, about.path, about.dialled);
  }

  #note(kind: number, number: number): void {
    const { world } = this.#internet;
    world.trace.event(kind, this.host.host, world.nowMs);
    world.trace.number(number);
  }

  #later(delayMs: number, run: () => void): void {
    this.#internet.world.plan(delayMs, new Later(run));
  }
}
