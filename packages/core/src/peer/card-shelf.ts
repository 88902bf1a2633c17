/** The cards of others: what lets us find them and write a first message. Sealed at rest. */
import type { PersonId } from '../base/ids.ts';
import { type Card, decodeCard } from '../crypto/card/card.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import type { SealedRows } from './sealed-rows.ts';

export class CardShelf {
  #rows: SealedRows;
  #cards = new Map<PersonId, Card>(); // At most one for each contact.

  constructor(backend: CryptoBackend, rows: SealedRows) {
    this.#rows = rows;
    for (const { key, plaintext } of rows.list('card', '')) {
      const card = decodeCard(backend, plaintext);
      if (card !== undefined) this.#cards.set(key as PersonId, card);
    }
  }

  get(person: PersonId): Card | undefined {
    return this.#cards.get(person);
  }

  keep(card: Card): void {
    this.#cards.set(card.person, card);
    this.#rows.put('card', card.person, card.bytes);
  }

  remove(person: PersonId): void {
    if (!this.#cards.delete(person)) return;
    this.#rows.remove('card', person);
  }
}
