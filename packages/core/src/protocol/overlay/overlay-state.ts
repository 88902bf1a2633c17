/** What the parts of the overlay share: its views, its links, its attempts, and what they lead to. */
import type { LinkId, PeerId } from '../../base/ids.ts';
import type { Scope } from '../../base/place.ts';
import type { Random } from '../../base/random.ts';
import type { FollowFrame } from '../../wire/follow.ts';
import type { NeighbourFrame } from '../../wire/neighbour.ts';
import type { RecordEntry } from '../../wire/record-entries.ts';
import type { ShuffleFrame } from '../../wire/shuffle.ts';
import type { WalkFrame } from '../../wire/walk.ts';
import type { ActiveView, Neighbour } from './active-view.ts';
import type { FrameLimits } from './frame-limits.ts';
import type { OverlayConfig } from './overlay-config.ts';
import type { PassiveView } from './passive-view.ts';

export type OverlayFrame = NeighbourFrame | WalkFrame | ShuffleFrame | FollowFrame;

/** Why a link is wanted: to be neighbours, to test a peer, to mix, or because a lost peer may be back. */
export type ConnectWhy = 'neighbour' | 'test' | 'mix' | 'lost';

export type OverlayOutput =
  /** Always of class control. */
  | { type: 'send'; link: LinkId; frame: OverlayFrame }
  /** Dial it; `test` needs a link for one question only. Answered by `linkOpen` or `unreachable`. */
  | { type: 'connect'; peer: PeerId; why: ConnectWhy }
  /** The overlay needs this link until `release`. Never twice without a release between. */
  | { type: 'hold'; link: LinkId }
  | { type: 'release'; link: LinkId }
  /** The other is a neighbour of ours in this topic from now on, or no longer. */
  | { type: 'active'; link: LinkId; peer: PeerId; on: boolean }
  /** Frames far beyond any honest pace; said once a link. */
  | { type: 'misbehaved'; link: LinkId; reason: string }
  /** Nobody left to ask: answer with `candidates` if there are any. Repeated with back-off. */
  | { type: 'starving' };

/** Where a peer lies, as the discovery knows it from its record, or the link shows it. */
export interface PeerPlace {
  /** Undefined only where nothing about it is known; such peers share one place. */
  subnet: string | undefined;
  scope: Scope;
}

export interface OverlayPorts {
  /** Where a peer lies whose record is known and not expired. */
  candidate(peer: PeerId): PeerPlace | undefined;
  /** Records of these peers that may go to somebody at that distance, each with its hop counted. */
  offer(peers: PeerId[], scope: Scope): RecordEntry[];
  /** Our own record as somebody at that distance may be told it, unless we publish none. */
  own(scope: Scope): RecordEntry | undefined;
  /** Verifies and takes records. @returns the peers of those accepted or already known, in order. */
  learn(entries: RecordEntry[], from: { peer: PeerId; scope: Scope }): PeerId[];
  /** The tags by which both ends show that they know the topic. Not asked for the topic that everybody follows. */
  tags(link: LinkId): { ours: Uint8Array; theirs: Uint8Array } | undefined;
}

export interface OverlayLink {
  readonly link: LinkId;
  readonly peer: PeerId;
  readonly scope: Scope;
  /** Both of its address, until mDNS names the peer. */
  group: string;
  near: boolean;
  readonly dialled: boolean;
  /** A link for one question takes no neighbour. */
  readonly brief: boolean;
  readonly limits: FrameLimits;
  /** Why we had it dialled, or made more of it; undefined when somebody else wanted it. */
  why: ConnectWhy | undefined;
  /** The other end follows the topic. */
  member: boolean;
  /** It came, and asked without a record of its own: nobody could dial it. */
  leaf: boolean;
  held: boolean;
  /** A question of ours is under way until then; 0 when none is. */
  askUntilMs: number;
  /** They had no place for us; not asked again before. */
  refusedUntilMs: number;
  /** Records of ours are to be answered until then; 0 when none are. */
  shuffleUntilMs: number;
}

export interface Attempt {
  readonly why: ConnectWhy;
  readonly sinceMs: number;
}

