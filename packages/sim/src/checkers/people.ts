/** Who is who: checkers see nodes, and rows name people. */
import type { PersonId } from '@kith/core/base/ids';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';

export class People {
  readonly #nodeOf = new Map<PersonId, SimNode>();
  readonly #personOf = new Map<SimNode, PersonId>();

  /** Asks every node who it is, when it starts. */
  constructor(world: World) {
    const ask = (node: SimNode): void =>
      node.submit('status', {}, (outcome) => {
        if (!outcome.ok) return;
        this.#nodeOf.set(outcome.out.id, node);
        this.#personOf.set(node, outcome.out.id);
      });
    world.observe({ started: ask });
    for (const node of world.nodes) ask(node);
  }

  nodeOf(person: PersonId): SimNode | undefined {
    return this.#nodeOf.get(person);
  }

  personOf(node: SimNode): PersonId | undefined {
    return this.#personOf.get(node);
  }
}
