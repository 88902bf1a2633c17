/** The links that stand, oldest first, and what is asked about all of them. */
import type { LinkId, PeerId } from '../../base/ids.ts';
import { plainAddress, type Taken } from './dialling.ts';
import type { LinkState } from './link-state.ts';

export class LinkSet {
  #links = new Map<LinkId, LinkState>();

  get size(): number {
    return this.#links.size;
  }

  get(link: LinkId): LinkState | undefined {
    return this.#links.get(link);
  }

  add(state: LinkState): void {
    this.#links.set(state.link, state);
  }

  /** @returns false when the link was not there. */
  delete(link: LinkId): boolean {
    return this.#links.delete(link);
  }

  values(): IterableIterator<LinkState> {
    return this.#links.values();
  }

  /** The oldest link to a node. */
  linked(remote: PeerId): LinkState | undefined {
    for (const state of this.#links.values()) if (state.remote === remote) return state;
    return undefined;
  }

  to(remote: PeerId): LinkState[] {
    return [...this.#links.values()].filter((state) => state.remote === remote);
  }

  /** The links on which this id is recognised. */
  recognising(id: string): LinkState[] {
    return [...this.#links.values()].filter((state) => state.ids.has(id));
  }

  /**
   * The stranger that goes first when a place is needed, or undefined where nobody may be sent away: the
   * oldest of those that came to us and had `graceMs` to be recognised, else the oldest we dialled.
   */
  leastUseful(graceMs: number, nowMs: number): LinkState | undefined {
    let least: LinkState | undefined;
    for (const state of this.#links.values()) {
      if (state.ids.size > 0 || nowMs - state.upMs < graceMs) continue;
      if (least === undefined || (least.dialled && !state.dialled)) least = state;
    }
    return least;
  }

  /** What need not be dialled. `known`: the addresses a node is known by. */
  taken(known: (remote: PeerId) => readonly string[]): Taken {
    const taken: Taken = { remotes: new Set(), addresses: new Set(), ids: new Set() };
    for (const { remote, address, led, ids } of this.#links.values()) {
      taken.remotes.add(remote);
      taken.addresses.add(plainAddress(address));
      if (led !== undefined) taken.addresses.add(led.plain);
      for (const other of known(remote)) taken.addresses.add(plainAddress(other));
      for (const id of ids) taken.ids.add(id);
    }
    return taken;
  }
}
