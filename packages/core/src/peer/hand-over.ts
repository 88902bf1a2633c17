/**
 * Which items the operating system took: the receipts of each link, and the items that may be called `sent`.
 * A commit for each `sent` alone would cost as much as the message: it waits a moment for company.
 */
import type { LinkId } from '../base/ids.ts';

/** How long `sent` may wait for another commit. A guess: people do not see it. */
const sentDelayMsMax = 50;

export class HandOver {
  /** By link: the next receipt, and the item of each that is not handed over yet. */
  #receipts = new Map<LinkId, { next: number; items: Map<number, string> }>();
  /** Handed over since `#sinceMs`, not said yet. At most what the outbox has on its way. */
  #handed = new Set<string>();
  #sinceMs = 0;

  /** Notes that an item goes out over a link. @returns the receipt to send it with. */
  sending(link: LinkId, item: string): number {
    const waiting = this.#receipts.get(link) ?? { next: 1, items: new Map<number, string>() };
    this.#receipts.set(link, waiting);
    const receipt = waiting.next++;
    waiting.items.set(receipt, item);
    return receipt;
  }

  /** Frames up to `receipt` of that link were handed over. */
  flushed(link: LinkId, receipt: number, nowMs: number): void {
    const waiting = this.#receipts.get(link);
    if (waiting === undefined) return;
    for (const [each, item] of waiting.items) {
      if (each > receipt) break;
      waiting.items.delete(each);
      if (this.#handed.size === 0) this.#sinceMs = nowMs;
      this.#handed.add(item);
    }
  }

  linkDown(link: LinkId): void {
    this.#receipts.delete(link);
  }

  /** When what was handed over must be said at the latest; Infinity where there is nothing. */
  dueMs(): number {
    return this.#handed.size === 0 ? Infinity : this.#sinceMs + sentDelayMsMax;
  }

  /** Takes everything handed over. */
  takeAll(): string[] {
    const items = [...this.#handed];
    this.#handed.clear();
    return items;
  }

  /** Takes one item. @returns whether it was handed over and not said. */
  take(item: string): boolean {
    return this.#handed.delete(item);
  }
}
