/**
 * What events change of what is kept: contacts at once, as far as the event says it, and everything by asking anew. Asking is
 * held back, so that a hundred events a second become two questions.
 */
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { ApiEvent, Contact, Status } from '@kith/api/shapes';
import { keys } from './query-client.ts';

/** A guess: sooner than anybody notices, seldom enough for a flood. */
const askMs = 400;

/** @returns what has to be asked anew because of it. */
export function staleKeys(event: ApiEvent): readonly QueryKey[] {
  switch (event.event) {
    case 'changed':
    case 'removed':
      // The talk takes the rest in.
      return [keys.quoted(event.data.conversation, event.data.id)];
    case 'conversation':
      return event.data.what === 'cleared' ? [keys.allQuoted(event.data.id)] : [];
    case 'message':
    case 'state':
      // The talk takes these in, and puts its list into the cache (live-talk.ts).
      return [];
    case 'contact':
      return [
        keys.contacts,
        keys.status,
        keys.nearby,
        keys.reach(event.data.id),
        keys.safetyNumber(event.data.id),
      ];
    case 'request':
      return [keys.contacts, keys.status];
    case 'notice':
      return [keys.contacts, keys.allSafetyNumbers];
    case 'peer':
      return [keys.peers, keys.status, keys.allReach];
    case 'network':
      return [keys.status, keys.doctor];
    case 'settings':
      return [keys.settings, keys.profile];
  }
}

/** Takes in at once what the events say wholly. */
export function patchCaches(client: QueryClient, events: readonly ApiEvent[]): void {
  for (const event of events) {
    if (event.event === 'contact') {
      const { id, name, state, verified, reachable } = event.data;
      client.setQueryData<Contact[]>(keys.contacts, (contacts) =>
        state === 'removed'
          ? contacts?.filter((contact) => contact.id !== id)
          : contacts?.map((contact) =>
              contact.id === id ? { ...contact, name, state, verified, reachable } : contact,
            ),
      );
    }
    if (event.event === 'network') {
      const { outlook, detail } = event.data;
      client.setQueryData<Status>(keys.status, (status) =>
        status === undefined ? undefined : { ...status, outlook: { state: outlook, detail } },
      );
    }
  }
}

/** Asks anew what became stale, at most every {@link askMs}. What nobody looks at is asked when somebody does. */
export class StaleKeys {
  readonly #client: QueryClient;
  readonly #stale = new Map<string, QueryKey>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  add(events: readonly ApiEvent[]): void {
    for (const event of events) for (const key of staleKeys(event)) this.#stale.set(JSON.stringify(key), key);
    if (this.#stale.size > 0) this.#timer ??= setTimeout(() => this.ask(), askMs);
  }

  ask(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const stale = [...this.#stale.values()];
    this.#stale.clear();
    for (const queryKey of stale) void this.#client.invalidateQueries({ queryKey });
  }
}
