/** Reads of messages and conversations from the rows of the in-memory database. Used by memory-store.ts alone. */
import { arrivalWallMs, firstSince } from './arrival.ts';
import { copyMessage } from './memory-changes.ts';
import { checkLimit, copyConversation, pair, type Tables } from './memory-tables.ts';
import { holdsWords, isEmptySearch, LiteralsHeld, searchTerms } from './search-terms.ts';
import {
  type ConversationRow,
  type ConversationSummary,
  type MessageFilter,
  type Store,
  type StoredMessage,
  unreadMax,
} from './store.ts';
import { holdsLink } from './words.ts';

type Fits = (row: StoredMessage) => boolean;

/** Messages from a place on. */
interface Walk {
  readonly last: () => number;
  /** Newest first, below `before`, until `limit` of them fit. */
  readonly newest: (limit: number, before: number, fits: Fits) => StoredMessage[];
  /** Oldest first, above `after`. */
  readonly oldest: (limit: number, after: number, fits: Fits) => StoredMessage[];
}

function walk(tables: Tables): Walk {
  const last = (): number => tables.counters.get('position') ?? 0;
  const at = (position: number): StoredMessage | undefined =>
    tables.messages.get(tables.positions.get(String(position)) ?? '');
  const newest: Walk['newest'] = (limit, before, fits) => {
    checkLimit(limit);
    const found: StoredMessage[] = [];
    for (let position = Math.min(last(), before - 1); position > 0 && found.length < limit; position--) {
      const row = at(position);
      if (row !== undefined && fits(row)) found.push(copyMessage(row));
    }
    return found;
  };
  const oldest: Walk['oldest'] = (limit, after, fits) => {
    checkLimit(limit);
    const found: StoredMessage[] = [];
    for (let position = Math.max(0, after) + 1; position <= last() && found.length < limit; position++) {
      const row = at(position);
      if (row !== undefined && fits(row)) found.push(copyMessage(row));
    }
    return found;
  };
  return { last, newest, oldest };
}

type MessageReads =
  | 'message'
  | 'messagesById'
  | 'history'
  | 'historyAfter'
  | 'oldest'
  | 'positionAt'
  | 'messageCount'
  | 'search';

export function messageReads(tables: Tables): Pick<Store, MessageReads> {
  const { last, newest, oldest } = walk(tables);
  return {
    message(conversation, id) {
      const row = tables.messages.get(pair(conversation, id));
      return row === undefined ? undefined : copyMessage(row);
    },
    messagesById: (id) =>
      [...tables.messages.values()]
        .filter((row) => row.id === id)
        .toSorted(
          (a, b) => Number(a.direction === 'in') - Number(b.direction === 'in') || a.position - b.position,
        )
        .slice(0, 64)
        .map(copyMessage),
    history: (conversation, limit, before) =>
      newest(limit, before ?? last() + 1, (row) => row.conversation === conversation).reverse(),
    historyAfter: (conversation, limit, after) =>
      oldest(limit, after, (row) => row.conversation === conversation),
    oldest: (limit, after) => oldest(limit, after, () => true),
    positionAt(conversation, wallMs) {
      const fits = (row: StoredMessage): boolean =>
        conversation === undefined || row.conversation === conversation;
      const [first] = oldest(1, 0, fits);
      const [final] = newest(1, last() + 1, fits);
      if (first === undefined || final === undefined) return undefined;
      return firstSince({ lowest: first.position, highest: final.position }, wallMs, (position) => {
        const [row] = oldest(1, position - 1, fits);
        return row === undefined ? undefined : { position: row.position, arrivalWallMs: arrivalWallMs(row) };
      });
    },
    messageCount: (conversation) =>
      conversation === undefined
        ? tables.messages.size
        : [...tables.messages.values()].filter((row) => row.conversation === conversation).length,
    search(words, limit, filter = {}) {
      checkLimit(limit);
      const terms = searchTerms(words);
      const isAsked = words.trim() === '' ? hasFilter(filter) : !isEmptySearch(terms);
      if (!isAsked) return [];
      const literals = new LiteralsHeld(terms);
      return newest(
        limit,
        filter.before ?? last() + 1,
        (row) => passes(row, filter) && holdsWords(terms, row.text) && literals.heldIn(row.text),
      );
    },
  };
}

export function conversationReads(
  tables: Tables,
): Pick<Store, 'conversations' | 'conversation' | 'readUpTo' | 'unread'> {
  const { last, newest, oldest } = walk(tables);
  const unread: Store['unread'] = (conversation, readUpTo) => {
    const isUnread = (each: StoredMessage): boolean =>
      each.conversation === conversation && each.direction === 'in';
    const rows = oldest(unreadMax, readUpTo, isUnread);
    return { unread: rows.length, firstUnread: rows[0]?.id };
  };
  const summary = (row: ConversationRow): ConversationSummary => ({
    ...copyConversation(row),
    last: newest(1, last() + 1, (each) => each.conversation === row.conversation)[0],
    ...unread(row.conversation, row.readUpTo),
  });
  return {
    readUpTo: (conversation) => tables.conversations.get(conversation)?.readUpTo ?? 0,
    unread,
    conversations: () =>
      [...tables.conversations.values()]
        .toSorted((a, b) => (a.conversation < b.conversation ? -1 : 1))
        .map(summary),
    conversation(conversation) {
      const row = tables.conversations.get(conversation);
      return row === undefined ? undefined : summary(row);
    },
  };
}

function hasFilter(filter: MessageFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

function passes(row: StoredMessage, filter: MessageFilter): boolean {
  return (
    !row.deleted &&
    (filter.conversation === undefined || row.conversation === filter.conversation) &&
    (filter.direction === undefined || row.direction === filter.direction) &&
    (filter.hasLink === undefined || holdsLink(row.text)) &&
    row.position > (filter.after ?? 0)
  );
}
