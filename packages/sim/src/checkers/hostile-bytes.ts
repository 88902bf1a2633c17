/**
 * Invariant 7: one peer's bytes never crash a node, and never change state before they are authenticated and valid.
 *
 * Any fault of a Peer of ours counts, whoever caused it. Of frames that were made to be refused the Peer may only say
 * what costs nothing durable: answers, a closed link, and the events that a neighbour and a contact are gone. Where it closes the
 * link, it looks at who is left, and so may choose its anchors anew among them: that is due by the clock, and nothing in the frame.
 */
import type { PeerInput, PeerOutput } from '@kith/core/peer/contract';
import type { SimNode } from '../world/sim-node.ts';
import type { World } from '../world/world.ts';

const name = 'hostile-bytes';
const goneEvents: ReadonlySet<string> = new Set(['peer', 'contact']);
/** Who is no neighbour any longer is remembered as one that was. */
const goneTables: ReadonlySet<string> = new Set(['passive view']);
/** What hangs on who is linked, and where it is kept. */
const linkedTables: ReadonlySet<string> = new Set(['anchors']);
const linkedSettings: ReadonlySet<string> = new Set(['mesh']);

/** Frames that nobody may believe, known by identity: only who made a frame can mark it. */
export class JunkFrames {
  readonly #frames = new WeakSet<Uint8Array>();

  mark(frame: Uint8Array): Uint8Array {
    this.#frames.add(frame);
    return frame;
  }

  has(frame: Uint8Array): boolean {
    return this.#frames.has(frame);
  }
}

export class HostileBytes {
  readonly #world: World;
  readonly #junk: JunkFrames;
  #before: Record<string, number> | undefined;
  /** Marked frames that reached a Peer. */
  refused = 0;

  constructor(world: World, junk: JunkFrames) {
    this.#world = world;
    this.#junk = junk;
    world.observe({
      input: (node, input) => {
        this.#before = this.#isJunk(input) ? node.peer?.sizes() : undefined;
      },
      said: (node, input, outputs) => {
        if (input === undefined || !this.#isJunk(input)) return;
        this.refused++;
        this.#unchanged(node, outputs);
      },
      logged: (node, { code, detail }) => {
        if (code === 'batch-failed' && detail['code'] === 'internal') {
          world.violate(name, `${node.name} failed in a batch: ${String(detail['cause'])}`);
        }
        if (code === 'gave-up' && detail['code'] === 'internal') world.violate(name, `${node.name} gave up`);
      },
    });
  }

  #isJunk(input: PeerInput): boolean {
    return input.type === 'frame' && this.#junk.has(input.frame);
  }

  #unchanged(node: SimNode, outputs: readonly PeerOutput[]): void {
    const isClosed = outputs.some(({ type }) => type === 'close');
    for (const output of outputs) {
      if (output.type !== 'store') continue;
      const { write } = output;
      if (write.op === 'addEvent' && goneEvents.has(write.row.event)) continue;
      if (isClosed && write.op === 'putSetting' && linkedSettings.has(write.key)) continue;
      this.#world.violate(name, `${node.name} stored (${write.op}) for a frame that it should have refused`);
    }
    for (const [what, size] of Object.entries(node.peer?.sizes() ?? {})) {
      // The link may be closed for it, which also moves what hangs on links.
      if (size <= (this.#before?.[what] ?? 0) || goneTables.has(what)) continue;
      if (isClosed && linkedTables.has(what)) continue;
      this.#world.violate(name, `${node.name}: ${what} grew by a frame that it should have refused`);
    }
  }
}
