/** What queued items are to people (the state of a message, a change on its way), and what each says. */
import { idBytes, type MessageId } from '../base/ids.ts';
import type { Store } from '../base/store.ts';
import { encodeContent } from '../wire/content.ts';
import type { Book } from './book.ts';
import type { Journal } from './journal.ts';
import type { QueuedBytes } from './queued-bytes.ts';
import type { QueuedItem } from './queued-items.ts';

export class Fates {
  #store: Store;
  #book: Book;
  #journal: Journal;
  #bytes: QueuedBytes;

  constructor(parts: { store: Store; book: Book; journal: Journal }, bytes: QueuedBytes) {
    this.#bytes = bytes;
    this.#store = parts.store;
    this.#book = parts.book;
    this.#journal = parts.journal;
  }

  /** The message of an item gets on, or ends. Of other items nothing is told. */
  settle(
    item: QueuedItem,
    state: 'sent' | 'delivered' | 'expired' | 'failed',
    more: { by: 'self' | 'device'; attempt?: number; detail?: string; reason?: string },
  ): void {
    const place = item.kind === 'message' ? this.#place(item) : undefined;
    if (place === undefined) return;
    this.#journal.advance(place, state, item.device === undefined ? more : { ...more, device: item.device });
  }

  /** A change is no longer on its way. */
  changeEnded(item: QueuedItem): void {
    const place = item.kind === 'change' ? this.#place(item) : undefined;
    if (place !== undefined) this.#journal.changed(place);
  }

  wasSent(item: QueuedItem): boolean {
    const place = item.kind === 'message' ? this.#place(item) : undefined;
    return place !== undefined && this.#store.message(place.conversation, place.id)?.state === 'sent';
  }

  /**
   * What an item says. The text of a message stands in its row, everything else in the outbox. Undefined where there is
   * nothing to be sealed: what opened a session was sealed with it.
   */
  contentOf(item: QueuedItem): Uint8Array | undefined {
    return item.kind === 'message' ? this.#textOf(item) : this.#bytes.content(item.item);
  }

  #textOf(item: QueuedItem): Uint8Array | undefined {
    const place = this.#place(item);
    const row = place && this.#store.message(place.conversation, place.id);
    const id = place && idBytes(place.id);
    if (row === undefined || id === undefined || row.deleted) return undefined;
    const { sentWallMs, expiresAtWallMs, text } = row;
    const ttlMs = expiresAtWallMs === undefined ? undefined : Math.max(1, expiresAtWallMs - sentWallMs);
    const replyTo = row.replyTo === undefined ? undefined : idBytes(row.replyTo);
    return encodeContent({ type: 'message', id, sentWallMs, text, ttlMs, replyTo });
  }

  #place({
    person,
    message,
  }: QueuedItem): { conversation: ReturnType<Book['conversationWith']>; id: MessageId } | undefined {
    const contact = this.#book.get(person);
    if (message === undefined || contact === undefined) return undefined;
    return { conversation: contact.conversation, id: message };
  }
}
