/** Who knows where whom can be dialled: what is left of a network when its links are gone. */
import type { PeerId } from '@kith/core/base/ids';
import { decodeStored } from '@kith/core/protocol/discovery/anchors';
import { partsOf } from '../graph.ts';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';

/** Where the Peer keeps its anchors. */
const storedSetting = 'mesh';
/** A moment: asking takes no longer than an answer of each node. */
const answerMs = 1_000;

/**
 * The nodes that are up, in parts: two are in the same where one of them knows a live address of the other, by a record
 * or because it was linked to it. The largest first. Not from within an event of the world.
 */
export function acquaintedParts(world: World): SimNode[][] {
  const up = world.nodes.filter((node) => node.up);
  const edges: [number, number][] = [];
  for (const [node, others] of known(world, up)) {
    for (const other of others) edges.push([node.index, other.index]);
  }
  const ids = up.map(({ index }) => index);
  return partsOf(ids, edges).map((part) => part.map((index) => world.nodes[index]!));
}

/**
 * Those of the nodes that know an address at which somebody is now: of a node, of whoever answered there before the
 * restart, or one that their person gave. Who knows none cannot find anybody. Not from within an event of the world.
 */
export function whoKnowSomebody(world: World, nodes: readonly SimNode[]): Set<SimNode> {
  const live = new Set(world.nodes.filter(({ up }) => up).flatMap(({ addresses }) => addresses));
  const knowing = new Set<SimNode>();
  for (const [node, others] of known(world, nodes)) {
    const stored = node.store.setting(storedSetting);
    const anchors = (stored === undefined ? undefined : decodeStored(stored))?.anchors ?? [];
    const given = [...(node.options.bootstrap ?? []), ...anchors.flatMap(({ addresses }) => addresses)];
    if (others.size > 0 || given.some((each) => live.has(each))) knowing.add(node);
  }
  return knowing;
}

/** Of each node: who is up and where it thinks. */
function known(world: World, nodes: readonly SimNode[]): Map<SimNode, Set<SimNode>> {
  const byPeer = new Map<PeerId, SimNode>();
  for (const node of world.nodes) if (node.peerId !== undefined) byPeer.set(node.peerId, node);
  const found = new Map<SimNode, Set<SimNode>>(nodes.map((node) => [node, new Set()]));
  let waiting = nodes.length;
  for (const node of nodes) {
    node.submit('peers', {}, (outcome) => {
      waiting--;
      if (!outcome.ok) return;
      for (const { id, addresses } of outcome.out) {
        const other = byPeer.get(id);
        if (other !== undefined && addresses.some((each) => other.addresses.includes(each))) {
          found.get(node)?.add(other);
        }
      }
    });
  }
  if (!world.runUntil(() => waiting === 0, answerMs)) {
    world.violate('knowledge', `${waiting} nodes do not say whom they know`);
  }
  return found;
}
