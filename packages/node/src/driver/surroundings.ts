/**
 * What the network has told and still holds, to be told again to a Peer that was rebuilt; and the numbers of
 * dials and receipts, which every Peer begins anew while the network's go on.
 */
import type { LinkId, PeerId } from '@kith/core/base/ids';
import type { NetworkInput } from './input-queue.ts';

/** Nodes heard on the LAN that are told again; more are found again by mDNS. */
export const lanRememberedMax = 256;

/** An event whose effect stands until another ends it. */
export type Standing = Extract<NetworkInput, { type: 'listening' | 'lanFound' | 'linkUp' }>;

export class Surroundings {
  #listening: Standing | undefined;
  #lan = new Map<PeerId, Standing>();
  #links = new Map<LinkId, Standing>();
  #receipts = new Map<LinkId, { base: number; last: number }>();
  #dialBase = 0;
  #dialLast = 0;

  /** Takes note of an event that is about to be handled. */
  note(input: NetworkInput): void {
    switch (input.type) {
      case 'listening':
        this.#listening = input;
        return;
      case 'lanFound':
        if (this.#lan.size < lanRememberedMax || this.#lan.has(input.remote))
          this.#lan.set(input.remote, input);
        return;
      case 'lanLost':
        this.#lan.delete(input.remote);
        return;
      case 'linkUp':
        this.#links.set(input.link, input);
        return;
      case 'linkDown':
        this.#links.delete(input.link);
        this.#receipts.delete(input.link);
        return;
      case 'frame':
      case 'flushed':
      case 'dialFailed':
    }
  }

  /** The events that bring a new Peer to where the network is. From now on its numbers count from one. */
  replay(): Standing[] {
    this.#dialBase = this.#dialLast;
    for (const receipt of this.#receipts.values()) receipt.base = receipt.last;
    const first = this.#listening === undefined ? [] : [this.#listening];
    return [...first, ...this.#lan.values(), ...this.#links.values()];
  }

  /** The network's number for a dial of this Peer. */
  dialNumber(dial: number): number {
    this.#dialLast = Math.max(this.#dialLast, this.#dialBase + dial);
    return this.#dialBase + dial;
  }

  /** The network's number for a receipt that this Peer asks for. */
  receiptNumber(link: LinkId, receipt: number): number {
    const numbers = this.#receipts.get(link) ?? { base: 0, last: 0 };
    numbers.last = Math.max(numbers.last, numbers.base + receipt);
    this.#receipts.set(link, numbers);
    return numbers.base + receipt;
  }

  /** The event in this Peer's own numbers, or undefined where it answers a Peer before it. */
  forThisPeer(input: NetworkInput): NetworkInput | undefined {
    if (input.type === 'dialFailed') {
      return input.dial > this.#dialBase ? { ...input, dial: input.dial - this.#dialBase } : undefined;
    }
    if (input.type === 'flushed') {
      const receipt = input.receipt - (this.#receipts.get(input.link)?.base ?? 0);
      return receipt > 0 ? { ...input, receipt } : undefined;
    }
    return input;
  }
}
