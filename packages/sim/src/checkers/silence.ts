/**
 * Invariant 4, as far as there are no communities yet: whom our person blocked or removed hears nothing more by
 * which people talk. (Permissions of members, the other half of the invariant, need members.)
 */
import type { ContactState, StoreWrite } from '@kith/core/base/store';
import type { PeerOutput } from '@kith/core/peer/contract';
import { frameTypes } from '@kith/core/wire/frame-type';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';
import type { People } from './people.ts';

const name = 'silence';
const talk: ReadonlySet<number> = new Set([frameTypes.envelope, frameTypes.request, frameTypes.handshake]);

export class Silence {
  readonly #world: World;
  readonly #people: People;
  /** By node: people it has nothing more to say to, and why. */
  readonly #silent = new Map<SimNode, Map<string, 'blocked' | 'removed'>>();
  /** Frames that were looked at: so that a run in which nobody talked is told from a good one. */
  looked = 0;

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
    world.observe({
      committed: (node, writes) => {
        for (const write of writes) this.#note(node, write);
      },
      said: (node, _, outputs) => {
        if (this.#silent.size > 0) for (const output of outputs) this.#look(node, output);
      },
    });
  }

  #note(node: SimNode, write: StoreWrite): void {
    if (write.op === 'putContact') this.#set(node, write.row.person, write.row.state);
    if (write.op === 'removeContact') this.#set(node, write.person, 'removed');
  }

  #set(node: SimNode, person: string, state: ContactState | 'removed'): void {
    const silent = this.#silent.get(node) ?? new Map<string, 'blocked' | 'removed'>();
    if (state === 'blocked' || state === 'removed') this.#silent.set(node, silent.set(person, state));
    else silent.delete(person);
  }

  #look(node: SimNode, output: PeerOutput): void {
    if (output.type !== 'send' || !talk.has(output.frame[0]!)) return;
    this.looked++;
    const host = node.network?.remoteOf(output.link)?.host;
    const other = host && this.#world.nodeOn(host);
    const person = other && this.#people.personOf(other);
    const why = person === undefined ? undefined : this.#silent.get(node)?.get(person);
    if (why !== undefined) this.#world.violate(name, `${node.name} spoke to ${other?.name}, who is ${why}`);
  }
}
