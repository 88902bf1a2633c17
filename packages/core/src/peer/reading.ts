/**
 * What our person read is told, and what others read of ours is noted. Specification: docs/protocol/content.md.
 *
 * Rules kept here:
 *   1. What was read is told only where our person chose to; who does not tell is not shown what others read.
 *   2. An own message is `read` after it was `delivered`: who read it has it.
 */
import { type ConversationId, type DeviceId, idBytes, idText, type MessageId } from '../base/ids.ts';
import { KithError } from '../base/errors.ts';
import type { ContactRow, Store } from '../base/store.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { type Content, readIdsMax } from '../wire/content.ts';
import type { Book } from './book.ts';
import type { Delivery } from './delivery.ts';
import type { Journal } from './journal.ts';

/** Messages looked through, newest first, for those that are to be told. A guess: a day of a busy conversation. */
const lookedThroughMax = 1_000;
/** Read at once: 200 of 28,000 bytes are 5.6 MB. */
const pageRows = 200;

export interface ReadingParts {
  crypto: Crypto;
  store: Store;
  book: Book;
  journal: Journal;
  delivery: Delivery;
  /** Whether our person tells, and so is told. */
  isShared(): boolean;
}

export class Reading {
  #parts: ReadingParts;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /**
   * Tells a contact what was read of theirs above one position and up to another, in place of what waits to be told:
   * the newest of both.
   */
  tell(
    { person, state, keyChanged, conversation }: ContactRow,
    range: { above: number; upTo: number },
  ): void {
    const { crypto, delivery } = this.#parts;
    if (state !== 'connected' || keyChanged || !this.#parts.isShared()) return;
    const fresh = this.#incoming(conversation, range);
    if (fresh.length === 0) return;
    const waiting = delivery
      .waitingChanges(person)
      .flatMap(({ content }) => (content.type === 'read' ? content.messages : []))
      .map((each) => idText(each) as MessageId);
    const ids = [...new Set([...fresh, ...waiting])].slice(0, readIdsMax);
    const messages = ids.map((id) => idBytes(id)).filter((bytes) => bytes !== undefined);
    const content = { type: 'read' as const, id: crypto.keys.bytes(16), messages };
    const replaces = ({ type }: Content): boolean => type === 'read';
    try {
      delivery.change(person, content, { message: undefined, replaces });
    } catch (error) {
      // Reading goes on where the outbox is full: this is the one thing that need not be told.
      if (!(error instanceof KithError) || error.code !== 'full') throw error;
    }
  }

  /** Our person chose not to tell any more: what waits is not told either. */
  chosen(): void {
    const { book, delivery } = this.#parts;
    if (this.#parts.isShared()) return;
    for (const { person } of book.all()) delivery.dropChanges(person, undefined);
  }

  /** They read messages of ours. Ids of nothing that we wrote to them change nothing. */
  onRead({ conversation }: ContactRow, device: DeviceId, messages: Uint8Array[]): void {
    const { delivery, journal } = this.#parts;
    for (const message of messages) {
      // Who has read it has it, though the acknowledgement was lost or is still on its way.
      const isDelivered = delivery.acknowledged(device, message);
      const id = idText(message) as MessageId;
      if (this.#parts.isShared()) journal.read({ conversation, id }, { device, isDelivered });
    }
  }

  /** Newest first. */
  #incoming(conversation: ConversationId, { above, upTo }: { above: number; upTo: number }): MessageId[] {
    const found: MessageId[] = [];
    let before = upTo + 1;
    for (let looked = 0; looked < lookedThroughMax; looked += pageRows) {
      const page = this.#parts.store.history(conversation, pageRows, before).toReversed();
      for (const { id, direction, deleted, position } of page) {
        if (position <= above || found.length === readIdsMax) return found;
        if (direction === 'in' && !deleted) found.push(id);
      }
      if (page.length < pageRows) return found;
      before = page.at(-1)!.position;
    }
    return found;
  }
}
