/** The topics we follow: an overlay each, sharing links, and the broadcasts in them. */
import { bytesEqual, hex } from '../base/bytes.ts';
import type { LinkId, PeerId } from '../base/ids.ts';
import { unreachable } from '../base/invariant.ts';
import { signBroadcast, verifyBroadcast } from '../crypto/broadcast/broadcast.ts';
import { Broadcast } from '../protocol/broadcast/broadcast.ts';
import type { BroadcastConfig } from '../protocol/broadcast/config.ts';
import type { BroadcastOutput } from '../protocol/broadcast/broadcast.ts';
import type { BroadcastFigures } from '../protocol/broadcast/contract.ts';
import type { Share } from '../protocol/overlay/active-view.ts';
import { Overlay, type OverlayInput } from '../protocol/overlay/overlay.ts';
import type { OverlayConfig } from '../protocol/overlay/overlay-config.ts';
import type { OverlayFrame, OverlayOutput, OverlayPorts } from '../protocol/overlay/overlay-state.ts';
import type { BroadcastFrame } from '../wire/broadcast.ts';
import type { BroadcastIdsFrame } from '../wire/broadcast-ids.ts';
import { topicBytes } from '../wire/follow.ts';
import { encodeFrame } from '../wire/frame.ts';
import type { MeshGround } from './mesh-ground.ts';
import type { MeshLink } from './mesh-links.ts';
import { TopicTags } from './topic-tags.ts';

/** The overlay that every node is in. It carries records alone: nothing is broadcast there. */
export const everybody: Uint8Array = new Uint8Array(topicBytes);
/** Besides the one that everybody is in. They share the links, so that more would only be thinner. */
export const topicsMax = 16;
/** All overlays together, if none shared a link with another: of 64 links, some are for people and who comes. */
const neighboursShared = 56;
const leavesShared = 32;
const everybodyName = hex(everybody);
const passiveSets = ['tried', 'heard', 'told', 'lost'] as const;
/** Peers that `remembered` gives to an overlay without anybody to ask. */
const rememberedMax = 16;

export interface MeshTopicsConfig {
  overlay: OverlayConfig;
  broadcast: BroadcastConfig;
}

interface TopicView {
  topic: Uint8Array;
  /** 32 hex digits. */
  name: string;
  overlay: Overlay;
  /** The sequence of our next broadcast here; undefined before the first, and where it is no longer sure. */
  nextSequence: number | undefined;
}

export class MeshTopics {
  #ground: MeshGround;
  #config: MeshTopicsConfig;
  #views = new Map<string, TopicView>();
  #broadcast: Broadcast;
  #onStarving: () => void;
  #waiting: { view: TopicView; input: OverlayInput }[] = [];
  #isFeeding = false;
  /** No sequence of ours, in whatever topic, is as high: one that comes twice would be two messages under one name. */
  #freeSequence = 1;
  #tags: TopicTags;

