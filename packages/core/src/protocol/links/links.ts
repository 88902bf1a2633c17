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
 *   3. At most `linksMax` links, `questionsMax` of ours for questions beside them; a recognised one never makes room for a stranger.
 *   4. Never two dials to one node at a time, none to a node with a link, at most `dialsMax` at all.
 *   5. Nothing a neighbour sends makes it throw; who breaks the rules is closed.
 */
import type { LinkId, PeerId } from '../../base/ids.ts';
import { invariant } from '../../base/invariant.ts';
import { PeerTable } from '../../base/peer-table.ts';
import type { Random } from '../../base/random.ts';
import type { Crypto } from '../../crypto/crypto.ts';
import { encodeFrame, type Frame, isLinkFrame } from '../../wire/frame.ts';
import { goodbyeReasons } from '../../wire/goodbye.ts';
import { type LinkPurpose, protocolMajor, protocolMinor } from '../../wire/hello.ts';
import { Acquaintances, type Recognisable } from './acquaintances.ts';
import { answerControl, beginRecognition, type ControlAnswer } from './control.ts';
import type { PlaceFor, Reach } from './dial-target.ts';
import { Dialling } from './dialling.ts';
import { LinkSet } from './link-set.ts';
import { LinkState, type LinkRecord } from './link-state.ts';
import type { LinksConfig, LinksInput, LinksOutput } from './links-contract.ts';
import { Places } from './places.ts';
import { failureOf, progressOf, type WantProgress } from './progress.ts';

const pruneEveryMs = 3_600_000;

export class Links {
  #crypto: Crypto;
  #config: LinksConfig;
  #links = new LinkSet();
  #places: Places;
  #acquaintances = new Acquaintances();
  /** Only addresses that we dialled or mDNS named: what a neighbour says of others keeps us from no dial. */
  #nodes: PeerTable;
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
    this.#places = new Places(config, this.#links);
    this.#nodes = new PeerTable(config.table, (remote) => this.#links.linked(remote) !== undefined);
    const facts = {
      taken: () => this.#links.taken((remote) => this.addressesOf(remote)),
      room: (want: PlaceFor, dialling: number) => this.#places.free(want, dialling, this.#nowMs),
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
    return this.#links.get(link)?.open === true;
  }

  /** The open link over which this purpose is served, a neighbour's before one for a question. Cheap. */
  openTo(remote: PeerId, purpose: LinkPurpose): LinkId | undefined {
    return this.#links.openTo(remote, purpose)?.link;
  }

  get size(): number {
    return this.#links.size;
  }

  /** The challenges of both hellos, 32 bytes each; undefined before theirs came. */
  nonces(link: LinkId): { ours: Uint8Array; theirs: Uint8Array } | undefined {
    const state = this.#links.get(link);
    if (state?.remoteNonce === undefined) return undefined;
    return { ours: state.selfNonce, theirs: state.remoteNonce };
  }

  /** The links on which this id is recognised, oldest first. */
  linksOf(id: string): LinkId[] {
    return this.#links.recognising(id).map(({ link }) => link);
  }

  /** How far the link to whoever will be recognised as `id` has come; undefined where none is wanted. */
  progress(id: string, nowMs: number): WantProgress | undefined {
    const known = (remote: PeerId): readonly string[] => this.addressesOf(remote);
    const target = this.#dialling.wanted(id);
    return target && progressOf(target, this.#links, { known, sinceMs: nowMs - this.#config.graceMs });
  }

  /** Where this node can be dialled, newest first; at most 8. */
  addressesOf(remote: PeerId): readonly string[] {
    return this.#nodes.get(remote)?.addresses ?? [];
  }

  /** Nodes that are remembered; at most 1,024. */
  get nodes(): number {
    return this.#nodes.size;
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
        this.#nodes.onLan(input.remote, false);
        this.#dialling.lanLost(input.remote);
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
        const remote = this.#dialling.dialFailed(input.dial, this.#nowMs, input.code ?? 'other');
        if (remote !== undefined) this.#nodes.rate(remote, false);
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
      case 'reach':
        this.#reach(input);
        break;
      case 'hold':
        this.#links.hold(input, this.#nowMs);
        break;
      case 'hurry':
        this.#dialling.hurryAll(this.#nowMs, input.wants);
        break;
      case 'wake':
        break;
    }
  }

