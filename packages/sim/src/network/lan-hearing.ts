/** mDNS as the real adapter tells of it: whom a node hears on its wire, and whom it misses there. */
import type { PeerId } from '@kith/core/base/ids';
import { type Internet, lanTtlMs } from './internet.ts';
import { Later } from './link-end.ts';
import type { SimNetwork } from './sim-network.ts';

/** A farewell is heard so soon. */
const farewellMs = 20;

/** Told of what is heard. */
export interface LanEvents {
  found(other: SimNetwork): void;
  lost(other: SimNetwork): void;
}

export class LanHearing {
  readonly #internet: Internet;
  readonly #network: SimNetwork;
  readonly #events: LanEvents;
  readonly #heard = new Map<PeerId, SimNetwork>();

  constructor(internet: Internet, network: SimNetwork, events: LanEvents) {
    this.#internet = internet;
    this.#network = network;
    this.#events = events;
  }

  /** Who is on the wire hears of us, and we of them. */
  announce(): void {
    for (const { network: other } of this.#internet.neighbours(this.#network.host)) {
      if (other === undefined || !other.isRunning) continue;
      this.#hear(other);
      other.lan.#hear(this.#network);
    }
  }

  /** After a cut: whoever cannot be heard any more is lost in time. */
  missNeighbours(): void {
    for (const other of this.#heard.values()) {
      if (this.#internet.isCut(other.host, this.#network.host)) this.#miss(other, lanTtlMs);
    }
  }

  /** Our node is gone: who heard of it misses it, sooner when it could say so. */
  leave(how: 'with a farewell' | 'without'): void {
    const afterMs = how === 'without' ? lanTtlMs : farewellMs;
    for (const other of this.#heard.values()) other.lan.#miss(this.#network, afterMs);
  }

  #hear(other: SimNetwork): void {
    this.#later(this.#internet.random.between(20, 300), () => {
      if (!other.isRunning || this.#internet.isCut(other.host, this.#network.host)) return;
      this.#heard.set(other.self, other);
      this.#events.found(other);
    });
  }

  /** Nothing was heard of a neighbour for as long as its last announcement holds. */
  #miss(other: SimNetwork, afterMs: number): void {
    this.#later(afterMs, () => {
      if (other.isRunning && !this.#internet.isCut(other.host, this.#network.host)) return;
      if (this.#heard.delete(other.self)) this.#events.lost(other);
    });
  }

  #later(delayMs: number, run: () => void): void {
    this.#internet.world.plan(delayMs, new Later(run));
  }
}
