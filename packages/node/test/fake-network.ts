/**
 * A network in memory with the manners of the real one; it passes the same contract.
 *
 * Nothing happens inside a call: everything that crosses the wire waits in one queue, which runs by itself
 * after each turn, or by hand (`FakeWire` with `manual`) where a test or simulation wants to choose when.
 */
import type { DialReason } from '@kith/core/base/dial-reason';
import { KithError } from '@kith/core/base/errors';
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { FrameClass } from '@kith/core/peer/contract';
import type { Contacted, Network, NetworkEvents, Trouble } from '../src/driver/adapters.ts';
import { isNear, readEndpoint } from '../src/network/addresses.ts';
import { contactedMax, frameBytesMax, outgoingLimits } from '../src/network/limits.ts';

/** Joins the fake networks of one test. Address n is `/ip4/10.0.<n/250>.<n%250+1>/tcp/4001`. */
export class FakeWire {
  readonly #nodes = new Map<string, FakeNetwork>();
  readonly #queue: (() => void)[] = [];
  readonly #manual: boolean;
  #running = false;
  #made = 0;

  constructor(mode: 'by itself' | 'manual' = 'by itself') {
    this.#manual = mode === 'manual';
  }

  /** A network that is not started. With `lan` other than `off` it is found by all such on this wire. */
  create(lan: 'on' | 'off' | 'only'): FakeNetwork {
    const index = this.#made++;
    const address = `/ip4/10.0.${Math.floor(index / 250)}.${(index % 250) + 1}/tcp/4001`;
    return new FakeNetwork(this, { lan, address, self: `fake${String(index).padStart(6, '0')}` as PeerId });
  }

