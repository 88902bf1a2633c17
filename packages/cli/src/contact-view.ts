/** How a contact is printed. */
import type { Contact, ContactState } from '@kith/api/shapes';
import { onOneLine } from './for-terminal.ts';
import { localTime } from './output.ts';

interface AnyContact extends Omit<Contact, 'state'> {
  state: ContactState | 'removed';
}

const stateWords: Record<AnyContact['state'], string> = {
  requested: 'asked, waits for their answer',
  incoming: 'wants to talk: kith accept or kith block',
  connected: 'connected',
  blocked: 'blocked',
  removed: 'removed',
};

/** The JSON of `add` and of changes. */
export function shortContact({ id, name, state, verified }: AnyContact): object {
  return { id, name, state, verified };
}

/** The JSON of a line of `contacts`. */
export function fullContact(contact: Contact): object {
  const { id, name, state, verified, reachable, lastSeen } = contact;
  return { id, name, state, verified, reachable, lastSeen };
}

/** What a person reads in a list. */
export function contactCells(contact: Contact): string[] {
  const seen = contact.lastSeen === null ? 'never seen' : `seen ${localTime(contact.lastSeen)}`;
  const mark = contact.keyChanged ? 'KEY CHANGED' : contact.verified ? 'verified' : 'not verified';
  return [contact.name, stateWords[contact.state], mark, contact.reachable ? 'reachable' : seen, contact.id];
}

/** One sentence about a contact that was just changed. */
export function contactLine(contact: AnyContact): string {
  return onOneLine(`${contact.name} (${contact.id}): ${stateWords[contact.state]}`);
}
