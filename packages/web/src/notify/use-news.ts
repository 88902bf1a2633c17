/** Says in passing what happened with people while the app is open: who is connected now, who asks, what a key did. */
import { useEffect } from 'react';
import type { ApiEvent, Contact } from '@kith/api/shapes';
import { showToast } from '../design/toast-store.ts';
import { onEvents } from '../data/event-feed.ts';
import { keys, queryClient } from '../data/query-client.ts';
import { translate } from '../i18n/texts.ts';
import { noticeWords } from '../i18n/wording.ts';

/** An event older than this was missed while the page was away: the pages show what became of it. */
const freshMs = 60_000;

/** @param isLocked - Nothing is said of anybody. */
export function useNews(isLocked: boolean): void {
  useEffect(() => {
    if (isLocked) return undefined;
    const waiting = new Set(peopleIn('requested'));
    return onEvents((events) => {
      for (const id of peopleIn('requested')) waiting.add(id);
      for (const event of events) {
        const words = newsOf(event, waiting);
        if (words !== undefined && Date.now() - Date.parse(event.at) <= freshMs) showToast({ text: words });
      }
    });
  }, [isLocked]);
}

function peopleIn(state: Contact['state']): string[] {
  const contacts = queryClient.getQueryData<Contact[]>(keys.contacts) ?? [];
  return contacts.filter((contact) => contact.state === state).map(({ id }) => id);
}

/** @param waiting - Whom we asked; whoever is connected leaves it. */
function newsOf(event: ApiEvent, waiting: Set<string>): string | undefined {
  if (event.event === 'contact' && event.data.state === 'connected' && waiting.delete(event.data.id)) {
    return translate('news.connected', { name: event.data.name });
  }
  if (event.event === 'request') return translate('news.request', { name: event.data.name });
  if (event.event === 'notice') return noticeWords(event.data.kind, nameOf(event.data.contact));
  return undefined;
}

function nameOf(id: string | null): string {
  const contacts = queryClient.getQueryData<Contact[]>(keys.contacts) ?? [];
  return contacts.find((contact) => contact.id === id)?.name ?? translate('news.somebody');
}
