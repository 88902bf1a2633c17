/**
 * What others show of their root chain and devices, over time: the union is kept, a new device is announced,
 * a new root key or a fork stops sending until the person compared. Specification: docs/protocol/identity.md.
 */
import { bytesEqual } from '../base/bytes.ts';
import type { DeviceId, PersonId } from '../base/ids.ts';
import type { ContactRow } from '../base/store.ts';
import { claimedName } from '../base/text.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { decodeIdentity, type Identity, mergeIdentity } from '../crypto/identity/identity.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import type { Book } from './book.ts';
import type { Delivery } from './delivery.ts';
import type { Own } from './own.ts';
import type { Turn } from './turn.ts';

export interface IdentitiesParts {
  crypto: Crypto;
  turn: Turn;
  own: Own;
  book: Book;
  delivery: Delivery;
  sessions: SessionTable;
  /** The devices of that person, or whether we write to them, changed. */
  onChanged(person: PersonId): void;
}

export class Identities {
  #parts: IdentitiesParts;

  constructor(parts: IdentitiesParts) {
    this.#parts = parts;
  }

  /** Asks for what is missing when their head is another than the one we know. */
  compareHead(person: PersonId, device: DeviceId, head: Uint8Array): void {
    const { book, delivery, crypto } = this.#parts;
    const known = book.identity(person);
    if (known === undefined || bytesEqual(known.head, head)) return;
    delivery.control(person, device, { type: 'identityAsk', id: crypto.keys.bytes(16) });
  }

  tell(person: PersonId, device: DeviceId): void {
    const { own, delivery, crypto } = this.#parts;
    const identity = own.identity.bytes;
    delivery.control(person, device, { type: 'identity', id: crypto.keys.bytes(16), identity });
  }

  /** An identity that a contact showed inside a session. Ignored when it does not verify or is another's. */
  merge(person: PersonId, bytes: Uint8Array): void {
    const known = this.#parts.book.get(person);
    // The same again costs a comparison, not a hundred signatures.
    if (known === undefined || bytesEqual(known.identity, bytes)) return;
    const identity = decodeIdentity(this.#parts.crypto.backend, bytes);
    if (identity !== undefined) this.mergeVerified(person, identity);
  }

  /** The same for one that was verified already, as in a handshake. */
  mergeVerified(person: PersonId, shown: Identity): void {
    const { book, crypto } = this.#parts;
    const known = book.identity(person);
    const row = book.get(person);
    if (known === undefined || row === undefined) return;
    const merged = mergeIdentity(crypto.backend, known, shown);
    switch (merged.outcome) {
      case 'same':
      case 'other-person':
        return;
      case 'extended':
        book.put({ ...row, identity: merged.identity.bytes });
        this.#announceDevices(row, known, merged.identity);
        this.#leaveDevices(known, merged.identity);
        break;
      case 'rotated':
        book.put({ ...row, identity: merged.identity.bytes, keyChanged: true, verified: false });
        this.#leaveDevices(known, merged.identity);
        this.#notice(
          row,
          'key-changed',
          `The keys of ${row.name} changed. Nothing is sent until you compare safety numbers.`,
        );
        break;
      case 'fork':
        book.put({ ...row, keyChanged: true, verified: false });
        this.#notice(
          row,
          'identity-fork',
          `Two different identities claim to be ${row.name}. Talk to them in person before you go on.`,
        );
        break;
    }
    this.#parts.onChanged(person);
  }

  /** Nothing is sent any more to devices that were revoked; what waited for them waits for the person. */
  #leaveDevices(before: Identity, after: Identity): void {
    const live = new Set(after.devices.map((each) => each.device));
    for (const { device } of before.devices) {
      if (live.has(device)) continue;
      this.#parts.delivery.holdAgain(device);
      this.#parts.sessions.removeDevice(device);
    }
    this.#parts.delivery.release(after.person);
  }

  #announceDevices(row: ContactRow, before: Identity, after: Identity): void {
    const known = new Set(before.devices.map((each) => each.device));
    for (const { device, name } of after.devices) {
      if (known.has(device)) continue;
      const called = claimedName(name, 'unnamed');
      const text = `${row.name} uses a new device: ${called}.`;
      this.#parts.turn.event('notice', { kind: 'new-device', contact: row.person, device: called, text });
    }
  }

  #notice(row: ContactRow, kind: 'key-changed' | 'identity-fork', text: string): void {
    this.#parts.turn.event('notice', { kind, contact: row.person, device: null, text });
  }
}
