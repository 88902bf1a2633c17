/**
 * What a contact is called here. Our person's choice stands; until they made one, the contact's own claim does,
 * made distinct so that nobody can pass for, or get in the way of, somebody who has the name already.
 */
import { idBytes, type PersonId } from '../base/ids.ts';
import type { ContactRow } from '../base/store.ts';
import { claimedName, nameLengthMax } from '../base/text.ts';

/** What somebody is called until they, or our person, say more. */
export function fallbackName(person: PersonId): string {
  return `kith ${mark(person)}`;
}

/** Names that fold to the same are the same to a person who types or reads them. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** Whether a text names a person or a conversation by its form alone; then it is never read as a name. */
export function isIdForm(text: string): boolean {
  return /^kith1[0-9a-z]{40,}$/u.test(text) || idBytes(text) !== undefined;
}

/** The row with a name that the contact claims, or undefined where that changes nothing. */
export function withClaim(
  row: ContactRow,
  claim: string,
  isTaken: (name: string) => boolean,
): ContactRow | undefined {
  const { person } = row;
  const claimed = claimedName(claim, row.claimedName === '' ? fallbackName(person) : row.claimedName);
  if (claimed === row.claimedName) return undefined;
  // A name our person chose stays; one that was only the contact's own follows it.
  const own = [row.claimedName, distinct(row.claimedName, person), fallbackName(person)];
  if (!own.includes(row.name)) return { ...row, claimedName: claimed };
  const name = isTaken(claimed) || isIdForm(claimed) ? distinct(claimed, person) : claimed;
  return { ...row, claimedName: claimed, name };
}

/** A stranger's claim as it is shown: cleaned, and made distinct where it could be taken for somebody else. */
export function strangerName(person: PersonId, claim: string, isTaken: (name: string) => boolean): string {
  const name = claimedName(claim, fallbackName(person));
  return isTaken(name) || isIdForm(name) ? distinct(name, person) : name;
}

function distinct(name: string, person: PersonId): string {
  const tail = ` (${mark(person)})`;
  return `${[...name].slice(0, nameLengthMax - tail.length).join('')}${tail}`;
}

function mark(person: PersonId): string {
  return person.slice(5, 11);
}
