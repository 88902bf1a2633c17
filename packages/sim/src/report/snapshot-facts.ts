/** What can be said of a snapshot in numbers: for those who do not see the drawing, and for those who do. */
import { partSizes } from '../graph.ts';
import type { NodeState, Snapshot } from '../scenario.ts';
import { number } from '../terminal/words.ts';

export interface SnapshotFacts {
  nodes: number;
  states: Record<NodeState, number>;
  /** Pairs of nodes that are not down and are linked in at least one direction. */
  edges: [number, number][];
  /** Of the nodes that are neither down nor hostile: the share in the largest part that links between them connect. */
  largestPart: number;
  /** Into how many parts links between those nodes divide them. */
  parts: number;
  meanLinks: number;
}

const stateWords: Record<NodeState, string> = {
  up: 'up',
  reached: 'reached by the message',
  parted: 'cut off',
  hostile: 'hostile',
  down: 'down',
};

/** In the order of legends. */
export const stateNames: readonly NodeState[] = ['up', 'reached', 'parted', 'hostile', 'down'];

export function wordsOf(state: NodeState): string {
  return stateWords[state];
}

export function factsOf({ nodes }: Snapshot): SnapshotFacts {
  const states: Record<NodeState, number> = { up: 0, reached: 0, parted: 0, hostile: 0, down: 0 };
  const stateOf = new Map<number, NodeState>();
  for (const { id, state } of nodes) {
    states[state] += 1;
    stateOf.set(id, state);
  }
  const isAlive = (id: number): boolean => (stateOf.get(id) ?? 'down') !== 'down';
  const edges: [number, number][] = [];
  const seen = new Set<string>();
  for (const { id, links } of nodes) {
    for (const other of links) {
      if (id === other || !isAlive(id) || !isAlive(other)) continue;
      const [low, high] = id < other ? [id, other] : [other, id];
      const key = `${low} ${high}`;
      if (seen.has(key)) continue;
      seen.add(key);
      edges.push([low, high]);
    }
  }
  const honest = nodes.filter(({ state }) => state !== 'down' && state !== 'hostile').map(({ id }) => id);
  const sizes = partSizes(honest, edges);
  const alive = nodes.length - states.down;
  return {
    nodes: nodes.length,
    states,
    edges,
    largestPart: honest.length === 0 ? 0 : (sizes[0] ?? 0) / honest.length,
    parts: sizes.length,
    meanLinks: alive === 0 ? 0 : (2 * edges.length) / alive,
  };
}

/** The drawing in a sentence or three. */
export function describe(facts: SnapshotFacts): string {
  const { nodes, states, edges, largestPart, parts, meanLinks } = facts;
  const present = stateNames
    .filter((state) => states[state] > 0)
    .map((state) => `${number(states[state])} ${stateWords[state]}`);
  const whole =
    parts <= 1
      ? 'all honest ones hang together'
      : `the honest ones fall into ${number(parts)} parts, the largest of which holds ${number(largestPart * 100)} %`;
  const links = `${number(edges.length)} links, ${number(Number(meanLinks.toFixed(1)))} a node that is not down`;
  return `${number(nodes)} nodes: ${present.join(', ')}. ${links}; ${whole}.`;
}
