/** Whose processor works now, and what that costs it in virtual time. */
import type { CryptoBackend } from '@kith/core/crypto/backend';

export interface Worker {
  /** The node is busy for so long from now on. */
  work(ms: number): void;
}

/** Milliseconds of one operation. */
export type Prices = Partial<Record<keyof CryptoBackend, number>>;

/**
 * Of libsodium and OpenSSL on the machine the goals were set on (two shared cores of 2026, native backend); rounded
 * up.
 */
export const nativePrices: Prices = {
  ed25519KeyPair: 0.03,
  ed25519Sign: 0.03,
  ed25519Verify: 0.07,
  x25519KeyPair: 0.02,
  x25519: 0.05,
  mlkem768KeyPair: 0.08,
  mlkem768Encapsulate: 0.06,
  mlkem768Decapsulate: 0.1,
};

export class Meter {
  /** Who is at work; undefined between the turns of nodes. */
  worker: Worker | undefined;
  /** All that was charged, also while nobody was at work. */
  chargedMs = 0;

  charge(ms: number): void {
    this.chargedMs += ms;
    this.worker?.work(ms);
  }
}
