/** One link, from the moment it stands: how far its greeting went, who is recognised, how silent it is. */
import type { LinkId, PeerId } from '../../base/ids.ts';
import { scopeOf, subnetOf } from '../../base/place.ts';
import { type BucketConfig, TokenBucket } from '../../base/token-bucket.ts';
import type { LinkPurpose } from '../../wire/hello.ts';
import { plainAddress } from './dial-target.ts';
import type { Recognition } from './recognition.ts';

/** As in the contract of the Peer. */
export type LinkPath = 'lan' | 'direct' | 'relayed';

export interface LinkTimes {
  /** The other must have said hello by then. */
  helloMs: number;
  /** After this silence we ask whether it is there. */
  silentMs: number;
  /** Who was dialled waits so much longer: both would ask at the same moment, as each hears the other's answer. */
  yieldMs: number;
  /** After this silence, and two questions, it is dead. */
  deadMs: number;
  /** A link that nobody needs ends after this, by the end that dialled. */
  lingerMs: number;
  /** The same, by the end that was dialled: it knows less of what the other needs. */
  lingerDialledMs: number;
  /** A link for a question ends after this without a frame that asks or answers. */
  questionIdleMs: number;
  /** A link that lived this long ends the back-off of what it served. */
  settledMs: number;
  control: BucketConfig;
  ourLists: BucketConfig;
  theirLists: BucketConfig;
}

export const linkTimesDefaults: LinkTimes = {
  helloMs: 10_000, // A guess: five slow round trips.
  yieldMs: 5_000, // Above any round trip.
  silentMs: 30_000, // Home routers forget an idle TCP flow after minutes, libp2p a stream after two.
  deadMs: 75_000,
  lingerMs: 60_000, // A guess: who changes its views comes back within seconds or not at all.
  lingerDialledMs: 600_000,
  questionIdleMs: 10_000, // A lookup over slow paths asks a node again within three seconds.
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
  /** The dial it came of: the target's name, the plain address that led here and what it was for. */
  led: { name: string; plain: string; purpose: LinkPurpose } | undefined;
}

export interface LinkRecord {
  link: LinkId;
  remote: PeerId;
  address: string;
  path: LinkPath;
  dialled: boolean;
  /** Both hellos were said: frames of other classes may come and go. */
  open: boolean;
  /** Undefined until the one that dialled said it. */
  purpose: LinkPurpose | undefined;
  /** A room of the mesh holds it. */
  held: boolean;
  recognised: string[];
  /** What the other speaks; 0 before its hello. */
  minor: number;
}

const pingsMax = 2;
const holdersMax = 64; // Topics and lookups of one link: more is a fault of ours, and the first hold it.

export class LinkState {
  readonly link: LinkId;
  readonly remote: PeerId;
  readonly address: string;
  readonly path: LinkPath;
  readonly dialled: boolean;
  readonly led: LinkFound['led'];
  readonly plain: string;
  /** Whose neighbours have their places in common; undefined where that counts for nothing. */
  readonly subnet: string | undefined;
  readonly selfNonce: Uint8Array;
  readonly upMs: number;
  readonly control: TokenBucket;
  readonly ourLists: TokenBucket;
  readonly theirLists: TokenBucket;
  /** Recognised on this link. */
  readonly ids: Set<string> = new Set();
  /** The rooms of the mesh that hold it. */
  readonly holders: Set<string> = new Set();
  /** Both hellos were said. */
  open = false;
  /** The Peer was told that it is open. */
  announced = false;
  purpose: LinkPurpose | undefined;
  /** Of their hello. */
  remoteNonce: Uint8Array | undefined = undefined;
  minor = 0;
  /** Once a link for a question, and a neighbour's by our or their wish. */
  promoted: { byUs: boolean; byThem: boolean } = { byUs: false, byThem: false };
  heardMs: number;
  /** The last frame that was neither greeting nor ping. */
  usedMs: number;
  /** Since when nobody needs it, where nobody does. */
  unneededMs: number;
  /** Questions since the last sign of life. */
  pings = 0;
  /** Undefined until the other said hello, and on a link for a question. */
  recognition: Recognition | undefined = undefined;
  relistAtMs: number = Infinity;
  /** Whether it is sent our lists at all. */
  listed = true;
  #times: LinkTimes;
  #askedMs = 0;

