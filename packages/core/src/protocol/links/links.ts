/**
 * The links to our neighbours: whom to dial, who is there, who of them we know, who is gone.
 *
 * Pure state machine. It sees every frame that came over a link, for a sign of life and for its place in the
 * order; control frames are its own, the others it leaves to the Peer. Specification: docs/protocol/links.md.
 *
 * Invariants (links.test.ts, recognition.test.ts and dialling.test.ts check them):
 *   1. `recognised` means that both ends of this very link hold the key of that entry: not that of a third
 *      node which passes frames on, and not ourselves in a mirror.
 *   2. A stranger learns no more than the power of two above the number of our listed entries.
 *   3. At most `linksMax` links; a recognised one never makes room for a stranger.
 *   4. Never two dials to one node at a time, none to a node with a link, at most `dialsMax` at all.
 *   5. Nothing a neighbour sends makes it throw; who breaks the rules is closed.
 */
import type { LinkId, PeerId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import type { Random } from '../../base/random.ts';
import type { Crypto } from '../../crypto/crypto.ts';
import { encodeFrame, type Frame, isLinkFrame } from '../../wire/frame.ts';
import { goodbyeReasons } from '../../wire/goodbye.ts';
import { protocolMajor, protocolMinor } from '../../wire/hello.ts';
import { Acquaintances, type Recognisable } from './acquaintances.ts';
import { answerControl, type ControlAnswer } from './control.ts';
import { Dialling, diallingDefaults, type DiallingConfig, type DialOutput, type Want } from './dialling.ts';
import { LinkSet } from './link-set.ts';
import {
  type LinkPath,
  LinkState,
  type LinkRecord,
  type LinkTimes,
  linkTimesDefaults,
} from './link-state.ts';
import { type PeerRecord, PeerTable, peerTableDefaults, type PeerTableConfig } from './peer-table.ts';

export interface LinksConfig {
  linksMax: number;
  /** From here on, strangers that were met before are not dialled again. */
  linksFew: number;
  linksPerNodeMax: number;
  /** A stranger is not sent away before it had this long to be recognised. */
  graceMs: number;
  /** Between two links that get a new list, so that the work is spread. */
  relistSpreadMs: number;
  times: LinkTimes;
  table: PeerTableConfig;
  dialling: DiallingConfig;
}

export const linksDefaults: LinksConfig = {
  linksMax: 64, // protocol: global overlay and communities share them.
  linksFew: 48, // A guess: a quarter stays free for contacts and nodes not met yet.
  linksPerNodeMax: 4, // Two come of both dialling at once; more is a fault or an attack.
  graceMs: 10_000, // A guess: recognition takes two round trips; three hops of two seconds each way.
  relistSpreadMs: 20, // A list of 1,024 entries costs about 2 ms.
  times: linkTimesDefaults,
  table: peerTableDefaults,
  dialling: diallingDefaults,
};

export type LinksInput =
  | { type: 'listening'; self: PeerId; addresses: string[] }
  | { type: 'lanFound'; remote: PeerId; addresses: string[] }
  | { type: 'lanLost'; remote: PeerId }
  | { type: 'linkUp'; link: LinkId; remote: PeerId; address: string; path: LinkPath; dialled: boolean }
  | { type: 'linkDown'; link: LinkId }
  /** Every decoded frame, of whatever class. */
  | { type: 'frame'; link: LinkId; frame: Frame }
  /** The Peer will have no more of this link: malformed frames, for one. */
  | { type: 'dismiss'; link: LinkId; reason: string }
  | { type: 'dialFailed'; dial: number }
  /** Replaces all entries; most recently seen first. Each id once, each key 32 bytes. */
  | { type: 'recognisable'; entries: Recognisable[] }
  /**
   * A link is wanted to whoever will be recognised as `id`, or, for an id nobody is recognised as, to whoever
   * answers. Again with the same id: replaces the addresses, and tries new ones at once.
   */
  | ({ type: 'want' } & Want)
  | { type: 'unwant'; id: string }
  /** The person acted, or the network came back: no back-off holds any longer. */
  | { type: 'hurry' }
  | { type: 'wake' };

export type LinksOutput =
  /** Always of class control. */
  | { type: 'send'; link: LinkId; frame: Uint8Array }
  | DialOutput
  /** The link counts as gone from here on; its `linkDown` changes nothing more. */
  | { type: 'close'; link: LinkId; reason: string }
  | { type: 'recognised'; link: LinkId; id: string }
  /** The link is gone, or the entry does not stand any more. */
  | { type: 'lost'; link: LinkId; id: string }
  /** The best path to the node changed. */
  | { type: 'peer'; remote: PeerId; path: LinkPath | 'none' }
  /** No room: `listed` beyond 1,024 and `checked` beyond 4,096 entries, a want beyond 1,024. */
  | { type: 'dropped'; what: 'listed' | 'checked' | 'want'; count: number };

const pruneEveryMs = 3_600_000;

export class Links {
  #crypto: Crypto;
  #config: LinksConfig;
  #links = new LinkSet();
  #acquaintances = new Acquaintances();
  #table: PeerTable;
  #dialling: Dialling;
  #self: PeerId | undefined;
  #nextPing = 1;
  #pruneAtMs = 0;
  #nowMs = 0;
  #wakeMs: number | undefined;
  #outputs: LinksOutput[] = [];

  constructor(crypto: Crypto, config: LinksConfig, random: Random) {
    invariant(config.linksFew <= config.linksMax, 'linksFew <= linksMax');
    this.#crypto = crypto;
    this.#config = config;
    this.#table = new PeerTable(config.table, (remote) => this.#links.linked(remote) !== undefined);
    const facts = {
      taken: () => this.#links.taken((remote) => this.#table.get(remote)?.addresses ?? []),
      room: (known: boolean, dialling: number) => this.#room(known, dialling),
    };
    this.#dialling = new Dialling(config.dialling, facts, random);
  }

  /** Applies one input. `nowMs`: machine time, never runs backwards. */
  handle(input: LinksInput, nowMs: number): LinksOutput[] {
    this.#nowMs = nowMs;
    this.#outputs = [];
    if (input.type === 'frame') {
      if (this.#frame(input.link, input.frame)) this.#tick();
    } else {
      this.#change(input);
      // Wants come by the thousand at start: they are looked at together, with the next wake.
      if (input.type === 'want') this.#wakeMs = nowMs;
      else this.#tick();
    }
    return this.#outputs;
  }

  /** When the driver must next send `wake`, or undefined to sleep. O(1); may be early, never late. */
  nextWakeMs(): number | undefined {
    return this.#wakeMs;
  }

  link(link: LinkId): LinkRecord | undefined {
    return this.#links.get(link)?.record();
  }

  /** Whether both hellos were said: frames of other classes may come and go. Cheap. */
  isOpen(link: LinkId): boolean {
    return this.#links.get(link)?.recognition !== undefined;
  }

  /** The links on which this id is recognised, oldest first. */
  linksOf(id: string): LinkId[] {
    return this.#links.recognising(id).map(({ link }) => link);
  }

  get size(): number {
    return this.#links.size;
  }

  /** Where this node can be dialled, newest first; at most 8. */
  addressesOf(remote: PeerId): string[] {
    return [...(this.#table.get(remote)?.addresses ?? [])];
  }

  /** All nodes we know of, in no particular order; at most 1,024. */
  peers(nowMs: number): PeerRecord[] {
    return this.#table.records((remote) => this.#links.to(remote), nowMs);
  }

  #change(input: Exclude<LinksInput, { type: 'frame' }>): void {
    switch (input.type) {
      case 'listening':
        this.#self = input.self;
        this.#dialling.setOwnAddresses(input.addresses);
        this.#dialling.hurryAll(this.#nowMs);
        break;
      case 'lanFound':
        this.#lanFound(input.remote, input.addresses);
        break;
      case 'lanLost':
        this.#lanLost(input.remote);
        break;
      case 'linkUp':
        this.#linkUp(input);
        break;
      case 'linkDown':
        this.#gone(this.#links.get(input.link), false);
        break;
      case 'dismiss':
        this.#close(this.#links.get(input.link), input.reason, goodbyeReasons.misbehaved);
        break;
      case 'dialFailed': {
        const remote = this.#dialling.dialFailed(input.dial, this.#nowMs);
        if (remote !== undefined) this.#table.rate(remote, false);
        break;
      }
      case 'recognisable':
        this.#recognisable(input.entries);
        break;
      case 'want':
        if (!this.#dialling.want(input, this.#nowMs)) {
          this.#outputs.push({ type: 'dropped', what: 'want', count: 1 });
        }
        break;
      case 'unwant':
        this.#dialling.unwant(input.id);
        break;
      case 'hurry':
        this.#dialling.hurryAll(this.#nowMs);
        break;
      case 'wake':
        break;
    }
  }

  #lanFound(remote: PeerId, addresses: string[]): void {
    if (remote === this.#self) return;
    const entry = this.#table.note(remote, addresses, this.#nowMs);
    if (entry === undefined) return;
    entry.lan = true;
    const lower = this.#self !== undefined && this.#self < remote;
    this.#dialling.lanFound(remote, { addresses, lower }, this.#nowMs);
  }

  #lanLost(remote: PeerId): void {
    const entry = this.#table.get(remote);
    if (entry !== undefined) entry.lan = false;
    this.#dialling.lanLost(remote);
  }

  #linkUp(input: LinksInput & { type: 'linkUp' }): void {
    const { remote, address, dialled } = input;
    invariant(this.#links.get(input.link) === undefined, 'a link comes up once');
    const led = dialled ? this.#dialling.reached(remote, address) : undefined;
    if (!dialled) this.#dialling.cameToUs(remote);
    const selfNonce = this.#crypto.keys.bytes(32);
    const state = new LinkState({ ...input, led }, selfNonce, this.#config.times, this.#nowMs);
    if (this.#self === undefined || remote === this.#self) {
      this.#outputs.push({ type: 'close', link: input.link, reason: 'self' });
      return;
    }
    // Where an inbound link comes from is a port that nobody listens on.
    this.#table.note(remote, dialled ? [address] : [], this.#nowMs);
    this.#table.rate(remote, true);
    const refusal = this.#makeRoom(state);
    if (refusal !== undefined) {
      this.#send(state.link, { type: 'goodbye', reason: goodbyeReasons[refusal] });
      this.#outputs.push({ type: 'close', link: state.link, reason: refusal });
      return;
    }
    if (this.#links.linked(remote) === undefined) {
      this.#outputs.push({ type: 'peer', remote, path: state.path });
    }
    this.#links.add(state);
    const version = { major: protocolMajor, minor: protocolMinor };
    this.#send(state.link, { type: 'hello', ...version, nonce: selfNonce, purpose: 'neighbour' });
  }

  /** @returns why the new link must not stay, or undefined; then there is room for it. */
  #makeRoom(state: LinkState): 'duplicate' | 'full' | undefined {
    const same = this.#links.to(state.remote);
    if (same.length >= this.#config.linksPerNodeMax) return 'duplicate';
    // One end alone decides which link stays, or each might close the one the other keeps.
    const weDecide = this.#self !== undefined && this.#self < state.remote;
    if (weDecide && same.some((other) => other.pings === 0)) return 'duplicate';
    if (weDecide) for (const other of same) this.#close(other, 'duplicate', goodbyeReasons.duplicate);
    if (this.#links.size < this.#config.linksMax) return undefined;
    const victim = this.#links.leastUseful(this.#config.graceMs, this.#nowMs);
    if (victim === undefined) return 'full';
    this.#close(victim, 'full', goodbyeReasons.full);
    return undefined;
  }

  #room(known: boolean, dialling: number): boolean {
    const links = this.#links.size + dialling;
    if (known) return links < this.#config.linksFew;
    if (links < this.#config.linksMax) return true;
    return this.#links.leastUseful(this.#config.graceMs, this.#nowMs) !== undefined;
  }

  /** @returns whether anything but the time of the last sign of life may have changed. */
  #frame(link: LinkId, frame: Frame): boolean {
    const state = this.#links.get(link);
    if (state === undefined || this.#self === undefined) return false;
    state.heard(this.#nowMs);
    if (!isLinkFrame(frame)) {
      if (state.recognition !== undefined) return false;
      this.#close(state, 'order', goodbyeReasons.misbehaved);
      return true;
    }
    const open = state.recognition !== undefined;
    if (!state.control.take(this.#nowMs)) {
      this.#close(state, 'flood', goodbyeReasons.misbehaved);
      return true;
    }
    const parts = { crypto: this.#crypto, acquaintances: this.#acquaintances };
    const context = { ...parts, self: this.#self, nowMs: this.#nowMs };
    for (const answer of answerControl(state, frame, context)) this.#answer(state, answer);
    return !open || (frame.type !== 'ping' && frame.type !== 'pong');
  }

  #answer(state: LinkState, answer: ControlAnswer): void {
    const { link } = state;
    switch (answer.is) {
      case 'send':
        this.#send(link, answer.frame);
        break;
      case 'recognised':
        this.#outputs.push({ type: 'recognised', link, id: answer.id });
        break;
      case 'close':
        this.#close(state, answer.reason, answer.goodbye);
        break;
      case 'left':
        this.#outputs.push({ type: 'close', link, reason: `goodbye ${answer.goodbye}` });
        this.#gone(state, answer.goodbye === goodbyeReasons.full);
        break;
    }
  }

  #recognisable(entries: Recognisable[]): void {
    const { listedAnew, checkedAnew, gone, unlisted, unchecked } = this.#acquaintances.replace(entries);
    if (unlisted > 0) this.#outputs.push({ type: 'dropped', what: 'listed', count: unlisted });
    if (unchecked > 0) this.#outputs.push({ type: 'dropped', what: 'checked', count: unchecked });
    let spreadMs = 0;
    for (const state of this.#links.values()) {
      for (const id of gone) {
        if (state.ids.delete(id)) this.#outputs.push({ type: 'lost', link: state.link, id });
      }
      if (state.recognition === undefined) continue;
      for (const hit of state.recognition.check(checkedAnew)) this.#send(state.link, hit);
      if (!listedAnew) continue;
      state.relistAtMs = Math.min(state.relistAtMs, this.#nowMs + spreadMs);
      spreadMs += this.#config.relistSpreadMs;
    }
    if (listedAnew || checkedAnew.length > 0) this.#dialling.meetAnew();
  }

  #close(state: LinkState | undefined, reason: string, goodbye: number): void {
    if (state === undefined) return;
    this.#send(state.link, { type: 'goodbye', reason: goodbye });
    this.#outputs.push({ type: 'close', link: state.link, reason });
    this.#gone(state, false);
  }

  #gone(state: LinkState | undefined, turnedAway: boolean): void {
    if (state === undefined || !this.#links.delete(state.link)) return;
    const { link, remote, ids } = state;
    for (const id of ids) this.#outputs.push({ type: 'lost', link, id });
    const other = this.#links.linked(remote);
    if (other?.path !== state.path) this.#outputs.push({ type: 'peer', remote, path: other?.path ?? 'none' });
    const entry = this.#table.get(remote);
    if (entry !== undefined) entry.lastSeenMs = Math.max(entry.lastSeenMs, state.heardMs);
    if (ids.size === 0) this.#dialling.met(remote);
    const settled = this.#nowMs - state.upMs >= this.#config.times.settledMs;
    const served = { remote, ids, target: state.led?.name };
    this.#dialling.linkGone(served, { settled, turnedAway }, this.#nowMs);
  }

  /** Does what is due, then finds out when something will be due next. */
  #tick(): void {
    for (const state of this.#links.values()) this.#attend(state);
    this.#outputs.push(...this.#dialling.dialDue(this.#nowMs));
    if (this.#nowMs >= this.#pruneAtMs) {
      this.#pruneAtMs = this.#nowMs + pruneEveryMs;
      this.#table.prune(this.#nowMs);
    }
    let wakeMs = this.#dialling.nextWakeMs();
    for (const state of this.#links.values()) wakeMs = Math.min(wakeMs, state.dueMs());
    this.#wakeMs = wakeMs === Infinity ? undefined : wakeMs;
  }

  #attend(state: LinkState): void {
    const { recognition } = state;
    if (recognition !== undefined && state.relistAtMs <= this.#nowMs) {
      if (state.ourLists.take(this.#nowMs)) {
        state.relistAtMs = Infinity;
        this.#send(state.link, recognition.list(this.#acquaintances));
      } else state.relistAtMs = state.ourLists.readyMs(this.#nowMs);
    }
    switch (state.silence(this.#nowMs)) {
      case 'ask':
        this.#send(state.link, { type: 'ping', token: this.#nextPing });
        this.#nextPing = (this.#nextPing + 1) % 2 ** 32;
        break;
      case 'dead':
        this.#close(state, 'silent', goodbyeReasons.silent);
        break;
      case 'wait':
        break;
    }
  }

  #send(link: LinkId, frame: Frame): void {
    this.#outputs.push({ type: 'send', link, frame: encodeFrame(frame) });
  }
}
