/** Who knows where whom can be dialled: what is left of a network when its links are gone. */
import type { PeerId } from '@kith/core/base/ids';
import { partsOf } from '../graph.ts';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';

/** A moment: asking takes no longer than an answer of each node. */
const answerMs = 1_000;

/**
 * The nodes that are up, in parts: two are in the same where one of them knows a live address of the other, by a record
 * or because it was linked to it. The largest first. Not from within an event of the world.
 */
export function acquaintedParts(world: World): SimNode[][] {
  const up = world.nodes.filter((node) => node.up);
  const byPeer = new Map<PeerId, SimNode>();
  for (const node of up) if (node.peerId !== undefined) byPeer.set(node.peerId, node);
  const edges: [number, number][] = [];
  let waiting = up.length;
  for (const node of up) {
    node.submit('peers', {}, (outcome) => {
      waiting--;
      if (!outcome.ok) return;
      for (const { id, addresses } of outcome.out) {
        const other = byPeer.get(id);
        if (other === undefined || !addresses.some((each) => other.addresses.includes(each))) continue;
        edges.push([node.index, other.index]);
      }
    });
  }
  if (!world.runUntil(() => waiting === 0, answerMs)) {
    world.violate('knowledge', `${waiting} nodes do not say whom they know`);
  }
  const ids = up.map(({ index }) => index);
  return partsOf(ids, edges).map((part) => part.map((index) => world.nodes[index]!));
}
