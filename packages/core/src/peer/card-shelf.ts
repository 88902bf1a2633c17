/** The cards of others: what lets us find them and write a first message. Sealed at rest. */
import type { PersonId } from '../base/ids.ts';
import { type Card, decodeCard } from '../crypto/card/card.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import { chainContinues } from '../crypto/identity/root-chain.ts';
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

  /**
   * Keeps a card in place of the one before, unless that one is better.
   * `chain`: root entries of the person as far as they are known; `spent`: the token of the card before was used.
   */
  keep(card: Card, known: { chain: readonly Uint8Array[] | undefined; spent: boolean }): void {
    const kept = this.#cards.get(card.person);
    // A card by a root key that was replaced since, or by another branch, may be a thief's.
    if (kept !== undefined && !chainContinues(card.chain, known.chain ?? kept.chain)) return;
    // A plain card in a session must not take the unspent token of the one we were handed.
    if (!known.spent && kept?.token !== undefined && card.token === undefined) return;
    this.#cards.set(card.person, card);
    this.#rows.put('card', card.person, card.bytes);
  }

  remove(person: PersonId): void {
    if (!this.#cards.delete(person)) return;
    this.#rows.remove('card', person);
  }
}