  #reach(input: Reach): void {
    const { remote, purpose } = input;
    if (this.#links.openTo(remote, purpose) !== undefined || remote === this.#self) return;
    if (this.#links.openTo(remote, 'question') !== undefined) this.#promote(remote);
    else this.#dialling.reach(input, this.#nowMs);
  }

  #lanFound(remote: PeerId, addresses: string[]): void {
    if (remote === this.#self) return;
    if (this.#nodes.note(remote, addresses, this.#nowMs) === undefined) return;
    this.#nodes.onLan(remote, true);
    const lower = this.#self !== undefined && this.#self < remote;
    this.#dialling.lanFound(remote, { addresses, lower }, this.#nowMs);
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
    this.#nodes.note(remote, dialled ? [address] : [], this.#nowMs);
    this.#nodes.rate(remote, true);
    const { refusal, goes } = this.#places.forLink(state, this.#self, this.#nowMs);
    for (const [other, reason] of goes) this.#close(other, reason, goodbyeReasons[reason]);
    if (refusal !== undefined) {
      this.#send(state.link, { type: 'goodbye', reason: goodbyeReasons[refusal] });
      this.#outputs.push({ type: 'close', link: state.link, reason: refusal });
      if (this.#links.linked(remote) === undefined) this.#dialling.lostBeforeOpen(remote);
      return;
    }
    if (this.#links.linked(remote) === undefined) {
      this.#outputs.push({ type: 'peer', remote, path: state.path });
    }
    this.#links.add(state);
    this.#dialling.linksChanged();
    this.#hello(state, state.purpose ?? 'neighbour');
  }

  #hello({ link, selfNonce }: LinkState, purpose: LinkPurpose): void {
    const version = { major: protocolMajor, minor: protocolMinor };
    this.#send(link, { type: 'hello', ...version, nonce: selfNonce, purpose });
  }

  /** What came of their hello. */
  #opened(state: LinkState, promoted: boolean): void {
    const { link, remote, address, path, dialled, purpose = 'neighbour' } = state;
    const goes = this.#places.forOpened(state, promoted, this.#nowMs);
    this.#close(goes, 'full', goodbyeReasons.full);
    if (goes === state) return;
    state.announced = true;
    this.#outputs.push({ type: 'open', link, remote, address, path, dialled, purpose, promoted });
    this.#dialling.opened(remote, purpose);
  }

  /** More is wanted of a link for a question: it becomes a neighbour's, and both look whom they know. */
  #promote(remote: PeerId): void {
    const state = this.#links.openTo(remote, 'question');
    if (state?.purpose !== 'question' || this.#self === undefined) return;
    state.purpose = 'neighbour';
    state.promoted.byUs = true;
    this.#hello(state, 'neighbour');
    beginRecognition(state, { crypto: this.#crypto, self: this.#self, nowMs: this.#nowMs });
    this.#opened(state, true);
    this.#attend(state);
    this.#links.touch(state);
  }

  /** @returns whether anything but the time of the last sign of life may have changed. */
  #frame(link: LinkId, frame: Frame): boolean {
    const state = this.#links.get(link);
    if (state === undefined || this.#self === undefined) return false;
    state.heard(this.#nowMs);
    if (!isLinkFrame(frame)) {
      state.usedMs = this.#nowMs;
      if (state.open) return false;
      this.#close(state, 'order', goodbyeReasons.misbehaved);
      return true;
    }
    const { open } = state;
    if (!state.control.take(this.#nowMs)) {
      this.#close(state, 'flood', goodbyeReasons.misbehaved);
      return true;
    }
    const parts = { crypto: this.#crypto, acquaintances: this.#acquaintances };
    const context = { ...parts, self: this.#self, nowMs: this.#nowMs };
    for (const answer of answerControl(state, frame, context)) this.#answer(state, answer);
    if (!open && state.open) this.#opened(state, false);
    this.#links.touch(state);
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
        this.#dialling.linksChanged();
        break;
      case 'promoted':
        this.#opened(state, true);
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
      const lost = state.lose(gone, this.#nowMs);
      for (const id of lost) this.#outputs.push({ type: 'lost', link: state.link, id });
      if (lost.length > 0) this.#dialling.linksChanged();
      if (state.recognition === undefined) continue;
      for (const hit of state.recognition.check(checkedAnew)) this.#send(state.link, hit);
      if (!listedAnew || !state.listed) continue;
      state.relistAtMs = Math.min(state.relistAtMs, this.#nowMs + spreadMs);
      spreadMs += this.#config.relistSpreadMs;
    }
    this.#links.touchAll();
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
    if (state.announced) this.#outputs.push({ type: 'down', link, remote });
    const other = this.#links.linked(remote);
    if (other?.path !== state.path) this.#outputs.push({ type: 'peer', remote, path: other?.path ?? 'none' });
    const entry = this.#nodes.get(remote);
    if (entry !== undefined) entry.lastSeenMs = Math.max(entry.lastSeenMs, state.heardMs);
    if (ids.size === 0) this.#dialling.met(remote);
    if (other === undefined) this.#dialling.lostBeforeOpen(remote);
    const settled = this.#nowMs - state.upMs >= this.#config.times.settledMs;
    const served = { remote, ids, target: state.led?.name };
    const failure = failureOf(state, turnedAway, this.#nowMs - this.#config.graceMs);
    this.#dialling.linkGone(served, { settled, turnedAway, failure }, this.#nowMs);
  }

  /** Does what is due, then finds out when something will be due next. */
  #tick(): void {
    for (const state of this.#links.due(this.#nowMs)) this.#attend(state);
    for (const output of this.#dialling.dialDue(this.#nowMs)) {
      if (output.type === 'dial') this.#outputs.push(output);
      else this.#promote(output.remote);
    }
    for (const each of this.#dialling.takeUnreached()) this.#outputs.push({ type: 'unreachable', ...each });
    if (this.#nowMs >= this.#pruneAtMs) {
      this.#pruneAtMs = this.#nowMs + pruneEveryMs;
      this.#nodes.prune(this.#nowMs);
    }
    const wakeMs = Math.min(this.#links.dueMs, this.#dialling.nextWakeMs());
    this.#wakeMs = wakeMs === Infinity ? undefined : wakeMs;
  }

  #attend(state: LinkState): void {
    const { recognition } = state;
    if (state.idleUntilMs() <= this.#nowMs) {
      if (!this.#wanted(state)) return this.#close(state, 'idle', goodbyeReasons.closing);
      state.unneededMs = this.#nowMs; // Asked again after as long a while.
    }
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

  /** Whether our person wants a link to whoever answers there: an address given to start with, for one. */
  #wanted({ led, purpose }: LinkState): boolean {
    const id = led === undefined ? undefined : this.#dialling.wantLed(led.name);
    return purpose === 'neighbour' && id !== undefined && !this.#acquaintances.has(id);
  }

  #send(link: LinkId, frame: Frame): void {
    this.#outputs.push({ type: 'send', link, frame: encodeFrame(frame) });
  }
}
