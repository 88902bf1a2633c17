/** What may be dialled: a node on the LAN, whatever a want is for, or a node that a room of the mesh asked for. */
import type { DialReason } from '../../base/dial-reason.ts';
import type { PeerId } from '../../base/ids.ts';
import type { LinkPurpose } from '../../wire/hello.ts';

/** What links there are at this moment. */
export interface Taken {
  /** Whether a link to the node stands that is for more than a question. */
  has(remote: PeerId): boolean;
  /** Whether a plain address leads to a node which is linked. */
  leads(plain: string): boolean;
  /** Whether this id is recognised on some link. */
  recognises(id: string): boolean;
  /** The node to which a link for a question stands, by its network id or by plain addresses. */
  question(remote: PeerId | undefined, places: readonly Place[]): PeerId | undefined;
}

/** What the rest of the machine knows. */
export interface LinkFacts {
  taken(): Taken;
  room(want: PlaceFor, dialling: number): boolean;
}

/** What one more link is for. `known`: a node that was met and not recognised; `person`: what the Peer wants. */
export type PlaceFor = 'known' | 'new' | 'person' | 'question';

export interface DialOutput {
  type: 'dial';
  dial: number;
  remote: PeerId | undefined;
  addresses: string[];
  why: DialReason;
}

export interface Want {
  id: string;
  /** Multiaddrs; the first 8 count. */
  addresses: string[];
  /** For people who ask why an address was contacted. */
  why: DialReason;
}

/** Asked for once: a link to this node, whatever comes of it. */
export interface Reach {
  remote: PeerId;
  /** Multiaddrs; the first 8 count. */
  addresses: string[];
  /** For people who ask why an address was contacted. */
  why: DialReason;
  purpose: LinkPurpose;
}

/** A link for a question to this node stands, and more is wanted of it now. */
export interface PromoteOutput {
  type: 'promote';
  remote: PeerId;
}

export interface Unreached {
  remote: PeerId;
  purpose: LinkPurpose;
  /** false: nobody knocked there, for want of places or dials of ours. It says nothing about the node. */
  dialled: boolean;
}

/** A place to dial. `plain`: without the network id at its end. */
export interface Place {
  address: string;
  plain: string;
}

/** How a dial, or the link that came of it, ended. `somebody-else`: a node was there, and it was not who was wanted. */
export type Failure = 'refused' | 'timeout' | 'unreachable' | 'not-kith' | 'other' | 'somebody-else';

export interface Target {
  name: string;
  kind: 'lan' | 'want' | 'reach';
  /** The node, or undefined: whoever answers. */
  remote: PeerId | undefined;
  /** The id of a want. */
  want: string | undefined;
  purpose: LinkPurpose;
  places: Place[];
  why: DialReason;
  attempts: number;
  dueMs: number;
  lastDialMs: number;
  dialling: boolean;
  /** Met since the entries last grew, and a stranger. */
  met: boolean;
  /** A reach that could not even be dialled by then is given up. */
  untilMs: number;
  sinceMs: number;
  /** Since then. */
  failures: number;
  lastFailure: Failure | undefined;
}

export interface Dial {
  dial: number;
  target: Target;
  places: Place[];
  givenUpMs: number;
}

export function lanTarget(remote: PeerId, places: Place[], dueMs: number): Target {
  return { ...fresh(places, dueMs), name: lanName(remote), kind: 'lan', remote, why: 'lan' };
}

export function wantTarget(want: { id: string; why: DialReason }, places: Place[], dueMs: number): Target {
  return { ...fresh(places, dueMs), name: wantName(want.id), kind: 'want', want: want.id, why: want.why };
}

export function reachTarget(
  reach: { remote: PeerId; purpose: LinkPurpose; why: DialReason; untilMs: number },
  places: Place[],
  dueMs: number,
): Target {
  const name = reachName(reach.remote, reach.purpose);
  return { ...fresh(places, dueMs), name, kind: 'reach', ...reach };
}

export function lanName(remote: PeerId): string {
  return `lan ${remote}`;
}

export function wantName(id: string): string {
  return `want ${id}`;
}

export function reachName(remote: PeerId, purpose: LinkPurpose): string {
  return `${purpose} ${remote}`;
}

export function placesOf(addresses: readonly string[], countMax: number): Place[] {
  const different = [...new Set(addresses)].slice(0, countMax);
  return different.map((address) => ({ address, plain: plainAddress(address) }));
}

/** An address without the network id at its end, which says nothing about where it leads. */
export function plainAddress(address: string): string {
  const cut = address.lastIndexOf('/p2p/');
  return cut >= 0 && !address.includes('/', cut + 5) ? address.slice(0, cut) : address;
}

/** Whether the target has what it is for, or gets it. `dialled`: nodes and addresses that are being dialled. */
export function hasIt({ remote, want }: Target, taken: Taken, dialled: ReadonlySet<string>): boolean {
  if (remote !== undefined && (dialled.has(remote) || taken.has(remote))) return true;
  return want !== undefined && taken.recognises(want);
}

/** Whether who is wanted is among those recognised. */
export function isAmong({ want }: Readonly<Target>, recognised: ReadonlySet<string>): boolean {
  return want !== undefined && recognised.has(want);
}

export function noteFailure(target: Target, failure: Failure): void {
  target.failures++;
  target.lastFailure = failure;
}

/** The node on the LAN that was dialled most in vain. */
export function mostTried(targets: Iterable<Target>): Target | undefined {
  let most: Target | undefined;
  for (const target of targets) {
    if (target.kind === 'lan' && target.attempts > (most?.attempts ?? -1)) most = target;
  }
  return most;
}

export function isNamed({ plain }: Place): boolean {
  return plain.startsWith('/dns');
}

function fresh(places: Place[], dueMs: number): Omit<Target, 'name' | 'kind' | 'why'> {
  return {
    remote: undefined,
    want: undefined,
    purpose: 'neighbour',
    places,
    attempts: 0,
    dueMs,
    lastDialMs: -Infinity,
    dialling: false,
    met: false,
    untilMs: Infinity,
    sinceMs: dueMs,
    failures: 0,
    lastFailure: undefined,
  };
}
