/**
 * One overlay: the neighbours of this node in one topic, and who else might become one (after HyParView, with the
 * defences of Bitcoin's address manager and of Brahms). Pure state machine; one for each topic a node follows.
 *
 * Records, addresses and signatures are the discovery's, dials and links those of the links machine.
 * Specification: docs/protocol/overlay.md.
 *
 * Invariants (overlay.test.ts and overlay-world.test.ts check them):
 *   1. At most `activeMax` neighbours, of them `cameMax` that came to us; of one subnet far away two at most.
 *   2. Whatever comes in: every collection keeps its bound, nothing throws, no dial but to a record that verifies.
 *   3. What we offer to others are peers that we reached or have a link to, never mere hearsay.
 *   4. A topic that not everybody follows is named only to those who showed that they know it.
 *   5. `active` on and off take turns for each link; `hold` and `release` too; a closed link is neither.
 */
import { bytesEqual } from '../../base/bytes.ts';
import type { LinkId, PeerId } from '../../base/ids.ts';
import { invariant, unreachable } from '../../base/invariant.ts';
import type { Scope } from '../../base/place.ts';
import type { Random } from '../../base/random.ts';
import { topicBytes } from '../../wire/follow.ts';
import { type ActiveConfig, ActiveView, type Neighbour, type Share, shared } from './active-view.ts';
import { Asking } from './asking.ts';
import { Exchange } from './exchange.ts';
import { FrameLimits, type LimitedFrame } from './frame-limits.ts';
import type { OverlayConfig } from './overlay-config.ts';
import {
  groupOf,
  hold,
  nearGroup,
  type OverlayFrame,
  type OverlayLink,
  type OverlayOutput,
  type OverlayPorts,
  type OverlayState,
  releaseIdle,
  send,
} from './overlay-state.ts';
import { type PassiveSet, PassiveView } from './passive-view.ts';
import { Seeking } from './seeking.ts';

export type OverlayInput =
  /**
   * Both ends said hello. `brief`: a link for one question; `promoted`: it was, and stays now by the wish of either end.
   * Also for links that stood before the topic was followed.
   */
  | {
      type: 'linkOpen';
      link: LinkId;
      peer: PeerId;
      subnet: string | undefined;
      scope: Scope;
      dialled: boolean;
      brief: boolean;
      promoted?: boolean;
      /** The other end was shown already that we follow the topic. */
      shown?: boolean;
    }
  | { type: 'linkClosed'; link: LinkId }
  | { type: 'frame'; link: LinkId; frame: OverlayFrame }
  /** `record`: some known peers, at the start and when `starving` asks; the others are tried before all else. */
  | { type: 'candidates'; peers: PeerId[]; source: 'anchor' | 'bootstrap' | 'lan' | 'record' }
  /** A `connect` was in vain. `dialled` false: it was not begun, for want of places of ours. */
  | { type: 'unreachable'; peer: PeerId; dialled?: boolean }
  /** Its record expired or was proven false. */
  | { type: 'forgotten'; peer: PeerId }
  /** The network came back, or the person acted: no back-off holds any longer. */
  | { type: 'hurry' }
  /** So many places are ours from now on: more or fewer topics share the links. */
  | { type: 'share'; share: Share }
  /** The topic is followed no longer: says farewell to all. Nothing may come after it. */
  | { type: 'stop' }
  | { type: 'wake' };

export interface OverlayParts {
  self: PeerId;
  /** 16 bytes; all zero for the overlay that everybody is in. */
  topic: Uint8Array;
  config: OverlayConfig;
  /** From the operating system: where peers stand in our views must stay unknown to others. */
  random: Random;
  ports: OverlayPorts;
  nowMs: number;
}

/** More than a LAN may have places. The oldest is forgotten. */
const matesMax = 32;

export class Overlay {
  #state: OverlayState;
  #asking: Asking;
  #exchange: Exchange;
  #seeking: Seeking;
  #wakeMs: number;
  /** With all links to itself. */
  #places: ActiveConfig;
  /** Everybody is in it: nobody has to show that they know the topic. */
  #isOpen: boolean;