  constructor(found: LinkFound, selfNonce: Uint8Array, times: LinkTimes, nowMs: number) {
    this.link = found.link;
    this.remote = found.remote;
    this.address = found.address;
    this.path = found.path;
    this.dialled = found.dialled;
    this.led = found.led;
    this.plain = plainAddress(found.address);
    this.subnet = found.path === 'direct' ? crowdOf(found.address) : undefined;
    this.purpose = found.dialled ? (found.led?.purpose ?? 'neighbour') : undefined;
    this.selfNonce = selfNonce;
    this.upMs = nowMs;
    this.heardMs = nowMs;
    this.usedMs = nowMs;
    this.unneededMs = nowMs;
    this.control = new TokenBucket(times.control, nowMs);
    this.ourLists = new TokenBucket(times.ourLists, nowMs);
    this.theirLists = new TokenBucket(times.theirLists, nowMs);
    this.#times = times;
  }

  record(): LinkRecord {
    const { link, remote, address, path, dialled, open, purpose, minor } = this;
    const recognised = [...this.ids];
    return { link, remote, address, path, dialled, open, purpose, held: this.held, recognised, minor };
  }

  /** @param holder - whatever room needs the link, under a name of its own. */
  hold(holder: string, on: boolean, nowMs: number): void {
    if (on && this.holders.size < holdersMax) this.holders.add(holder);
    // Who lets go may want it again soon, or answer a question still.
    if (!on && this.holders.delete(holder)) this.unneededMs = this.usedMs = nowMs;
  }

  get held(): boolean {
    return this.holders.size > 0;
  }

  /** Recognised or held: never sent away for want of room. */
  get needed(): boolean {
    return this.ids.size > 0 || this.holders.size > 0;
  }

  /** Entries stand no more. @returns those that were recognised here. */
  lose(entries: readonly string[], nowMs: number): string[] {
    const lost = entries.filter((id) => this.ids.delete(id));
    if (lost.length > 0) this.unneededMs = nowMs;
    return lost;
  }

  /** When it ends because nobody needs it; Infinity while somebody does. */
  idleUntilMs(): number {
    const { questionIdleMs, lingerMs, lingerDialledMs } = this.#times;
    if (!this.open || this.needed) return Infinity;
    if (this.purpose === 'question') return this.usedMs + questionIdleMs;
    if (this.path === 'lan') return Infinity;
    return this.unneededMs + (this.dialled ? lingerMs : lingerDialledMs);
  }

  heard(nowMs: number): void {
    this.heardMs = nowMs;
    this.pings = 0;
  }

  /** What the silence asks for now. `ask` is answered by a ping and counts as one. */
  silence(nowMs: number): 'wait' | 'ask' | 'dead' {
    if (nowMs < this.#silentUntilMs()) return 'wait';
    if (!this.open || this.pings >= pingsMax) return 'dead';
    this.pings++;
    this.#askedMs = nowMs;
    return 'ask';
  }

  dueMs(): number {
    return Math.min(this.#silentUntilMs(), this.relistAtMs, this.idleUntilMs());
  }

  #silentUntilMs(): number {
    const { helloMs, silentMs, yieldMs, deadMs } = this.#times;
    if (!this.open) return this.upMs + helloMs;
    if (this.pings === 0) return this.heardMs + silentMs + (this.dialled ? 0 : yieldMs);
    // After a machine slept, the time since the last sign of life says nothing: both questions need time.
    const patienceMs = deadMs - pingsMax * silentMs;
    if (this.pings < pingsMax) return Math.max(this.heardMs + silentMs * 2, this.#askedMs + patienceMs);
    return Math.max(this.heardMs + deadMs, this.#askedMs + patienceMs);
  }
}

/** Only what comes from afar is counted by subnet: on a LAN, or behind one NAT of ours, all share one. */
function crowdOf(address: string): string | undefined {
  return scopeOf(address) === 'global' ? subnetOf(address) : undefined;
}
