/**
 * What waits is sealed anew, or for the first time: when a contact can be written to, when a session replaced a lost
 * one, and held again when a device is gone for good. Specification: docs/protocol/outbox.md.
 */
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import type { Book } from './book.ts';
import { holding, idOf, itemOf, type QueuedItem, type QueuedItems } from './queued-items.ts';

const noBytes = new Uint8Array(0);

export interface ResealingParts {
  book: Book;
  sessions: SessionTable;
  items: QueuedItems;
  contentOf(item: QueuedItem): Uint8Array | undefined;
  /** Takes an item out of the outbox without telling anybody. */
  end(item: string): void;
  /** Queues it again, whatever the bounds: it was accepted before. */
  seal(item: QueuedItem, content: Uint8Array): void;
  hold(item: QueuedItem, content: Uint8Array): void;
}

export class Resealing {
  #parts: ResealingParts;

  constructor(parts: ResealingParts) {
    this.#parts = parts;
  }

  /** Devices that can be written to now. */
  ready(person: PersonId): DeviceId[] {
    const { book, sessions } = this.#parts;
    if (book.get(person)?.state !== 'connected') return [];
    return book
      .liveDevices(person)
      .map((each) => each.device)
      .filter((device) => sessions.has(device));
  }

  /** The contact can be written to: seals what was held. Without any session it goes on waiting. */
  release(person: PersonId): void {
    const { book, sessions, items } = this.#parts;
    const ready = book.liveDevices(person).filter(({ device }) => sessions.has(device));
    if (ready.length === 0) return;
    for (const held of items.at(holding(person))) {
      const content = this.#parts.contentOf(held);
      this.#parts.end(held.item);
      if (content === undefined) continue;
      for (const { device } of ready) {
        this.#parts.seal({ ...held, item: itemOf(idOf(held.item), device), device }, content);
      }
    }
  }

  /** The device is gone for good: messages and changes wait for the person again, what else waited for it ends. */
  holdAgain(device: DeviceId): void {
    for (const item of this.#parts.items.at(device)) {
      const content = item.kind === 'change' ? this.#parts.contentOf(item) : noBytes;
      this.#parts.end(item.item);
      if ((item.kind !== 'message' && item.kind !== 'change') || content === undefined) continue;
      this.#parts.hold({ ...item, item: itemOf(idOf(item.item), undefined), device: undefined }, content);
    }
  }

  /**
   * A fresh session replaced a lost one: seals everything that waits for the device anew, in order.
   *
   * @param first - queues what must go before the rest: the message that opens the session.
   */
  sealAnew(device: DeviceId, first?: () => void): void {
    const waiting: { item: QueuedItem; content: Uint8Array }[] = [];
    for (const item of this.#parts.items.at(device)) {
      if (item.kind === 'request') continue;
      const content = this.#parts.contentOf(item);
      this.#parts.end(item.item);
      // What opened an older session has no content of its own here: the fresh one opens itself.
      if (content !== undefined) waiting.push({ item, content });
    }
    first?.();
    for (const { item, content } of waiting) this.#parts.seal(item, content);
  }
}
