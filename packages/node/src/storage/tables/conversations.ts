import type { ConversationId, MessageId, PersonId } from '@kith/core/base/ids';
import {
  type ConversationRow,
  type ConversationSummary,
  type StoredMessage,
  unreadMax,
} from '@kith/core/base/store';
import { directions } from '../codes.ts';
import { prepare, type Connection, type Value } from '../sqlite.ts';
import type { Table } from '../table.ts';
import type { MessageColumns } from './messages.ts';
import type { Names } from './names.ts';

interface Columns {
  conversation: number;
  person: number;
  former_name: string | null;
  draft_text: string | null;
  draft_reply_to: MessageId | null;
  draft_editing: MessageId | null;
  draft_wall_ms: number | null;
  muted_until_wall_ms: number | null;
  pinned: number;
  read_up_to: number;
  session_reset_wall_ms: number | null;
}

interface UnreadColumns {
  unread: number;
  first_unread: MessageId | null;
}

/** Of `last` the columns carry the names of messages; absent where there is none. */
interface SummaryColumns extends Columns, UnreadColumns {
  last: number | null;
}

export interface ConversationsTable extends Table<
  'conversations' | 'conversation' | 'readUpTo' | 'unread',
  'changeConversation' | 'removeConversation'
> {
  /** Tells that a message was put: its conversation has a row from then on. */
  messagePut(conversation: string, person: string): void;
  /** After a rollback, rows made in the transaction are not there. */
  forgetCached(): void;
}

// Conversations written in since the start. When full, the cache starts anew.
const cachedMax = 10_000;

const incoming = directions.code('in');
/** The count ends at its maximum. */
const unreadFigures = (conversation: string, readUpTo: string): string => `
    (SELECT count(*) FROM (SELECT 1 FROM messages INDEXED BY messages_direction
     WHERE conversation = ${conversation} AND direction = ${incoming} AND position > ${readUpTo}
     LIMIT ${unreadMax})) AS unread,
    (SELECT id FROM messages INDEXED BY messages_direction
     WHERE conversation = ${conversation} AND direction = ${incoming} AND position > ${readUpTo}
     ORDER BY position LIMIT 1) AS first_unread`;
/** One search in an index for each figure of each row. */
const summaries = `
  SELECT c.*,
    (SELECT position FROM messages INDEXED BY messages_conversation
     WHERE conversation = c.conversation ORDER BY position DESC LIMIT 1) AS last,
    ${unreadFigures('c.conversation', 'c.read_up_to')}
  FROM conversations AS c`;

/** What is remembered of conversations beside their messages, and how each stands. */
// oxlint-disable-next-line eslint/max-lines-per-function -- one short statement after another, each with its query.
export function conversationsTable(
  connection: Connection,
  names: Names,
  message: (columns: MessageColumns) => StoredMessage,
): ConversationsTable {
  const all = prepare<SummaryColumns>(connection, summaries);
  const one = prepare<SummaryColumns>(connection, `${summaries} WHERE c.conversation = ?`);
  const messageAt = prepare<MessageColumns>(connection, 'SELECT * FROM messages WHERE position = ?');
  const row = prepare<Columns>(connection, 'SELECT * FROM conversations WHERE conversation = ?');
  const readUpTo = prepare<{ read_up_to: number }>(
    connection,
    'SELECT read_up_to FROM conversations WHERE conversation = ?',
  );
  const unread = prepare<UnreadColumns>(connection, `SELECT ${unreadFigures('?', '?')}`);
  const make = prepare(
    connection,
    'INSERT INTO conversations (conversation, person) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const put = prepare(
    connection,
    `UPDATE conversations SET former_name = ?, draft_text = ?, draft_reply_to = ?, draft_editing = ?,
       draft_wall_ms = ?, muted_until_wall_ms = ?, pinned = ?, read_up_to = ?,
       session_reset_wall_ms = ? WHERE conversation = ?`,
  );
  const remove = prepare(connection, 'DELETE FROM conversations WHERE conversation = ?');
  const known = new Set<string>();

  const ensure = (conversation: string, person: string): void => {
    if (known.has(conversation)) return;
    make.run(names.number(conversation), names.number(person));
    if (known.size >= cachedMax) known.clear();
    known.add(conversation);
  };
  const summary = (columns: SummaryColumns): ConversationSummary => {
    const last = columns.last === null ? undefined : messageAt.get(columns.last);
    return {
      ...conversationRow(columns, names),
      last: last === undefined ? undefined : message(last),
      unread: columns.unread,
      firstUnread: columns.first_unread ?? undefined,
    };
  };
  return {
    messagePut: ensure,
    forgetCached: () => known.clear(),
    reads: {
      conversations: () =>
        all
          .all()
          .map(summary)
          .toSorted((a, b) => (a.conversation < b.conversation ? -1 : 1)),
      conversation(conversation) {
        const number = names.find(conversation);
        const columns = number === undefined ? undefined : one.get(number);
        return columns === undefined ? undefined : summary(columns);
      },
      readUpTo(conversation) {
        const number = names.find(conversation);
        return (number === undefined ? undefined : readUpTo.get(number)?.read_up_to) ?? 0;
      },
      unread(conversation, position) {
        const number = names.find(conversation);
        const columns = number === undefined ? undefined : unread.get(number, position, number, position);
        return { unread: columns?.unread ?? 0, firstUnread: columns?.first_unread ?? undefined };
      },
    },
    writes: {
      changeConversation({ conversation, person, change }) {
        ensure(conversation, person);
        const number = names.number(conversation);
        const before = row.get(number)!;
        put.run(...valuesOf({ ...conversationRow(before, names), ...change }), number);
      },
      removeConversation({ conversation }) {
        known.delete(conversation);
        const number = names.find(conversation);
        if (number !== undefined) remove.run(number);
      },
    },
  };
}

/** In the order of the columns. */
function valuesOf(row: ConversationRow): Value[] {
  const { formerName, draft, mutedUntilWallMs, pinned, readUpTo, sessionResetWallMs } = row;
  return [
    formerName ?? null,
    draft?.text ?? null,
    draft?.replyTo ?? null,
    draft?.editing ?? null,
    draft?.updatedWallMs ?? null,
    mutedUntilWallMs ?? null,
    pinned ? 1 : 0,
    readUpTo,
    sessionResetWallMs ?? null,
  ];
}

function conversationRow(columns: Columns, names: Names): ConversationRow {
  const { draft_text: text, draft_wall_ms: updatedWallMs } = columns;
  return {
    conversation: names.name(columns.conversation) as ConversationId,
    person: names.name(columns.person) as PersonId,
    formerName: columns.former_name ?? undefined,
    draft:
      text === null || updatedWallMs === null
        ? undefined
        : {
            text,
            replyTo: columns.draft_reply_to ?? undefined,
            editing: columns.draft_editing ?? undefined,
            updatedWallMs,
          },
    mutedUntilWallMs: columns.muted_until_wall_ms ?? undefined,
    pinned: columns.pinned === 1,
    sessionResetWallMs: columns.session_reset_wall_ms ?? undefined,
    readUpTo: columns.read_up_to,
  };
}
