/** What contacts are told of us: our name and our colour. */
import { KithError } from '../base/errors.ts';
import type { PersonId } from '../base/ids.ts';
import { cleanName } from '../base/text.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { SessionTable } from '../protocol/sessions/session-table.ts';
import { huesCount } from '../wire/content.ts';
import type { Book } from './book.ts';
import type { Delivery } from './delivery.ts';
import type { Own } from './own.ts';
import type { Turn } from './turn.ts';

export interface OwnProfileParts {
  crypto: Crypto;
  own: Own;
  book: Book;
  sessions: SessionTable;
  delivery: Delivery;
  turn: Turn;
}

export class OwnProfile {
  #parts: OwnProfileParts;

  constructor(parts: OwnProfileParts) {
    this.#parts = parts;
  }

  /** @throws KithError `bad-name` */
  setName(text: string): void {
    const name = cleanName(text);
    if (name === undefined) throw new KithError('bad-name');
    if (name === this.#parts.own.name) return;
    this.#parts.own.setName(name);
    this.#tellAll();
  }

  /** @throws KithError `usage` */
  setLook(hue: number | undefined): void {
    if (hue !== undefined && !(Number.isInteger(hue) && hue >= 0 && hue < huesCount)) {
      throw new KithError('usage', `A hue is a number from 0 to ${huesCount - 1}.`);
    }
    if (hue === this.#parts.own.hue) return;
    this.#parts.own.setHue(hue);
    this.#tellAll();
  }

  /** They know our name from the meeting, and nothing else. */
  met(person: PersonId): void {
    if (this.#parts.own.hue !== undefined) this.#tell(person);
  }

  /** Contacts, and whoever shows the person their own profile. */
  #tellAll(): void {
    this.#parts.turn.event('settings', {});
    for (const { person, state } of this.#parts.book.list()) if (state === 'connected') this.#tell(person);
  }

  #tell(person: PersonId): void {
    const { book, crypto, delivery, own, sessions } = this.#parts;
    const { name, hue } = own;
    for (const { device } of book.liveDevices(person)) {
      if (!sessions.has(device)) continue;
      delivery.replaceControl(person, device, { type: 'profile', id: crypto.keys.bytes(16), name, hue });
    }
  }
}
