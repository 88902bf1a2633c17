/**
 * Invariant 3, for the replicas there are: all who follow a topic hold the same broadcasts some time after a heal, each
 * once, and none that nobody published.
 */
import { hex } from '@kith/core/base/bytes';
import type { Commands } from '@kith/core/peer/contract';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';

const name = 'topic-sets';

interface Follower {
  sinceMs: number;
  held: Map<string, number>;
}

interface Published {
  id: string;
  by: SimNode;
  atMs: number;
}

export class TopicSets {
  readonly #world: World;
  readonly #followers = new Map<string, Map<SimNode, Follower>>();
  readonly #published = new Map<string, Map<string, Published>>();

  constructor(world: World) {
    this.#world = world;
    world.observe({
      answered: (node, command) => this.#answered(node, command),
      broadcast: (node, { topic, author, sequence }) => this.#hold(node, hex(topic), idOf(author, sequence)),
      ended: (node) => {
        for (const followers of this.#followers.values()) followers.delete(node);
      },
    });
  }

  /** When each follower got it, virtual ms since it was published: for figures. */
  arrivals(topic: string, id: string): { node: SimNode; afterMs: number }[] {
    const published = this.#published.get(topic)?.get(id);
    const followers = this.#followers.get(topic);
    if (published === undefined || followers === undefined) return [];
    return [...followers].flatMap(([node, { held }]) => {
      const atMs = held.get(id);
      return atMs === undefined ? [] : [{ node, afterMs: atMs - published.atMs }];
    });
  }

  /**
   * What must hold once everything had its time: everybody who follows since before it was published holds it.
   *
   * @param judged - of whom this is expected; undefined: of all that are up.
   */
  finish(judged?: ReadonlySet<SimNode>): void {
    for (const [topic, followers] of this.#followers) {
      for (const [node, { sinceMs, held }] of followers) {
        if (judged?.has(node) === false) continue;
        const due = [...(this.#published.get(topic)?.values() ?? [])].filter(({ atMs }) => atMs >= sinceMs);
        const missing = due.filter(({ id }) => !held.has(id)).length;
        if (missing === 0) continue;
        this.#world.violate(name, `${node.name} misses ${missing} of ${due.length} broadcasts of ${topic}`);
      }
    }
  }

  #answered(
    node: SimNode,
    { name: command, input, out }: { name: string; input: object; out: object },
  ): void {
    if (!('topic' in input) || typeof input.topic !== 'string') return;
    const { topic } = input;
    if (command === 'follow') this.#of(topic).set(node, { sinceMs: this.#world.nowMs, held: new Map() });
    if (command === 'unfollow') this.#of(topic).delete(node);
    if (command !== 'publish') return;
    const { author, sequence } = out as Commands['publish']['out'];
    const id = idOf(author, sequence);
    const published = this.#published.get(topic) ?? new Map<string, Published>();
    this.#published.set(topic, published.set(id, { id, by: node, atMs: this.#world.nowMs }));
    this.#of(topic).get(node)?.held.set(id, this.#world.nowMs);
  }

  #hold(node: SimNode, topic: string, id: string): void {
    if (this.#published.get(topic)?.has(id) !== true) {
      this.#world.violate(name, `${node.name} got ${id} of ${topic}, which nobody published`);
    }
    const held = this.#of(topic).get(node)?.held;
    if (held === undefined) {
      this.#world.violate(name, `${node.name} got ${id} of ${topic}, which it does not follow`);
      return;
    }
    if (held.has(id)) this.#world.violate(name, `${node.name} got ${id} of ${topic} twice`);
    held.set(id, this.#world.nowMs);
  }

  #of(topic: string): Map<SimNode, Follower> {
    const followers = this.#followers.get(topic) ?? new Map<SimNode, Follower>();
    this.#followers.set(topic, followers);
    return followers;
  }
}

/** How a broadcast is named here. */
export function idOf(author: Uint8Array, sequence: number): string {
  return `${hex(author)}/${sequence}`;
}
