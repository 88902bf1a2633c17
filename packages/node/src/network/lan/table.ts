/**
 * The nodes heard on the LAN. Pure; time comes in.
 *
 * A node is kept per place it was heard from, so that somebody else's goodbye or addresses never take away
 * what the node itself said. Bounded: {@link nodesMax} nodes, {@link nodesPerHostMax} of one sender,
 * {@link placesMax} places each; beyond, the new one is ignored.
 */
import type { PeerId } from '@kith/core/base/ids';
import { addressesMax } from '../limits.ts';
import type { HeardNode } from './announcement.ts';

export const nodesMax = 256;
export const nodesPerHostMax = 24;
export const placesMax = 6;

export type TableOutput =
  | { type: 'found'; remote: PeerId; addresses: string[] }
  | { type: 'lost'; remote: PeerId };

/** Names a sender on one of our interfaces. */
export interface Place {
  from: string;
  interfaceName: string;
}

interface Entry {
  places: Map<string, { place: Place; addresses: string[]; untilMs: number }>;
  /** What was told last, joined. */
  told: string;
}

export class LanTable {
  readonly #nodes = new Map<PeerId, Entry>();

  get size(): number {
    return this.#nodes.size;
  }

  has(remote: PeerId): boolean {
    return this.#nodes.has(remote);
  }

  heard(node: HeardNode, place: Place, nowMs: number): TableOutput[] {
    const { remote } = node;
    const key = `${place.interfaceName} ${place.from}`;
    const known = this.#nodes.get(remote);
    if (node.ttlSeconds === 0) {
      if (known?.places.delete(key) !== true) return [];
      return this.#tell(remote, known);
    }
    if (node.addresses.length === 0) return [];
    const entry = known ?? { places: new Map(), told: '' };
    if (!entry.places.has(key) && (entry.places.size >= placesMax || this.#fullFor(key))) return [];
    if (known === undefined && this.#nodes.size >= nodesMax) return [];
    this.#nodes.set(remote, entry);
    entry.places.set(key, { place, addresses: node.addresses, untilMs: nowMs + node.ttlSeconds * 1_000 });
    return this.#tell(remote, entry);
  }

  /** Forgets what nobody repeated. */
  expire(nowMs: number): TableOutput[] {
    return this.#remove((place) => place.untilMs <= nowMs);
  }

  /** Forgets what was heard on an interface that is gone. */
  interfaceGone(interfaceName: string): TableOutput[] {
    return this.#remove(({ place }) => place.interfaceName === interfaceName);
  }

  #remove(gone: (place: { place: Place; untilMs: number }) => boolean): TableOutput[] {
    const outputs: TableOutput[] = [];
    for (const [remote, entry] of this.#nodes) {
      let changed = false;
      for (const [key, place] of entry.places) {
        if (gone(place)) changed = entry.places.delete(key) || changed;
      }
      if (changed) outputs.push(...this.#tell(remote, entry));
    }
    return outputs;
  }

  #fullFor(key: string): boolean {
    let count = 0;
    for (const { places } of this.#nodes.values()) if (places.has(key)) count++;
    return count >= nodesPerHostMax;
  }

  #tell(remote: PeerId, entry: Entry): TableOutput[] {
    if (entry.places.size === 0) {
      this.#nodes.delete(remote);
      return [{ type: 'lost', remote }];
    }
    const addresses = [...new Set([...entry.places.values()].flatMap((place) => place.addresses))];
    const told = addresses.toSorted().join(' ');
    if (told === entry.told) return [];
    entry.told = told;
    return [{ type: 'found', remote, addresses: addresses.slice(0, addressesMax) }];
  }
}
