/** The overlay of a world: who is whose neighbour in a topic, and whether all hang together. */
import type { PeerId } from '@kith/core/base/ids';
import { partsOf } from '../graph.ts';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';

/** The topic of the overlay that everybody is in. */
export const everybodyTopic: string = '00'.repeat(16);

export class Neighbourhood {
  readonly topic: string;
  readonly #world: World;
  /** Ids change with every start. */
  readonly #byPeer = new Map<PeerId, SimNode>();

  constructor(world: World, topic: string) {
    this.#world = world;
    this.topic = topic;
    world.observe({ started: (node) => this.#meet(node) });
    for (const node of world.nodes) this.#meet(node);
  }

  /** How many a node has in its active view. */
  sizeOf(node: SimNode): number {
    return node.peer?.neighboursIn(this.topic).length ?? 0;
  }

  /** Whom a node has in its active view. */
  of(node: SimNode): SimNode[] {
    return (node.peer?.neighboursIn(this.topic) ?? []).flatMap((peer) => this.#byPeer.get(peer) ?? []);
  }

  /** Of the given nodes that are up: into how many parts their overlay falls, and the share in the largest. */
  parts(nodes: readonly SimNode[] = this.#world.nodes): { count: number; largest: number } {
    const parts = this.partsOf(nodes);
    const up = parts.reduce((sum, part) => sum + part.length, 0);
    return { count: parts.length, largest: up === 0 ? 0 : (parts[0]?.length ?? 0) / up };
  }

  /** The parts themselves, the largest first. */
  partsOf(nodes: readonly SimNode[]): SimNode[][] {
    const up = nodes.filter((node) => node.up);
    const edges = up.flatMap((node) => this.of(node).map((other) => [node.index, other.index] as const));
    const ids = up.map(({ index }) => index);
    return partsOf(ids, edges).map((part) => part.map((index) => this.#world.nodes[index]!));
  }

  #meet(node: SimNode): void {
    if (node.peerId !== undefined) this.#byPeer.set(node.peerId, node);
  }
}