  constructor({ self, topic, config, random, ports, nowMs }: OverlayParts) {
    invariant(topic.length === topicBytes, 'a topic has 16 bytes');
    this.#places = config.active;
    // Its own: what is shared with other topics changes.
    const active = { ...config.active };
    const word = (): number => Math.floor(random.next() * 2 ** 32);
    this.#state = {
      self,
      topic,
      config: { ...config, active },
      random,
      ports,
      nowMs,
      active: new ActiveView(active),
      passive: new PassiveView(config.passive, { low: word(), high: word() }, random),
      links: new Map(),
      attempts: new Map(),
      outputs: [],
      mates: new Set(),
      joined: false,
      alarmUntilMs: 0,
    };
    this.#isOpen = topic.every((byte) => byte === 0);
    this.#exchange = new Exchange(this.#state);
    this.#asking = new Asking(this.#state, (on) => this.#seeking.neighboursChanged(on));
    this.#seeking = new Seeking(this.#state, { asking: this.#asking, exchange: this.#exchange });
    this.#wakeMs = this.#seeking.nextWakeMs();
  }

  /** Applies one input. `nowMs`: machine time, never runs backwards. */
  handle(input: OverlayInput, nowMs: number): OverlayOutput[] {
    this.#state.nowMs = nowMs;
    this.#state.outputs = [];
    this.#change(input);
    if (input.type === 'stop') {
      this.#wakeMs = Infinity;
      return this.#state.outputs;
    }
    this.#asking.expire();
    this.#exchange.expire();
    this.#seeking.tick();
    this.#wakeMs = this.#seeking.nextWakeMs();
    return this.#state.outputs;
  }

  /** When the driver must next send `wake`. As of the last input: it is asked for far more often. */
  nextWakeMs(): number {
    return this.#wakeMs;
  }

  /** Oldest first. */
  neighbours(): Neighbour[] {
    return this.#state.active.all();
  }

  /** Whether it is a neighbour, or in the passive view. */
  knows(peer: PeerId): boolean {
    return this.#state.passive.has(peer) || this.#state.active.ofPeer(peer) !== undefined;
  }

  /** Peers of one part of the passive view, each once. */
  passive(set: PassiveSet): PeerId[] {
    return this.#state.passive.peers(set);
  }

  #change(input: OverlayInput): void {
    const { passive, attempts } = this.#state;
    switch (input.type) {
      case 'linkOpen':
        this.#open(input);
        return;
      case 'linkClosed':
        this.#close(input.link);
        return;
      case 'frame':
        this.#frame(input.link, input.frame);
        return;
      case 'candidates':
        this.#candidates(input.peers, input.source);
        return;
      case 'unreachable':
        if (!attempts.delete(input.peer)) return;
        if (input.dialled === false) this.#seeking.crowded(input.peer);
        else this.#seeking.unreachable(input.peer);
        return;
      case 'forgotten':
        passive.forget(input.peer);
        this.#seeking.forget(input.peer);
        return;
      case 'hurry':
        passive.hurry();
        this.#seeking.stir();
        return;
      case 'share':
        this.#share(input.share);
        return;
      case 'stop':
        this.#stop();
        return;
      case 'wake':
        return;
      default:
        unreachable(input);
    }
  }

  #share(share: Share): void {
    const { active, config } = this.#state;
    Object.assign(config.active, shared(this.#places, share));
    for (let left = active.surplus(); left !== undefined; left = active.surplus()) this.#asking.leave(left);
    this.#seeking.stir();
  }

  #stop(): void {
    const state = this.#state;
    for (const neighbour of state.active.all()) this.#asking.leave(neighbour);
    for (const link of state.links.values()) {
      if (link.member) this.#show(link.link, false);
      // Nobody waits for these answers any longer, and nobody else would let the links go.
      link.askUntilMs = 0;
      link.shuffleUntilMs = 0;
      releaseIdle(state, link);
    }
  }

  #open(input: Extract<OverlayInput, { type: 'linkOpen' }>): void {
    const { links, attempts, config, nowMs } = this.#state;
    const { link, peer, scope, brief, promoted = false } = input;
    const attempt = input.dialled ? attempts.get(peer) : undefined;
    // Who is only tested, and makes more of the link, was not chosen by us.
    const dialled = input.dialled && (!promoted || attempt !== undefined);
    attempts.delete(peer);
    if (peer === this.#state.self || links.has(link) || links.size >= config.linksMax) return;
    const opened: OverlayLink = {
      link,
      peer,
      scope,
      dialled,
      brief,
      ...groupOf(input),
      limits: new FrameLimits(config.limits, nowMs),
      why: attempt?.why,
      member: this.#isOpen,
      leaf: false,
      held: false,
      askUntilMs: 0,
      refusedUntilMs: 0,
      shuffleUntilMs: 0,
    };
    links.set(link, opened);
    if (opened.member) {
      this.#seeking.met(opened);
      return;
    }
    if (attempt !== undefined) {
      // Held for as long as the other may take to show that it knows the topic.
      opened.shuffleUntilMs = nowMs + config.answerMs;
      hold(this.#state, opened);
    }
    if (input.shown !== true) this.#show(link, true);
  }

  /** Shows who follows the topic too that we do, or no longer. */
  #show(link: LinkId, on: boolean): void {
    const tags = this.#isOpen ? undefined : this.#state.ports.tags(link);
    if (tags !== undefined) send(this.#state, link, { type: 'follow', on, topics: [tags.ours] });
  }

  #close(link: LinkId): void {
    const { links } = this.#state;
    const closed = links.get(link);
    if (closed === undefined) return;
    closed.askUntilMs = 0;
    closed.shuffleUntilMs = 0;
    closed.held = false;
    links.delete(link);
    this.#asking.drop(link, true);
    this.#seeking.stir();
  }

  #frame(from: LinkId, frame: OverlayFrame): void {
    const { links, nowMs, topic } = this.#state;
    const link = links.get(from);
    if (link === undefined) return;
    if (frame.type !== 'follow' && !bytesEqual(frame.topic, topic)) return;
    const judged =
      frame.type === 'follow' || link.member
        ? link.limits.judge(limitedAs(frame), nowMs)
        : link.limits.refuse(nowMs);
    if (judged === 'take') this.#take(link, frame);
    else if (judged === 'abuse') this.#report(link);
  }

  #take(link: OverlayLink, frame: OverlayFrame): void {
    switch (frame.type) {
      case 'neighbour': {
        const { newcomer } = this.#asking.on(link, frame);
        if (newcomer) this.#exchange.announce(link.peer);
        this.#seeking.stir();
        return;
      }
      case 'walk': {
        const newcomer = this.#exchange.onWalk(link, frame);
        if (newcomer !== undefined) this.#seeking.stir();
        return;
      }
      case 'shuffle':
      case 'shuffled': {
        const asked = this.#exchange.onShuffle(link, frame);
        this.#seeking.stir();
        if (!asked && link.limits.refuse(this.#state.nowMs) === 'abuse') this.#report(link);
        return;
      }
      case 'follow':
        this.#follow(link, frame.on, frame.topics);
        return;
      default:
        unreachable(frame);
    }
  }

  /** Looks for the tag of this topic among theirs; others are other overlays'. */
  #follow(link: OverlayLink, on: boolean, topics: readonly Uint8Array[]): void {
    const tags = this.#state.ports.tags(link.link);
    if (this.#isOpen || tags === undefined || !topics.some((each) => bytesEqual(each, tags.theirs))) return;
    if (on === link.member) return;
    link.member = on;
    link.shuffleUntilMs = 0;
    if (on) {
      // Our own tag told them nothing if it came before they followed the topic.
      this.#show(link.link, true);
      this.#seeking.met(link);
    } else {
      link.askUntilMs = 0;
      this.#asking.drop(link.link, false);
    }
    releaseIdle(this.#state, link);
  }

  #report(link: OverlayLink): void {
    this.#state.outputs.push({ type: 'misbehaved', link: link.link, reason: 'flood' });
  }

  #candidates(peers: readonly PeerId[], source: 'anchor' | 'bootstrap' | 'lan' | 'record'): void {
    const { passive, ports, self, nowMs } = this.#state;
    const trusted = source !== 'record';
    if (source === 'lan') this.#foundNear(peers);
    for (const peer of peers) {
      const place = peer === self ? undefined : ports.candidate(peer);
      if (place === undefined) continue;
      passive.tell(peer, groupOf(place).group, { chosen: trusted, trusted, nowMs });
      passive.postpone(peer, 0);
    }
    if (trusted) this.#seeking.prefer(peers);
    else this.#seeking.stir();
  }

  /**
   * Neighbours name nodes of our LAN by public addresses, sooner than mDNS does: links that we dialled to them are near all the
   * same. mDNS is anybody's word on the LAN, who could come from there as well; so it changes no neighbour that there is.
   */
  #foundNear(peers: readonly PeerId[]): void {
    const { links, active, mates } = this.#state;
    for (const peer of peers) {
      mates.delete(peer);
      mates.add(peer);
      const [oldest] = mates;
      if (mates.size > matesMax && oldest !== undefined) mates.delete(oldest);
    }
    for (const link of links.values()) {
      if (link.near || !link.dialled || !peers.includes(link.peer)) continue;
      if (active.get(link.link) !== undefined) continue;
      link.group = nearGroup;
      link.near = true;
    }
  }
}

function limitedAs(frame: OverlayFrame): LimitedFrame {
  return frame.type === 'shuffled' ? 'shuffle' : frame.type;
}
