/** One link, from the moment it stands: how far its greeting went, who is recognised, how silent it is. */
import type { LinkId, PeerId } from '../../base/ids.ts';
import type { Recognition } from './recognition.ts';
import { type BucketConfig, TokenBucket } from './token-bucket.ts';

/** As in the contract of the Peer. */
export type LinkPath = 'lan' | 'direct' | 'relayed';

export interface LinkTimes {
  /** The other must have said hello by then. */
  helloMs: number;
  /** After this silence we ask whether it is there. */
  silentMs: number;
  /** After this silence, and two questions, it is dead. */
  deadMs: number;
  /** A link that lived this long ends the back-off of what it served. */
  settledMs: number;
  control: BucketConfig;
  ourLists: BucketConfig;
  theirLists: BucketConfig;
}

export const linkTimesDefaults: LinkTimes = {
  helloMs: 10_000, // A guess: five slow round trips.
  silentMs: 30_000, // Home routers forget an idle TCP flow after minutes, libp2p a stream after two.
  deadMs: 75_000,
  settledMs: 60_000, // A guess.
  control: { burst: 64, refillMs: 250 }, // Greeting and recognition take about 40 at most.
  ourLists: { burst: 4, refillMs: 10_000 },
  theirLists: { burst: 8, refillMs: 8_000 }, // Above ours: a stall may deliver several lists at once.
};

export interface LinkFound {
  link: LinkId;
  remote: PeerId;
  address: string;
  path: LinkPath;
  dialled: boolean;
  /** The dial it came of: the target's name and the plain address that led here. */
  led: { name: string; plain: string } | undefined;
}

export interface LinkRecord {
  link: LinkId;
  remote: PeerId;
  address: string;
  path: LinkPath;
  dialled: boolean;
  /** Both hellos were said: frames of other classes may come and go. */
  open: boolean;
  recognised: string[];
}

const pingsMax = 2;

export class LinkState {
  readonly link: LinkId;
  readonly remote: PeerId;
  readonly address: string;
  readonly path: LinkPath;
  readonly dialled: boolean;
  readonly led: { name: string; plain: string } | undefined;
  readonly selfNonce: Uint8Array;
  readonly upMs: number;
  readonly control: TokenBucket;
  readonly ourLists: TokenBucket;
  readonly theirLists: TokenBucket;
  /** Recognised on this link. */
  readonly ids: Set<string> = new Set();
  heardMs: number;
  /** Questions since the last sign of life. */
  pings = 0;
  /** Undefined until the other said hello. */
  recognition: Recognition | undefined = undefined;
  relistAtMs: number = Infinity;
  #times: LinkTimes;
  #askedMs = 0;

  constructor(found: LinkFound, selfNonce: Uint8Array, times: LinkTimes, nowMs: number) {
    this.link = found.link;
    this.remote = found.remote;
    this.address = found.address;
    this.path = found.path;
    this.dialled = found.dialled;
    this.led = found.led;
    this.selfNonce = selfNonce;
    this.upMs = nowMs;
    this.heardMs = nowMs;
    this.control = new TokenBucket(times.control, nowMs);
    this.ourLists = new TokenBucket(times.ourLists, nowMs);
    this.theirLists = new TokenBucket(times.theirLists, nowMs);
    this.#times = times;
  }

  record(): LinkRecord {
    const { link, remote, address, path, dialled, recognition, ids } = this;
    return { link, remote, address, path, dialled, open: recognition !== undefined, recognised: [...ids] };
  }

  heard(nowMs: number): void {
    this.heardMs = nowMs;
    this.pings = 0;
  }

  /** What the silence asks for now. `ask` is answered by a ping and counts as one. */
  silence(nowMs: number): 'wait' | 'ask' | 'dead' {
    if (nowMs < this.#silentUntilMs()) return 'wait';
    if (this.recognition === undefined || this.pings >= pingsMax) return 'dead';
    this.pings++;
    this.#askedMs = nowMs;
    return 'ask';
  }

  dueMs(): number {
    return Math.min(this.#silentUntilMs(), this.relistAtMs);
  }

  #silentUntilMs(): number {
    const { helloMs, silentMs, deadMs } = this.#times;
    if (this.recognition === undefined) return this.upMs + helloMs;
    if (this.pings === 0) return this.heardMs + silentMs;
    // After a machine slept, the time since the last sign of life says nothing: both questions need time.
    const patienceMs = deadMs - pingsMax * silentMs;
    if (this.pings < pingsMax) return Math.max(this.heardMs + silentMs * 2, this.#askedMs + patienceMs);
    return Math.max(this.heardMs + deadMs, this.#askedMs + patienceMs);
  }
}
