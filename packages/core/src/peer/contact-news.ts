/**
 * Tells subscribers when something that people see of a contact changed: once a batch, and only what differs from what
 * was told. Whoever changes a contact need not think of it. When a contact becomes reachable, and when they no longer are,
 * is written down with it.
 */
import type { PersonId } from '../base/ids.ts';
import type { ContactRow } from '../base/store.ts';
import type { Book } from './book.ts';
import type { EventData } from './contract.ts';
import type { Turn } from './turn.ts';

type Told = EventData['contact'];

export interface ContactNewsParts {
  turn: Turn;
  book: Book;
  reachable(person: PersonId): boolean;
}

export class ContactNews {
  #parts: ContactNewsParts;
  /** One for each contact. At the start nobody is reachable, and subscribers ask for the list anyhow. */
  #told = new Map<PersonId, Told>();

  constructor(parts: ContactNewsParts) {
    this.#parts = parts;
    for (const row of parts.book.all()) this.#told.set(row.person, seenOf(row, false));
  }

  /** Once a batch. */
  settle(): void {
    const { book, turn } = this.#parts;
    for (const person of book.takeChanged()) {
      const told = this.#told.get(person);
      const seen = this.#see(person, told);
      if (seen === undefined || (told !== undefined && isSame(told, seen))) continue;
      if (seen.state === 'removed') this.#told.delete(person);
      else this.#told.set(person, seen);
      if (seen.reachable !== (told?.reachable ?? false)) book.seen(person);
      turn.event('contact', seen);
    }
  }

  /** Undefined where nobody ever heard of the person. */
  #see(person: PersonId, told: Told | undefined): Told | undefined {
    const row = this.#parts.book.get(person);
    if (row !== undefined) return seenOf(row, this.#parts.reachable(person));
    return told && { ...told, state: 'removed', reachable: false };
  }
}

function seenOf(row: ContactRow, reachable: boolean): Told {
  const { person: id, name, claimedName, state, verified, keyChanged, conversation } = row;
  const hue = row.hue ?? null;
  return { id, name, claimedName, hue, state, verified, keyChanged, reachable, conversation };
}

function isSame(one: Told, other: Told): boolean {
  return (Object.keys(one) as (keyof Told)[]).every((key) => one[key] === other[key]);
}
