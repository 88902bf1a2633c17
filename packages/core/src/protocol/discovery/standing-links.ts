/** The nodes we have a link to at present, as discovery needs them: since when, from where, how near. */
import type { PeerId } from '../../base/ids.ts';
import { scopeOf, subnetOf } from '../../base/place.ts';

/** As in the contract of the Peer. */
export type LinkPath = 'lan' | 'direct' | 'relayed';

export interface LinkFound {
  peer: PeerId;
  /** The remote's multiaddr; of an inbound link, where it came from. */
  address: string;
  path: LinkPath;
  dialled: boolean;
}

export interface StandingLink {
  peer: PeerId;
  /** Links to this node. */
  count: number;
  path: LinkPath;
  lan: boolean;
  sinceMs: number;
  /** Where we dialled it, if we did. */
  dialledAt: string | undefined;
  subnet: string | undefined;
  /** What its words are counted under: its subnet, or itself on our own site. */
  source: string;
  /** It is in an active view. */
  active: boolean;
}

/** Above the number of links that may stand; beyond, a link is not looked at. */
const nodesMax = 128;

export class StandingLinks {
  #links = new Map<PeerId, StandingLink>();

  get(peer: PeerId): StandingLink | undefined {
    return this.#links.get(peer);
  }

  has(peer: PeerId): boolean {
    return this.#links.has(peer);
  }

  values(): IterableIterator<StandingLink> {
    return this.#links.values();
  }

  count(lan: boolean): number {
    let count = 0;
    for (const link of this.#links.values()) if (link.lan === lan) count++;
    return count;
  }

  /** @returns the node's entry, or undefined where it had a link already. */
  open({ peer, address, path, dialled }: LinkFound, nowMs: number): StandingLink | undefined {
    const before = this.#links.get(peer);
    if (before !== undefined) {
      before.count++;
      if (dialled) before.dialledAt = plainAddress(address);
      return undefined;
    }
    if (this.#links.size >= nodesMax) return undefined;
    const lan = path === 'lan';
    const subnet = subnetOf(address);
    const far = !lan && scopeOf(address) === 'global';
    const link: StandingLink = {
      peer,
      count: 1,
      path,
      lan,
      sinceMs: nowMs,
      dialledAt: dialled ? plainAddress(address) : undefined,
      subnet,
      source: far && subnet !== undefined ? `subnet ${subnet}` : `node ${peer}`,
      active: false,
    };
    this.#links.set(peer, link);
    return link;
  }

  /** @returns the entry, when it was the last link to the node. */
  close(peer: PeerId): StandingLink | undefined {
    const link = this.#links.get(peer);
    if (link === undefined || --link.count > 0) return undefined;
    this.#links.delete(peer);
    return link;
  }
}

/** Without the network id at its end. */
export function plainAddress(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, '');
}
