/**
 * The overlay as a ring: each node keeps its place through all snapshots, beside those of its group, and links are
 * arcs across. A circle without a centre, as the network is; where a group is cut off, the arcs to it are missing.
 *
 * Dots are strokes without length and with round ends, one path a state, so that 2,000 nodes weigh 24 KiB.
 */
import type { NodeState, Snapshot } from '../scenario.ts';
import { html, type Markup } from './html.ts';
import { stateNames, type SnapshotFacts } from './snapshot-facts.ts';

/** Side of the drawing in its own units. */
export const ringSize = 1_000;
const centre = ringSize / 2;
const radius = 462;
/** More nodes than this need a second row, and so on. */
const rowNodesMax = 360;
const rowStep = 13;
/** Between two groups, in places of a node, at least; and the share of the circle that all gaps take. */
const gapShare = 0.06;
/** How far an arc bends to the middle (1 is straight, 0 through the centre): that of neighbours, and less for each further. */
const bendNear = 0.9;
const bendFall = 0.62;

export interface Place {
  x: number;
  y: number;
}

/** Where every node that stands in any of the snapshots is drawn. */
export function placesOf(snapshots: readonly Snapshot[]): Map<number, Place> {
  const groups = new Map<number, number>();
  for (const { nodes } of snapshots) {
    for (const { id, group } of nodes) {
      if (!groups.has(id) || (groups.get(id) === -1 && group !== undefined)) groups.set(id, group ?? -1);
    }
  }
  const ordered = [...groups].toSorted(([one, groupOne], [other, groupOther]) =>
    groupOne === groupOther ? one - other : groupOne - groupOther,
  );
  const groupCount = new Set(groups.values()).size;
  const gaps = groupCount > 1 && groupCount <= 60 ? groupCount : 0;
  const gap = gaps === 0 ? 0 : Math.max(0.5, (ordered.length * gapShare) / gaps);
  const rows = Math.ceil(ordered.length / rowNodesMax);
  const total = ordered.length + gap * gaps;
  const places = new Map<number, Place>();
  let at = 0;
  let before: number | undefined;
  for (const [index, [id, group]] of ordered.entries()) {
    if (before !== undefined && group !== before && gaps > 0) at += gap;
    before = group;
    const angle = (at / total) * 2 * Math.PI - Math.PI / 2;
    const reach = radius - (index % rows) * rowStep;
    places.set(id, { x: centre + reach * Math.cos(angle), y: centre + reach * Math.sin(angle) });
    at += 1;
  }
  return places;
}

/** Diameter of a dot, so that neighbours on a row do not touch. */
function dotSize(count: number): number {
  const room = (2 * Math.PI * radius) / Math.max(1, Math.min(count, rowNodesMax));
  return Math.min(26, Math.max(5, room * 0.62));
}

export interface RingDrawing {
  id: string;
  snapshot: Snapshot;
  facts: SnapshotFacts;
  places: ReadonlyMap<number, Place>;
  edgesMax: number;
}

/** One snapshot as a group to be used by its id, and the share of the links that it shows. */
export function drawRing(drawing: RingDrawing): { markup: Markup; shownShare: number } {
  const { id, snapshot, facts, places, edgesMax } = drawing;
  const states = new Map(snapshot.nodes.map((node) => [node.id, node.state]));
  const shownShare = Math.min(1, edgesMax / Math.max(1, facts.edges.length));
  const edges = facts.edges.filter((edge) => chanceOf(edge) < shownShare);
  // Strokes of one path do not darken each other, so the arcs of each node are a path of their own.
  const paths = new Map<string, { kind: string; data: string }>();
  for (const [one, other] of edges) {
    const [from, to] = [places.get(one), places.get(other)];
    if (from === undefined || to === undefined) continue;
    const kind = edgeKind(states.get(one), states.get(other));
    const path = paths.get(`${kind} ${one}`) ?? { kind, data: '' };
    path.data += arc(from, to);
    paths.set(`${kind} ${one}`, path);
  }
  const strength = Math.min(0.75, Math.max(0.13, 6.5 / Math.sqrt(edges.length + 1)));
  const width = edges.length > 1_500 ? 1 : edges.length > 300 ? 1.4 : 2.2;
  const arcs = ['plain', 'reached', 'parted', 'hostile'].map((kind) => {
    const own = [...paths.values()].filter((path) => path.kind === kind);
    if (own.length === 0) return html``;
    return html`<g class="arcs ${kind}" stroke-opacity="${strength.toFixed(3)}" stroke-width="${width}"
      >${own.map(({ data }) => html`<path d="${data}" />`)}</g
    >`;
  });
  const size = dotSize(places.size);
  const dots = stateNames.map((state) => drawDots(state, size, { snapshot, places }));
  return { markup: html`<g id="${id}">${arcs}${dots}</g>`, shownShare };
}

function drawDots(
  state: NodeState,
  size: number,
  { snapshot, places }: Pick<RingDrawing, 'snapshot' | 'places'>,
): Markup {
  const data = snapshot.nodes
    .filter((node) => node.state === state)
    .map(({ id }) => {
      const place = places.get(id);
      return place === undefined ? '' : `M${tenth(place.x)} ${tenth(place.y)}h.01`;
    })
    .join('');
  if (data === '') return html``;
  const dot = html`<path class="dots ${state}" stroke-width="${size.toFixed(1)}" d="${data}" />`;
  if (state !== 'down') return dot;
  // Hollow: what is down differs in form too.
  return html`${dot}<path class="dots hole" stroke-width="${(size * 0.55).toFixed(1)}" d="${data}" />`;
}

function edgeKind(one: NodeState | undefined, other: NodeState | undefined): string {
  for (const state of ['hostile', 'parted'] as const) if (one === state || other === state) return state;
  return one === 'reached' && other === 'reached' ? 'reached' : 'plain';
}

function arc(from: Place, to: Place): string {
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const distance = Math.hypot(from.x - to.x, from.y - to.y) / (2 * radius);
  const bend = bendNear - bendFall * distance;
  const x = centre + (middle.x - centre) * bend;
  const y = centre + (middle.y - centre) * bend;
  return `M${whole(from.x)} ${whole(from.y)}Q${whole(x)} ${whole(y)} ${whole(to.x)} ${whole(to.y)}`;
}

/** In [0, 1), the same for the same link in every snapshot, so that what is left out does not flicker. */
function chanceOf([one, other]: readonly [number, number]): number {
  let mixed = Math.imul(one + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(other + 0x7f4a7c15, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function whole(value: number): string {
  return String(Math.round(value));
}
