/** When each node was last dialled for what was asked once: nobody is dialled twice in a row. */
import type { PeerId } from '../../base/ids.ts';

const rememberedMax = 256;

export class RecentReaches {
  /** The longest ago first. */
  #atMs = new Map<PeerId, number>();

  /** @returns machine time in ms; -Infinity where it is not remembered. */
  lastMs(remote: PeerId): number {
    return this.#atMs.get(remote) ?? -Infinity;
  }

  /** The one of longest ago makes room. */
  note(remote: PeerId, nowMs: number): void {
    this.#atMs.delete(remote);
    this.#atMs.set(remote, nowMs);
    const [oldest] = this.#atMs.keys();
    if (this.#atMs.size > rememberedMax && oldest !== undefined) this.#atMs.delete(oldest);
  }
}
