/** Every address this node contacted, and why: `kith doctor` shows it, and a test compares it. */
import type { DialReason } from '@kith/core/base/dial-reason';
import type { Contacted } from '../driver/adapters.ts';
import { contactedMax } from './limits.ts';

export class ContactedList {
  readonly #entries = new Map<string, Contacted>();

  /** The latest time counts. When full, the one not contacted for longest goes. */
  add(address: string, why: DialReason): void {
    const key = `${address} ${why}`;
    this.#entries.delete(key);
    this.#entries.set(key, { address, why, atWallMs: Date.now() });
    if (this.#entries.size <= contactedMax) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  list(): Contacted[] {
    return [...this.#entries.values()];
  }
}
