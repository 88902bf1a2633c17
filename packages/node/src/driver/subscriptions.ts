/**
 * Who watches events, and how far each has come. Nothing is buffered: who is behind reads from the store, page
 * by page, and who has caught up is told as events are committed.
 *
 * Invariants: each listener hears every event above its `since` that is still stored, once, in order of `seq`;
 * none is heard before it is durable.
 */
import { KithError } from '@kith/core/base/errors';
import type { EventRow, Store } from '@kith/core/base/store';

/** More watchers at once are refused `busy`. */
export const subscriptionsMax = 256;

// A page a turn of the loop: a watcher that begins far behind must not hold up messages.
const pageRows = 200;

interface Subscription {
  /** The highest seq it was told. */
  cursor: number;
  listener: (row: EventRow) => void;
}

export interface SubscriptionsParts {
  store: Pick<Store, 'events'>;
  /** Runs later, outside a transaction. */
  soon: (run: () => void) => void;
  /** A listener threw: it is told no more. */
  onThrown: (cause: unknown) => void;
}

export class Subscriptions {
  readonly #parts: SubscriptionsParts;
  readonly #current = new Set<Subscription>();
  readonly #behind = new Set<Subscription>();
  #scheduled = false;

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
  }

  /** @returns ends it; safe to call twice. @throws KithError `busy`. */
  add(since: number, listener: (row: EventRow) => void): () => void {
    if (this.#current.size + this.#behind.size >= subscriptionsMax) throw new KithError('busy');
    const subscription = { cursor: since, listener };
    this.#behind.add(subscription);
    this.#schedule();
    return () => this.#end(subscription);
  }

  /** Tells a committed event to those who have heard all before it. */
  announce(row: EventRow): void {
    for (const subscription of this.#current) this.#tell(subscription, row);
  }

  clear(): void {
    this.#current.clear();
    this.#behind.clear();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#parts.soon(() => {
      this.#scheduled = false;
      for (const subscription of this.#behind) this.#page(subscription);
      if (this.#behind.size > 0) this.#schedule();
    });
  }

  #page(subscription: Subscription): void {
    try {
      const rows = this.#parts.store.events(subscription.cursor, pageRows);
      for (const row of rows) this.#tell(subscription, row);
      if (rows.length === pageRows || !this.#behind.delete(subscription)) return;
      this.#current.add(subscription);
    } catch (cause) {
      this.#end(subscription);
      this.#parts.onThrown(cause);
    }
  }

  #tell(subscription: Subscription, row: EventRow): void {
    const listening = this.#current.has(subscription) || this.#behind.has(subscription);
    if (!listening || row.seq <= subscription.cursor) return;
    subscription.cursor = row.seq;
    try {
      subscription.listener(row);
    } catch (cause) {
      this.#end(subscription);
      this.#parts.onThrown(cause);
    }
  }

  #end(subscription: Subscription): void {
    this.#current.delete(subscription);
    this.#behind.delete(subscription);
  }
}