export interface OverlayState {
  readonly self: PeerId;
  readonly topic: Uint8Array;
  readonly config: OverlayConfig;
  readonly random: Random;
  readonly ports: OverlayPorts;
  readonly active: ActiveView;
  readonly passive: PassiveView;
  readonly links: Map<LinkId, OverlayLink>;
  /** Dials under way, at most `attemptsMax`. */
  readonly attempts: Map<PeerId, Attempt>;
  nowMs: number;
  outputs: OverlayOutput[];
  /** Named by mDNS lately, at most `matesMax`: whatever its address, such a neighbour is no way out of the LAN. */
  readonly mates: Set<PeerId>;
  /** Somebody was our neighbour at some time. */
  joined: boolean;
  /** Until then many answer no longer: everybody known is tested, and more neighbours are kept. */
  alarmUntilMs: number;
}

/** The one group of all that are near. */
export const nearGroup = 'near';

/** Its subnet; all that are near count as one group in a sample, and as none where places are counted. */
export function groupOf({ subnet, scope }: PeerPlace): { group: string; near: boolean } {
  return scope === 'global' ? { group: subnet ?? '', near: false } : { group: nearGroup, near: true };
}

export function send(state: OverlayState, link: LinkId, frame: OverlayFrame): void {
  state.outputs.push({ type: 'send', link, frame });
}

export function hold(state: OverlayState, link: OverlayLink): void {
  if (link.held) return;
  link.held = true;
  state.outputs.push({ type: 'hold', link: link.link });
}

/** Lets a link go that serves nothing here any more. */
export function releaseIdle(state: OverlayState, link: OverlayLink): void {
  if (!link.held || link.askUntilMs > 0 || link.shuffleUntilMs > 0) return;
  if (state.active.get(link.link) !== undefined) return;
  link.held = false;
  state.outputs.push({ type: 'release', link: link.link });
}

/** Takes what a neighbour named into the passive view. Who named it decides into which part. */
export function learn(state: OverlayState, link: OverlayLink, entries: RecordEntry[]): PeerId[] {
  if (entries.length === 0) return [];
  const { ports, passive, nowMs } = state;
  const peers = ports.learn(entries, { peer: link.peer, scope: link.scope });
  for (const peer of peers) {
    const place = peer === state.self ? undefined : ports.candidate(peer);
    if (place !== undefined) passive.tell(peer, groupOf(place).group, { chosen: link.dialled, nowMs });
  }
  return peers;
}

/** At most `count` records for the other end: neighbours and peers that we reached, never mere hearsay. */
export function proven(state: OverlayState, link: OverlayLink, count: number): RecordEntry[] {
  return offered(state, link, count, listed(state, link));
}

/**
 * The same for one that we send on: the youngest of those that came are among them. Who has been there for long is named
 * everywhere, and has as few places left as we have.
 */
export function whomElse(state: OverlayState, link: OverlayLink, count: number): RecordEntry[] {
  const all = listed(state, link);
  const came = all
    .filter(({ chosen, peer }) => !chosen && state.ports.offer([peer], link.scope).length > 0)
    .toSorted((a, b) => b.sinceMs - a.sinceMs);
  const youngest = came.slice(0, state.config.youngestNamed);
  return offered(state, link, count, [...youngest, ...all.filter((each) => !youngest.includes(each))]);
}

/** Up to half of them neighbours, the first of those given, then whom we reached, then the other neighbours; in any order. */
function offered(
  { passive, ports, random }: OverlayState,
  link: OverlayLink,
  count: number,
  neighbours: readonly Neighbour[],
): RecordEntry[] {
  const entries: RecordEntry[] = [];
  const seen = new Set<PeerId>([link.peer]);
  const fill = (peers: readonly PeerId[], most: number): void => {
    for (const peer of peers) {
      if (entries.length >= most) return;
      if (seen.has(peer)) continue;
      seen.add(peer);
      entries.push(...ports.offer([peer], link.scope).slice(0, 1));
    }
  };
  const named = neighbours.map(({ peer }) => peer);
  fill(named, Math.floor(count / 2));
  fill(shuffled(passive.peers('tried'), random), count);
  fill(named, count);
  return shuffled(entries, random);
}

/** Neighbours that publish a record, but for the one to be told of them; in any order. */
function listed({ active, random }: OverlayState, { peer }: OverlayLink): Neighbour[] {
  const others = active.all().filter((each) => !each.leaf && each.peer !== peer);
  return shuffled(others, random);
}

function shuffled<Item>(items: Item[], random: Random): Item[] {
  for (let left = items.length; left > 1; left--) {
    const at = Math.floor(random.next() * left);
    [items[at], items[left - 1]] = [items[left - 1]!, items[at]!];
  }
  return items;
}