  constructor(ground: MeshGround, config: MeshTopicsConfig, onStarving: () => void) {
    this.#ground = ground;
    this.#config = config;
    this.#onStarving = onStarving;
    this.#tags = new TopicTags(ground);
    const { backend } = ground.crypto;
    this.#broadcast = new Broadcast({
      config: config.broadcast,
      random: ground.random,
      verify: (fields) => verifyBroadcast(backend, fields),
    });
    this.#add(everybody);
  }

  /** @returns false when there are `topicsMax` already. */
  follow(topic: Uint8Array): boolean {
    const name = hex(topic);
    if (this.#views.has(name)) return true;
    if (this.#views.size > topicsMax) return false;
    const { links, turn } = this.#ground;
    this.#tell(this.#broadcast.handle({ type: 'follow', topic }, turn.nowMs));
    const view = this.#add(topic);
    this.#share();
    for (const link of links.all()) this.#feed(view, openInput(link));
    return true;
  }

  unfollow(topic: Uint8Array): void {
    const view = this.#views.get(hex(topic));
    if (view === undefined || view.topic === everybody) return;
    this.#feed(view, { type: 'stop' });
    this.#tell(this.#broadcast.handle({ type: 'unfollow', topic }, this.#ground.turn.nowMs));
    this.#views.delete(hex(topic));
    this.#tags.forgetTopic(topic);
    this.#share();
  }

  follows(topic: Uint8Array): boolean {
    return this.#views.has(hex(topic));
  }

  /** The topic is followed. `body`: 1 to 60,000 bytes. @returns the sequence it went out under. */
  publish(topic: Uint8Array, body: Uint8Array): number {
    const { crypto, networkKey, turn } = this.#ground;
    const view = this.#views.get(hex(topic));
    if (view === undefined) throw new TypeError('who publishes in a topic follows it');
    // A Peer that was rebuilt knows nothing of what it published, nor one that followed the topic before.
    const sequence = view.nextSequence ?? Math.max(this.#freeSequence, turn.wallMs);
    view.nextSequence = sequence + 1;
    this.#freeSequence = Math.max(this.#freeSequence, sequence + 1);
    const signature = signBroadcast(crypto.backend, networkKey, { topic, sequence, body });
    const fields = { topic, author: networkKey.publicKey, sequence, signature, body };
    this.#tell(this.#broadcast.handle({ type: 'publish', ...fields }, turn.nowMs));
    return sequence;
  }

  linkOpen(opened: MeshLink): void {
    const { link } = opened;
    // All topics at once and covered, so that nobody counts them; a view that comes later shows its own.
    const followed = [...this.#views.values()].map(({ topic }) => topic).filter((each) => each !== everybody);
    const topics = this.#tags.shown(link, followed);
    this.#ground.turn.send(link, 'control', encodeFrame({ type: 'follow', on: true, topics }));
    for (const view of this.#views.values()) this.#feed(view, { ...openInput(opened), shown: true });
  }

  linkClosed(link: LinkId): void {
    for (const view of this.#views.values()) this.#feed(view, { type: 'linkClosed', link });
    this.#tags.forgetLink(link);
  }

  unreachable(peer: PeerId, dialled: boolean): void {
    for (const view of this.#views.values()) this.#feed(view, { type: 'unreachable', peer, dialled });
  }

  forgotten(peer: PeerId): void {
    for (const view of this.#views.values()) this.#feed(view, { type: 'forgotten', peer });
  }

  lanFound(peer: PeerId): void {
    this.trusted(peer, 'lan');
  }

  /** Somebody we have better reason to believe in than a record. */
  trusted(peer: PeerId, source: 'lan' | 'bootstrap' | 'anchor'): void {
    this.#feed(this.#everybody(), { type: 'candidates', peers: [peer], source });
  }

  hurry(): void {
    for (const view of this.#views.values()) this.#feed(view, { type: 'hurry' });
  }

  onOverlayFrame(link: LinkId, frame: OverlayFrame): void {
    if (frame.type !== 'follow') {
      const view = this.#viewOf(frame.topic);
      if (view !== undefined) this.#feed(view, { type: 'frame', link, frame });
      return;
    }
    for (const view of this.#views.values()) {
      if (view.topic !== everybody) this.#feed(view, { type: 'frame', link, frame });
    }
  }

  onBroadcastFrame(link: LinkId, frame: BroadcastFrame | BroadcastIdsFrame): void {
    this.#tell(this.#broadcast.handle({ type: 'frame', link, frame }, this.#ground.turn.nowMs));
  }

  /** Whether a node is a neighbour in the overlay of everybody, or might become one. */
  viewOf(peer: PeerId): 'active' | 'passive' | 'none' {
    const { overlay } = this.#everybody();
    if (overlay.neighbours().some((each) => each.peer === peer)) return 'active';
    return overlay.passive('tried').includes(peer) || overlay.passive('heard').includes(peer)
      ? 'passive'
      : 'none';
  }

  /** Nodes that we reached, as the overlay of everybody samples them. */
  tried(): PeerId[] {
    return this.#everybody().overlay.passive('tried');
  }

  /** Whether a view holds the node: its record is needed then. */
  names(peer: PeerId): boolean {
    for (const { overlay } of this.#views.values()) if (overlay.knows(peer)) return true;
    return false;
  }

  /** Neighbours in the overlay that everybody is in, whom nobody can dial apart: these are no way into the network. */
  get active(): number {
    return this.#everybody()
      .overlay.neighbours()
      .filter(({ leaf }) => !leaf).length;
  }

  /** How full views and memories of broadcasts are; of several topics the fullest counts. */
  sizes(): Record<string, number> {
    const views = [...this.#views.values()];
    const fullest = (of: (view: TopicView) => number): number => Math.max(...views.map(of));
    const held = (what: keyof BroadcastFigures): number =>
      fullest(({ topic }) => this.#broadcast.figures(topic)?.[what] ?? 0);
    return {
      'active view': fullest(({ overlay }) => overlay.neighbours().length),
      'passive view': fullest(({ overlay }) =>
        passiveSets.reduce((sum, set) => sum + overlay.passive(set).length, 0),
      ),
      topics: views.length - 1,
      'authors of a topic': held('authors'),
      'broadcasts held': held('heldMessages'),
      'bytes of broadcasts held': held('heldBytes'),
      'broadcasts missing': held('missing'),
    };
  }

  /** Our neighbours in the overlay of a topic; none where we do not follow it. */
  neighboursIn(topic: string): PeerId[] {
    return (this.#views.get(topic)?.overlay.neighbours() ?? []).map((each) => each.peer);
  }

  nextWakeMs(): number {
    let wakeMs = this.#broadcast.nextWakeMs() ?? Infinity;
    for (const { overlay } of this.#views.values()) wakeMs = Math.min(wakeMs, overlay.nextWakeMs());
    return wakeMs;
  }

  wake(): void {
    const { nowMs } = this.#ground.turn;
    for (const view of this.#views.values()) {
      if (view.overlay.nextWakeMs() <= nowMs) this.#feed(view, { type: 'wake' });
    }
    if ((this.#broadcast.nextWakeMs() ?? Infinity) <= nowMs)
      this.#tell(this.#broadcast.handle({ type: 'wake' }, nowMs));
  }

  /** Of ours, from before the topic was left or the Peer rebuilt: the next one is above it. */
  #heardOwn(topic: Uint8Array, sequence: number): void {
    this.#freeSequence = Math.max(this.#freeSequence, sequence + 1);
    const view = this.#views.get(hex(topic));
    if (view?.nextSequence !== undefined && view.nextSequence <= sequence) view.nextSequence = undefined;
  }

  /** Asked for with every frame: a comparison ends with the first byte, and a text would have to be made. */
  #viewOf(topic: Uint8Array): TopicView | undefined {
    for (const view of this.#views.values()) if (bytesEqual(view.topic, topic)) return view;
    return undefined;
  }

  /** The links there are go round fairly: who follows many topics has fewer neighbours in each, and none without. */
  #share(): void {
    const share = shareOf(this.#views.size);
    for (const view of this.#views.values()) this.#feed(view, { type: 'share', share });
  }

  #everybody(): TopicView {
    return this.#views.get(everybodyName)!;
  }

  #add(topic: Uint8Array): TopicView {
    const { random, self, turn } = this.#ground;
    const { overlay: settings } = this.#config;
    // Every exchange breaks ways of broadcasts. Who surrounds a newcomer is got rid of where nothing is broadcast.
    const config = topic === everybody ? settings : { ...settings, mixYoungMs: settings.mixMs };
    const overlay = new Overlay({
      self,
      topic,
      config,
      random,
      ports: this.#ports(topic),
      nowMs: turn.nowMs,
    });
    const view: TopicView = { topic, name: hex(topic), overlay, nextSequence: undefined };
    this.#views.set(view.name, view);
    return view;
  }

  #ports(topic: Uint8Array): OverlayPorts {
    const { discovery, turn, known } = this.#ground;
    return {
      candidate: (peer) => discovery.candidate(peer),
      offer: (peers, scope) => discovery.offer(peers, scope, turn.nowMs),
      own: (scope) => discovery.own(scope, turn.nowMs),
      learn: (entries, from) => {
        const peers = discovery.learn(entries, from, turn.nowMs);
        for (const peer of peers) known(peer);
        return peers;
      },
      tags: (link) => (topic === everybody ? undefined : this.#tags.of(link, topic)),
    };
  }

  /** One after the other: what carrying out leads to must not overtake the outputs that are left. */
  #feed(view: TopicView, input: OverlayInput): void {
    this.#waiting.push({ view, input });
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const outputs = next.view.overlay.handle(next.input, this.#ground.turn.nowMs);
      for (const output of outputs) this.#carryOut(next.view, output);
    }
    this.#isFeeding = false;
  }

  #carryOut(view: TopicView, output: OverlayOutput): void {
    const { turn, drive, tell, reach, dismiss, discovery } = this.#ground;
    const { topic } = view;
    switch (output.type) {
      case 'send':
        turn.send(output.link, 'control', encodeFrame(output.frame));
        return;
      case 'connect': {
        const purpose = output.why === 'test' ? 'question' : 'neighbour';
        if (!reach(output.peer, output.why, purpose)) {
          this.#feed(view, { type: 'unreachable', peer: output.peer });
        }
        return;
      }
      case 'hold':
      case 'release':
        drive({ type: 'hold', link: output.link, holder: view.name, on: output.type === 'hold' });
        return;
      case 'active': {
        const { link, peer, on } = output;
        if (topic === everybody) tell({ type: 'active', peer, on });
        else this.#tell(this.#broadcast.handle({ type: 'neighbour', topic, link, on }, turn.nowMs));
        return;
      }
      case 'misbehaved':
        dismiss(output.link, output.reason);
        return;
      case 'starving':
        this.#onStarving();
        this.#feed(view, {
          type: 'candidates',
          peers: discovery.remembered(rememberedMax, turn.nowMs),
          source: 'record',
        });
        return;
      default:
        unreachable(output);
    }
  }

  #tell(outputs: readonly BroadcastOutput[]): void {
    const { turn, dismiss } = this.#ground;
    for (const output of outputs) {
      switch (output.type) {
        case 'send':
          turn.send(output.link, output.class, output.frame);
          break;
        case 'received': {
          const { topic, author, sequence, body } = output;
          if (bytesEqual(author, this.#ground.networkKey.publicKey)) this.#heardOwn(topic, sequence);
          turn.push({ type: 'broadcast', topic, author, sequence, body });
          break;
        }
        case 'misbehaved':
          dismiss(output.link, output.reason);
          break;
        case 'equivocation':
          turn.log('warn', 'broadcast-equivocation', { author: hex(output.author) });
          break;
        case 'refused':
          break; // `follow` counted before it asked.
        default:
          unreachable(output);
      }
    }
  }
}

/** The places of each of so many overlays, 1 to 17. */
export function shareOf(count: number): Share {
  return {
    activeMax: Math.max(3, Math.floor(neighboursShared / count)),
    leavesMax: Math.max(1, Math.floor(leavesShared / count)),
  };
}

function openInput(opened: MeshLink): Extract<OverlayInput, { type: 'linkOpen' }> {
  const { link, remote: peer, subnet, scope, dialled, brief, promoted } = opened;
  return { type: 'linkOpen', link, peer, subnet, scope, dialled, brief, promoted };
}
