/** Fresh sessions in place of lost ones. Specification: docs/protocol/sessions.md. */
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { encodeContent } from '../wire/content.ts';
import { encodeFrame } from '../wire/frame.ts';
import { type Book, contactsMax } from './book.ts';
import type { CardShelf } from './card-shelf.ts';
import type { Delivery } from './delivery.ts';
import type { Openings } from './openings.ts';
import type { Own } from './own.ts';
import type { Turn } from './turn.ts';

/** A session is not renewed more often than this for one device, whatever a peer does. */
const renewalPauseMs = 60_000;

export interface RenewalParts {
  crypto: Crypto;
  turn: Turn;
  own: Own;
  book: Book;
  cards: CardShelf;
  openings: Openings;
  delivery: Delivery;
}

export class Renewal {
  #parts: RenewalParts;
  #renewedMs = new Map<DeviceId, number>();

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  /**
   * Starts a fresh session with a device whose session is lost, and seals what waits anew. Does nothing too
   * soon after the last time, whatever makes us believe so, nor where no bundle of the device is known.
   */
  renew(person: PersonId, device: DeviceId): void {
    const { book, delivery, own, turn, crypto, cards, openings } = this.#parts;
    if (turn.nowMs - (this.#renewedMs.get(device) ?? -Infinity) < renewalPauseMs) return;
    const card = cards.get(person);
    const contact = book.get(person);
    // While their keys are to be compared nothing leaves, so nothing may wait in a session they never hear of.
    if (card === undefined || contact?.state !== 'connected' || contact.keyChanged) return;
    const id = crypto.keys.bytes(16);
    const content = encodeContent({ type: 'hello', id, head: own.identity.head, reset: true });
    const opening = openings.start({ person, device, card }, content);
    if (opening === undefined) return;
    this.#renewedMs.delete(device);
    this.#renewedMs.set(device, turn.nowMs);
    if (this.#renewedMs.size > contactsMax) this.#renewedMs.delete(this.#renewedMs.keys().next().value!);
    const frame = encodeFrame({ type: 'handshake', ...opening });
    const item = { id, person, device, kind: 'control' as const };
    // The handshake goes first, then what waited, sealed in the new session in its old order.
    delivery.sealAnew(device, () => delivery.frame(item, frame, undefined));
    delivery.release(person);
  }
}
