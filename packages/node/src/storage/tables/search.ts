import {
  holdsWords,
  isEmptySearch,
  LiteralsHeld,
  searchTerms,
  type SearchTerms,
} from '@kith/core/base/search-terms';
import type { MessageFilter, StoredMessage } from '@kith/core/base/store';
import { directions } from '../codes.ts';
import { prepare, type Connection, type Statement, type Value } from '../sqlite.ts';
import { checkLimit, type Table } from '../table.ts';
import type { MessageColumns } from './messages.ts';
import type { Names } from './names.ts';
import type { WordsIndex } from './words.ts';

/**
 * Searches messages, the newest first, and reads no further than what it returns: the newest by their texts, the rest by
 * the index over their words. A text that no longer holds what the index says is left out. Where something must stand in the
 * texts as it was typed, it reads on until so many were compared.
 */
export function searchTable(
  connection: Connection,
  names: Names,
  parts: {
    row(columns: MessageColumns): StoredMessage;
    words: Pick<WordsIndex, 'indexedPosition' | 'isBehind'>;
  },
): Table<'search', never> {
  const select = statements(connection);
  /** Takes rows until there are enough. */
  const take = (found: StoredMessage[], { sql, values }: Query, { terms, literals, limit }: Wanted): void => {
    if (found.length >= limit || literals.isSpent) return;
    for (const columns of select(sql).iterate(...values)) {
      if (holdsWords(terms, columns.text) && literals.heldIn(columns.text)) found.push(parts.row(columns));
      if (found.length >= limit || literals.isSpent) return;
    }
  };
  return {
    reads: {
      search(words, limit, filter = {}) {
        checkLimit(limit);
        const terms = searchTerms(words);
        const isAsked = words.trim() === '' ? hasFilter(filter) : !isEmptySearch(terms);
        const number = filter.conversation === undefined ? undefined : names.find(filter.conversation);
        if (!isAsked || (filter.conversation !== undefined && number === undefined)) return [];
        const found: StoredMessage[] = [];
        const wanted = { terms, literals: new LiteralsHeld(terms), limit };
        if (terms.words.length === 0) {
          take(found, readQuery(filter, number), wanted);
          return found;
        }
        const indexed = parts.words.indexedPosition();
        const fresh = { ...filter, after: Math.max(indexed, filter.after ?? 0) };
        take(found, readQuery(fresh, number), wanted);
        take(found, matchQuery(filter, number, { asked: terms.words, indexed }), wanted);
        if (!parts.words.isBehind()) return found;
        const changed: StoredMessage[] = [];
        take(changed, dueQuery(filter, number), wanted);
        return newest([...found, ...changed], limit);
      },
    },
    writes: {},
  };
}

interface Wanted {
  terms: SearchTerms;
  literals: LiteralsHeld;
  limit: number;
}

interface Query {
  sql: string;
  values: Value[];
}

function readQuery(filter: MessageFilter, conversation: number | undefined): Query {
  const { sql, values } = conditions(filter, conversation);
  // Without it the planner may prefer to sort what another index finds.
  const index = filter.hasLink === undefined ? indexOf(filter) : 'INDEXED BY messages_link';
  return { sql: `SELECT * FROM messages ${index} WHERE ${sql} ORDER BY position DESC`, values };
}

function indexOf({ conversation, direction }: MessageFilter): string {
  if (conversation === undefined) return 'NOT INDEXED';
  return `INDEXED BY ${direction === undefined ? 'messages_conversation' : 'messages_direction'}`;
}

function matchQuery(
  filter: MessageFilter,
  conversation: number | undefined,
  { asked, indexed }: { asked: readonly string[]; indexed: number },
): Query {
  const { sql, values } = conditions(filter, conversation);
  // Words are letters and digits only, so that quoted they cannot become operators.
  const query = asked.map((word) => `"${word}"*`).join(' AND ');
  return {
    // CROSS JOIN keeps the order of the two: the index of words leads.
    sql: `SELECT messages.* FROM words CROSS JOIN messages ON messages.position = words.rowid
      WHERE ${sql} AND words MATCH ? AND words.rowid <= ? ORDER BY words.rowid DESC`,
    values: [...values, query, indexed],
  };
}

/** Messages of which the index says what they said before. */
function dueQuery(filter: MessageFilter, conversation: number | undefined): Query {
  const { sql, values } = conditions(filter, conversation);
  return {
    sql: `SELECT messages.* FROM words_due CROSS JOIN messages ON messages.position = words_due.position
      WHERE ${sql} ORDER BY words_due.position DESC`,
    values,
  };
}

/** Each message once. */
function newest(found: readonly StoredMessage[], limit: number): StoredMessage[] {
  const byPosition = new Map(found.map((message) => [message.position, message]));
  return [...byPosition.values()].toSorted((a, b) => b.position - a.position).slice(0, limit);
}

/** What the filter lets through, as SQL over `messages`, with its values in order. */
function conditions(filter: MessageFilter, conversation: number | undefined): Query {
  const { direction, after, before } = filter;
  const parts: [sql: string, value: Value | undefined][] = [
    ['messages.position > ?', after ?? 0],
    ['messages.position < ?', before ?? Number.MAX_SAFE_INTEGER],
    ['messages.conversation = ?', conversation],
    ['messages.direction = ?', direction === undefined ? undefined : directions.code(direction)],
  ];
  const given = parts.filter((part): part is [string, Value] => part[1] !== undefined);
  const texts = [...given.map(([sql]) => sql), 'messages.deleted = 0'];
  if (filter.hasLink !== undefined) texts.push('messages.link = 1');
  return { sql: texts.join(' AND '), values: given.map(([, value]) => value) };
}

/** Prepares each query once; the filters make some two dozen of them. */
function statements(connection: Connection): (sql: string) => Statement<MessageColumns> {
  const prepared = new Map<string, Statement<MessageColumns>>();
  return (sql) => {
    const statement = prepared.get(sql) ?? prepare<MessageColumns>(connection, sql);
    prepared.set(sql, statement);
    return statement;
  };
}

function hasFilter(filter: MessageFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
