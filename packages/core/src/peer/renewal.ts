/** Fresh sessions in place of lost ones. Specification: docs/protocol/sessions.md. */
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
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
/** Renewals in vain double the pause up to this. A guess: who blocked us costs a few handshakes a day. */
const renewalPauseMsMax = 6 * 3_600_000;

export interface RenewalParts {
  crypto: Crypto;
  turn: Turn;
  own: Own;
  book: Book;
  cards: CardShelf;
  openings: Openings;
  sessions: SessionTable;
  delivery: Delivery;
}

export class Renewal {
  #parts: RenewalParts;
  /** When a session was renewed last, and after how many that nobody answered. */
  #renewals = new Map<DeviceId, { atMs: number; inVain: number }>();

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  /**
   * Starts a fresh session with a device whose session is lost, and seals what waits anew. Does nothing too
   * soon after the last time, whatever makes us believe so, nor where no bundle of the device is known.
   */
  renew(person: PersonId, device: DeviceId): void {
    const { book, delivery, own, turn, crypto, cards, openings, sessions } = this.#parts;
    const last = this.#renewals.get(device);
    const answered = last === undefined || sessions.sending(device)?.confirmed === true;
    const inVain = answered ? 0 : last.inVain + 1;
    const pauseMs = Math.min(renewalPauseMs * 2 ** inVain, renewalPauseMsMax);
    if (last !== undefined && turn.nowMs - last.atMs < pauseMs) return;
    const card = cards.get(person);
    const contact = book.get(person);
    // While their keys are to be compared nothing leaves, so nothing may wait in a session they never hear of.
    if (card === undefined || contact?.state !== 'connected' || contact.keyChanged) return;
    const id = crypto.keys.bytes(16);
    const content = encodeContent({ type: 'hello', id, head: own.identity.head, reset: true });
    const opening = openings.start({ person, device, card }, content);
    if (opening === undefined) return;
    this.#renewals.delete(device);
    this.#renewals.set(device, { atMs: turn.nowMs, inVain });
    if (this.#renewals.size > contactsMax) this.#renewals.delete(this.#renewals.keys().next().value!);
    const frame = encodeFrame({ type: 'handshake', ...opening });
    const item = { id, person, device, kind: 'control' as const };
    // The handshake goes first, then what waited, sealed in the new session in its old order.
    delivery.sealAnew(device, () => delivery.frame(item, frame, undefined));
    delivery.release(person);
  }
}