  /** Runs what waits, and what that makes wait, until nothing does. @returns how much ran. */
  run(): number {
    let ran = 0;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      ran++;
      next();
    }
    return ran;
  }

  later(act: () => void): void {
    this.#queue.push(act);
    if (this.#manual || this.#running) return;
    this.#running = true;
    queueMicrotask(() => {
      this.#running = false;
      this.run();
    });
  }

  attach(address: string, network: FakeNetwork): void {
    if (this.#nodes.has(address)) throw new KithError('port-in-use');
    this.#nodes.set(address, network);
  }

  detach(address: string): void {
    this.#nodes.delete(address);
  }

  at(address: string): FakeNetwork | undefined {
    return this.#nodes.get(address);
  }

  others(network: FakeNetwork): FakeNetwork[] {
    return [...this.#nodes.values()].filter((other) => other !== network);
  }
}

interface Queued {
  frame: Uint8Array;
  receipt: number | undefined;
}

/** One side of a link. */
interface End {
  link: LinkId;
  remote: FakeNetwork;
  remoteEnd: End | undefined;
  queues: Record<FrameClass, Queued[]>;
  bytes: Record<FrameClass, number>;
  receipts: Set<number>;
  told: number;
  pumping: boolean;
}

const classes: FrameClass[] = ['control', 'message', 'bulk'];

export class FakeNetwork implements Network {
  readonly self: PeerId;
  readonly address: string;
  readonly #lan: 'on' | 'off' | 'only';
  readonly #wire: FakeWire;
  readonly #ends = new Map<LinkId, End>();
  readonly #contacted: Contacted[] = [];
  #events: NetworkEvents | undefined;
  #lastLink = 0;

  constructor(wire: FakeWire, init: { lan: 'on' | 'off' | 'only'; address: string; self: PeerId }) {
    this.#wire = wire;
    this.#lan = init.lan;
    this.self = init.self;
    this.address = init.address;
  }

  start(events: NetworkEvents): Promise<void> {
    this.#wire.attach(this.address, this);
    this.#events = events;
    events.listening(this.self, [this.address]);
    for (const other of this.#lan === 'off' ? [] : this.#wire.others(this)) {
      if (other.#lan === 'off') continue;
      this.#wire.later(() => this.#events?.lanFound(other.self, [other.address]));
      this.#wire.later(() => other.#events?.lanFound(this.self, [this.address]));
    }
    return Promise.resolve();
  }

  send(link: LinkId, frameClass: FrameClass, frame: Uint8Array, receipt: number | undefined): boolean {
    if (frame.length < 1 || frame.length > frameBytesMax)
      throw new RangeError(`frame: ${frame.length} bytes`);
    const end = this.#ends.get(link);
    if (end === undefined) return false;
    const queue = end.queues[frameClass];
    const bytes = end.bytes[frameClass] + frame.length + 4;
    const limit = outgoingLimits[frameClass];
    if (queue.length >= limit.framesMax || bytes > limit.bytesMax) return false;
    end.bytes[frameClass] = bytes;
    queue.push({ frame: new Uint8Array(frame), receipt });
    if (receipt !== undefined) end.receipts.add(receipt);
    if (!end.pumping) {
      end.pumping = true;
      this.#wire.later(() => this.#pump(end));
    }
    return true;
  }

  dial(dial: number, remote: PeerId | undefined, addresses: string[], why: DialReason): void {
    if (this.#events === undefined) return;
    const wanted = addresses.filter((address) => {
      const endpoint = readEndpoint(address);
      return endpoint !== undefined && (this.#lan !== 'only' || isNear(endpoint.host));
    });
    this.#wire.later(() => this.#tryNext(dial, remote, wanted, why));
  }

  close(link: LinkId, reason: string): void {
    const end = this.#ends.get(link);
    if (end === undefined) return;
    this.#pump(end);
    this.#drop(end, reason);
  }

  contacted(): Contacted[] {
    return [...this.#contacted];
  }

  troubles(): Trouble[] {
    return [];
  }

  stop(): Promise<void> {
    const events = this.#events;
    this.#events = undefined;
    for (const end of this.#ends.values()) this.#drop(end, 'this node stops');
    if (events === undefined) return Promise.resolve();
    this.#wire.detach(this.address);
    for (const other of this.#lan === 'off' ? [] : this.#wire.others(this)) {
      if (other.#lan !== 'off') this.#wire.later(() => other.#events?.lanLost(this.self));
    }
    return Promise.resolve();
  }

  #tryNext(dial: number, remote: PeerId | undefined, addresses: string[], why: DialReason): void {
    if (this.#events === undefined || (remote !== undefined && this.#linkTo(remote) !== undefined)) return;
    let refused = false;
    for (const address of addresses) {
      if (this.#contacted.length < contactedMax) this.#contacted.push({ address, why, atWallMs: 0 });
      const other = this.#wire.at(address);
      refused ||= other === undefined;
      if (other === undefined || other === this || (remote ?? other.self) !== other.self) continue;
      if (other.#events === undefined || this.#linkTo(other.self) !== undefined) continue;
      return this.#join(other);
    }
    this.#events.dialFailed(dial, refused ? 'refused' : 'other');
  }

  #linkTo(remote: PeerId): End | undefined {
    return [...this.#ends.values()].find((end) => end.remote.self === remote);
  }

  #join(other: FakeNetwork): void {
    const [mine, theirs] = [this.#newEnd(other), other.#newEnd(this)];
    mine.remoteEnd = theirs;
    theirs.remoteEnd = mine;
    this.#events?.linkUp(mine.link, other.self, other.address, 'lan', true);
    other.#events?.linkUp(theirs.link, this.self, this.address, 'lan', false);
  }

  #newEnd(remote: FakeNetwork): End {
    const link = ++this.#lastLink as LinkId;
    const queues = { control: [], message: [], bulk: [] };
    const end: End = {
      link,
      remote,
      remoteEnd: undefined,
      queues,
      bytes: { control: 0, message: 0, bulk: 0 },
      receipts: new Set(),
      told: 0,
      pumping: false,
    };
    this.#ends.set(link, end);
    return end;
  }

  #pump(end: End): void {
    end.pumping = false;
    if (!this.#ends.has(end.link)) return;
    for (const frameClass of classes) {
      end.bytes[frameClass] = 0;
      for (const { frame, receipt } of end.queues[frameClass].splice(0)) {
        if (receipt !== undefined) end.receipts.delete(receipt);
        end.told = Math.max(end.told, receipt ?? 0);
        this.#wire.later(() => end.remote.#arrive(end, frame));
      }
    }
    const { told } = end;
    if (told > 0) this.#wire.later(() => this.#ends.has(end.link) && this.#events?.flushed(end.link, told));
    end.told = 0;
  }

  #arrive(from: End, frame: Uint8Array): void {
    const end = from.remoteEnd;
    if (end !== undefined && this.#ends.has(end.link)) this.#events?.frame(end.link, frame);
  }

  #drop(end: End, reason: string): void {
    this.#ends.delete(end.link);
    this.#events?.linkDown(end.link, reason);
    const { remote, remoteEnd } = end;
    this.#wire.later(() => {
      if (remoteEnd === undefined || !remote.#ends.delete(remoteEnd.link)) return;
      remote.#events?.linkDown(remoteEnd.link, 'closed by the other side');
    });
  }
}
