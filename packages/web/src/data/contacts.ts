/** People: who is in the list, and what can be done with one of them. */
import { useQuery } from '@tanstack/react-query';
import type { ApiEvent, Contact } from '@kith/api/shapes';
import { dismissToast, showToast } from '../design/toast-store.ts';
import { translate } from '../i18n/texts.ts';
import { errorWords } from '../i18n/wording.ts';
import { api } from './connection.ts';
import { isStaying, setLeaving } from './leaving.ts';
import { keys, queryClient } from './query-client.ts';
import { queries } from './queries.ts';

/** @param id - Person id. Undefined while unknown, and where there is no such contact. */
export function useContact(id: string): Contact | undefined {
  return useQuery({
    ...queries.contacts,
    select: (contacts) => contacts.find((contact) => contact.id === id),
  }).data;
}

/** Who waits in the request box. */
/** Undefined until it is known whether there are any. */
export function useRequests(): readonly Contact[] | undefined {
  return useQuery({ ...queries.contacts, select: incoming }).data;
}

function incoming(contacts: readonly Contact[]): Contact[] {
  return contacts.filter(({ state }) => state === 'incoming');
}

/** Puts into the list what the node answered about one contact. */
export function keepContact(contact: Contact): void {
  queryClient.setQueryData<Contact[]>(keys.contacts, (contacts) => {
    if (contacts === undefined) return undefined;
    const others = contacts.filter(({ id }) => id !== contact.id);
    return [...others, contact];
  });
  void queryClient.invalidateQueries({ queryKey: keys.conversations });
}

/**
 * Says in a toast what failed. For acts whose place on the screen may be gone by then.
 *
 * @returns whether it was done.
 */
async function tell(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    showToast({ text: errorWords(error), look: 'bad' });
    return false;
  }
}

/** @returns whether it was done. */
export async function acceptContact({ id }: Contact): Promise<boolean> {
  return await tell(async () => keepContact(await api.contacts.accept.mutate({ contact: id })));
}

/** The toast that takes a block back, by contact: it goes when there is nothing to take back any more. */
const blockToasts = new Map<string, number>();

function dropBlockToast(id: string): void {
  const toast = blockToasts.get(id);
  blockToasts.delete(id);
  if (toast !== undefined) dismissToast(toast);
}

/** Whoever was unblocked in another window is blocked no more. */
export function dropBlockToasts(events: readonly ApiEvent[]): void {
  for (const { event, data } of events)
    if (event === 'contact' && data.state !== 'blocked') dropBlockToast(data.id);
}

/** Happens at once; the toast takes it back. */
export async function blockContact({ id, name }: Contact): Promise<void> {
  await tell(async () => {
    keepContact(await api.contacts.block.mutate({ contact: id }));
    const undo = (): void => void unblockContact({ id });
    dropBlockToast(id);
    blockToasts.set(id, showToast({ text: translate('person.blocked', { name }), undo }));
  });
}

export async function unblockContact({ id }: Pick<Contact, 'id'>): Promise<void> {
  await tell(async () => {
    keepContact(await api.contacts.unblock.mutate({ contact: id }));
    dropBlockToast(id);
  });
}

/** Leaves the screen now, and the device when the toast is gone: until then it can be taken back. */
export function removeContact(contact: Contact, words: string): void {
  const { id } = contact;
  dropBlockToast(id);
  setLeaving(id, true);
  queryClient.setQueryData<Contact[]>(keys.contacts, (contacts) => contacts?.filter(isStaying));
  showToast({
    text: words,
    undo: () => {
      setLeaving(id, false);
      keepContact(contact);
    },
    commit: () => {
      void tell(async () => void (await api.contacts.remove.mutate({ contact: id }))).then(async () => {
        setLeaving(id, false);
        await queryClient.invalidateQueries({ queryKey: keys.contacts });
        await queryClient.invalidateQueries({ queryKey: keys.conversations });
      });
    },
  });
}
