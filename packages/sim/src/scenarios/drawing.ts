/** Looks at a world now and then, for the drawing in the report. Looking changes nothing. */
import type { NodeState, Snapshot } from '../scenario.ts';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';

/** As many as a drawing has room for. */
const drawnMax = 2_000;

export interface View {
  /** How many nodes there will be: of more than 2,000 only every second, third … is drawn. */
  peers: number;
  /** What a node stands beside. Undefined: one circle without gaps. */
  groupOf?: (node: SimNode) => number;
  /** Undefined: `up` or `down`. */
  stateOf?: (node: SimNode) => NodeState | undefined;
  /** Undefined: whoever it has a link to. */
  linksOf?: (node: SimNode) => readonly SimNode[];
}

export class Drawing {
  readonly snapshots: Snapshot[] = [];
  readonly #world: World;
  readonly #view: View;
  readonly #stride: number;

  constructor(world: World, view: View) {
    this.#world = world;
    this.#view = view;
    this.#stride = Math.ceil(view.peers / drawnMax);
  }

  /** @param words - what has just happened. @param stateOf - for this look alone; undefined where it has no opinion. */
  look(words: string, stateOf?: (node: SimNode) => NodeState | undefined): void {
    const { nodes, nowMs } = this.#world;
    const drawn = nodes.filter(({ index }) => index % this.#stride === 0).slice(0, drawnMax);
    this.snapshots.push({
      atMs: nowMs,
      words,
      nodes: drawn.map((node) => {
        const links = node.up ? (this.#view.linksOf?.(node) ?? node.linked) : [];
        const seen = links.filter(({ index }) => index % this.#stride === 0).map(({ index }) => index);
        const group = this.#view.groupOf?.(node);
        return {
          id: node.index,
          state: stateOf?.(node) ?? this.#view.stateOf?.(node) ?? (node.up ? 'up' : 'down'),
          links: seen,
          ...(group === undefined ? {} : { group }),
        };
      }),
    });
  }
}
