/**
 * Nodes that signed two records under one number, with the proof. Bounded: the oldest conviction goes. Who makes keys
 * for nothing can push one out, and gains no more than with a new key.
 */
import type { PeerId } from '../../base/ids.ts';

export const convictionsMax = 64;

export class Convictions {
  /** Oldest first. */
  #proofs = new Map<PeerId, Uint8Array>();

  get size(): number {
    return this.#proofs.size;
  }

  has(peer: PeerId): boolean {
    return this.#proofs.has(peer);
  }

  /** @param proof - as `encodeProof` of crypto/record made it. */
  add(peer: PeerId, proof: Uint8Array): void {
    this.#proofs.set(peer, proof);
    const [oldest] = this.#proofs.keys();
    if (this.#proofs.size > convictionsMax && oldest !== undefined) this.#proofs.delete(oldest);
  }

  /** At most {@link convictionsMax}, oldest first. */
  list(): { peer: PeerId; proof: Uint8Array }[] {
    return [...this.#proofs].map(([peer, proof]) => ({ peer, proof }));
  }
}
