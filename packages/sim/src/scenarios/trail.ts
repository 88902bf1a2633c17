/** Follows broadcasts from node to node: who had it when, and from whom. */
import { hex } from '@kith/core/base/bytes';
import type { PeerInput, PeerOutput } from '@kith/core/peer/contract';
import type { ScenarioOutcome } from '../scenario.ts';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';

/** Names one broadcast. */
export interface BroadcastName {
  author: Uint8Array;
  sequence: number;
}

export interface Arrival {
  node: SimNode;
  from: SimNode | undefined;
  atMs: number;
}

export class Trail {
  readonly #world: World;
  /** By author and number, in the order of time. */
  readonly #arrivals = new Map<string, Arrival[]>();

  /** Before the nodes are added. */
  constructor(world: World) {
    this.#world = world;
    world.observe({ said: (node, input, outputs) => this.#said(node, input, outputs) });
  }

  /** A node published it just now. */
  begin(node: SimNode, id: BroadcastName): void {
    this.#arrivals.set(keyOf(id), [{ node, from: undefined, atMs: this.#world.nowMs }]);
  }

  /** Everybody who has it, the author first. */
  of(id: BroadcastName): readonly Arrival[] {
    return this.#arrivals.get(keyOf(id)) ?? [];
  }

  /** What the report draws of it. */
  spread(id: BroadcastName): ScenarioOutcome['spread'] {
    const arrivals = this.of(id);
    const startMs = arrivals[0]?.atMs ?? 0;
    return arrivals.map(({ node, from, atMs }) => ({
      node: node.index,
      from: from?.index,
      atMs: atMs - startMs,
    }));
  }

  #said(node: SimNode, input: PeerInput | undefined, outputs: readonly PeerOutput[]): void {
    for (const output of outputs) {
      if (output.type !== 'broadcast') continue;
      const remote = input?.type === 'frame' ? node.network?.remoteOf(input.link) : undefined;
      const from = remote === undefined ? undefined : this.#world.nodeOn(remote.host);
      this.#arrivals.get(keyOf(output))?.push({ node, from, atMs: this.#world.nowMs });
    }
  }
}

function keyOf({ author, sequence }: BroadcastName): string {
  return `${hex(author)} ${sequence}`;
}
