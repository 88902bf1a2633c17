/** The way of a message as a tree around its author: one ring a hop, early branches before late ones. */
import type { ScenarioOutcome } from '../scenario.ts';
import { html, type Markup } from './html.ts';

type Spread = ScenarioOutcome['spread'];

export const treeSize = 600;
const centre = treeSize / 2;
const radius = 286;
/** Shades by time, as the style sheet has them. */
const shades = 6;

export interface Tree {
  /** Authors; more than one where the way of the message is not known whole. */
  roots: number[];
  children: Map<number, number[]>;
  /** Hops from the author, by node. */
  hops: Map<number, number>;
  hopsMax: number;
}

/** Who got the message from somebody unknown, or in a circle, counts as an author. */
export function treeOf(ordered: Spread): Tree {
  const known = new Set(ordered.map(({ node }) => node));
  const children = new Map<number, number[]>();
  const tree: Tree = { roots: [], children, hops: new Map(), hopsMax: 0 };
  for (const { node, from } of ordered) {
    if (from === undefined || !known.has(from)) continue;
    const siblings = children.get(from);
    if (siblings === undefined) children.set(from, [node]);
    else siblings.push(node);
  }
  for (const { node, from } of ordered) {
    if (from === undefined || !known.has(from)) grow(tree, node);
  }
  for (const { node } of ordered) if (!tree.hops.has(node)) grow(tree, node);
  return tree;
}

function grow(tree: Tree, root: number): void {
  tree.roots.push(root);
  tree.hops.set(root, 0);
  for (let ring = [root], hop = 1; ring.length > 0; hop++) {
    const next: number[] = [];
    for (const node of ring) {
      for (const child of tree.children.get(node) ?? []) {
        if (tree.hops.has(child)) continue;
        tree.hops.set(child, hop);
        tree.hopsMax = Math.max(tree.hopsMax, hop);
        next.push(child);
      }
    }
    ring = next;
  }
}

/** @param ordered - By time. */
export function drawTree(ordered: Spread, tree: Tree): Markup {
  const { roots, hops } = tree;
  const angles = anglesOf(tree);
  const hopsMax = Math.max(1, tree.hopsMax);
  const reach = (node: number): number => {
    const hop = hops.get(node) ?? 0;
    return roots.length > 1 ? ((hop + 0.4) / (hopsMax + 0.4)) * radius : (hop / hopsMax) * radius;
  };
  const at = (node: number, distance: number): string => {
    const angle = angles.get(node) ?? 0;
    return `${(centre + distance * Math.cos(angle)).toFixed(1)} ${(centre + distance * Math.sin(angle)).toFixed(1)}`;
  };
  const branches = Array.from({ length: shades }, () => '');
  const dots = Array.from({ length: shades }, () => '');
  for (const [index, { node, from }] of ordered.entries()) {
    const shade = Math.floor((index / ordered.length) * shades);
    dots[shade] += `M${at(node, reach(node))}h.01`;
    if (from === undefined || hops.get(node) === 0) continue;
    const half = (reach(from) + reach(node)) / 2;
    branches[shade] +=
      `M${at(from, reach(from))}C${at(from, half)} ${at(node, half)} ${at(node, reach(node))}`;
  }
  const rings = Array.from(
    { length: hopsMax },
    (_, hop) =>
      html`<circle
        class="grid"
        cx="${centre}"
        cy="${centre}"
        r="${(((hop + 1) / hopsMax) * radius).toFixed(1)}"
      />`,
  );
  const size = Math.min(9, Math.max(2.4, 90 / Math.sqrt(ordered.length)));
  // The latest first: the early ones matter more and lie on top.
  const drawn = branches
    .map((data, index) => html`<path class="branch shade${index}" d="${data}" />`)
    .toReversed();
  const shown = dots
    .map(
      (data, index) =>
        html`<path class="leaf shade${index}" stroke-width="${size.toFixed(1)}" d="${data}" />`,
    )
    .toReversed();
  const authors = roots
    .slice(0, 1)
    .map((node) => html`<path class="author" d="M${at(node, reach(node))}h.01" />`);
  return html`${rings}${drawn}${shown}${authors}`;
}

/** Each node in the middle of its leaves. Without recursion: a chain may be as long as the network is large. */
function anglesOf({ roots, children, hops }: Tree): Map<number, number> {
  const order: number[] = [];
  // A link that closes a circle leads up again; it is no branch.
  const branches = (node: number): number[] =>
    (children.get(node) ?? []).filter((child) => (hops.get(child) ?? 0) === (hops.get(node) ?? 0) + 1);
  const stack = roots.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    order.push(node);
    stack.push(...branches(node).toReversed());
  }
  const leaves = order.filter((node) => branches(node).length === 0);
  const spans = new Map<number, { first: number; last: number }>();
  for (const [index, leaf] of leaves.entries()) {
    const angle = ((index + 0.5) / leaves.length) * 2 * Math.PI - Math.PI / 2;
    spans.set(leaf, { first: angle, last: angle });
  }
  for (const node of order.toReversed()) {
    const own = branches(node).flatMap((child) => spans.get(child) ?? []);
    const [first, last] = [own[0], own.at(-1)];
    if (first !== undefined && last !== undefined) spans.set(node, { first: first.first, last: last.last });
  }
  return new Map([...spans].map(([node, { first, last }]) => [node, (first + last) / 2]));
}
