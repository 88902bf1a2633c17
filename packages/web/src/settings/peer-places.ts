/** Where nodes stand in the picture of peers. Pure. */
import type { Peer } from '@kith/api/shapes';

/** More dots than this are a cloud; the rest is counted. */
export const drawnMax = 120;

export interface Placed {
  peer: Peer;
  x: number;
  y: number;
}

const rings = { near: 36, far: 66 } as const;
/** Places on a ring; a node takes the free one next to where its id points. */
const slots = { near: 24, far: 96 } as const;

/** @returns the linked and neighbouring ones first, each at a place that its id chooses. `left`: not drawn. */
export function placePeers(peers: readonly Peer[]): { placed: Placed[]; left: number } {
  const order = peers.toSorted((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
  const taken = { near: new Set<number>(), far: new Set<number>() };
  const placed: Placed[] = [];
  for (const peer of order.slice(0, drawnMax)) {
    const ring = rank(peer) <= 1 && taken.near.size < slots.near ? 'near' : 'far';
    const slot = freeSlot(hash(peer.id) % slots[ring], slots[ring], taken[ring]);
    if (slot === undefined) break;
    taken[ring].add(slot);
    const angle = (slot / slots[ring]) * 2 * Math.PI - Math.PI / 2;
    placed.push({ peer, x: Math.cos(angle) * rings[ring], y: Math.sin(angle) * rings[ring] });
  }
  return { placed, left: peers.length - placed.length };
}

function rank({ link, view }: Peer): number {
  if (link !== 'none') return 0;
  return view === 'active' ? 1 : view === 'passive' ? 2 : 3;
}

function freeSlot(wanted: number, count: number, taken: ReadonlySet<number>): number | undefined {
  for (let step = 0; step < count; step += 1) {
    const slot = (wanted + step) % count;
    if (!taken.has(slot)) return slot;
  }
  return undefined;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
