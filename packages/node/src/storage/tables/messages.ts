import type { ConversationId, MessageId, PersonId } from '@kith/core/base/ids';
import type { StoredMessage } from '@kith/core/base/store';
import { directions, messageStates } from '../codes.ts';
import { prepare, type Connection } from '../sqlite.ts';
import { checkLimit, type Table } from '../table.ts';
import type { MessagePlaces } from './message-places.ts';
import type { Names } from './names.ts';

export interface MessageColumns {
  position: number;
  id: MessageId;
  conversation: number;
  person: number;
  direction: number;
  state: number;
  sent_wall_ms: number;
  received_wall_ms: number | null;
  expires_at_ms: number | null;
  expires_at_wall_ms: number | null;
  reason: string | null;
  text: string;
}

const sameIdMax = 64;

/** Messages in the order in which they came to this device. */
export function messagesTable(
  connection: Connection,
  names: Names,
  places: MessagePlaces,
): Table<'message' | 'messagesById' | 'history', 'putMessage' | 'setMessageState'> {
  const insert = prepare(
    connection,
    `INSERT INTO messages (id, conversation, person, direction, state, sent_wall_ms, received_wall_ms,
       expires_at_ms, expires_at_wall_ms, reason, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const one = prepare<MessageColumns>(connection, 'SELECT * FROM messages WHERE position = ?');
  const newest = prepare<MessageColumns>(
    connection,
    'SELECT * FROM messages WHERE conversation = ? AND position < ? ORDER BY position DESC LIMIT ?',
  );
  const setState = prepare(connection, 'UPDATE messages SET state = ?, reason = ? WHERE position = ?');
  const row = (columns: MessageColumns): StoredMessage => messageRow(columns, names);
  return {
    reads: {
      message(conversation, id) {
        const position = places.find(conversation, id);
        const columns = position === undefined ? undefined : one.get(position);
        return columns === undefined ? undefined : row(columns);
      },
      messagesById: (id) =>
        places
          .findAll(id)
          .map((position) => one.get(position))
          .filter((columns) => columns !== undefined)
          .toSorted((a, b) => a.direction - b.direction) // Stable: by arrival within each.
          .slice(0, sameIdMax)
          .map(row),
      history(conversation, limit, before) {
        checkLimit(limit);
        const number = names.find(conversation);
        if (number === undefined) return [];
        return newest
          .all(number, before ?? Number.MAX_SAFE_INTEGER, limit)
          .map(row)
          .reverse();
      },
    },
    writes: {
      putMessage({ row: message }) {
        if (places.find(message.conversation, message.id) !== undefined) return;
        const { lastInsertRowid } = insert.run(
          message.id,
          names.number(message.conversation),
          names.number(message.person),
          directions.code(message.direction),
          messageStates.code(message.state),
          message.sentWallMs,
          message.receivedWallMs ?? null,
          message.expiresAtMs ?? null,
          message.expiresAtWallMs ?? null,
          message.reason ?? null,
          message.text,
        );
        places.add(message.conversation, message.id, Number(lastInsertRowid));
      },
      setMessageState({ conversation, id, state, reason }) {
        const position = places.find(conversation, id);
        if (position !== undefined) setState.run(messageStates.code(state), reason ?? null, position);
      },
    },
  };
}

export function messageRow(columns: MessageColumns, names: Names): StoredMessage {
  return {
    conversation: names.name(columns.conversation) as ConversationId,
    id: columns.id,
    direction: directions.word(columns.direction),
    person: names.name(columns.person) as PersonId,
    text: columns.text,
    sentWallMs: columns.sent_wall_ms,
    receivedWallMs: columns.received_wall_ms ?? undefined,
    state: messageStates.word(columns.state),
    reason: columns.reason ?? undefined,
    expiresAtMs: columns.expires_at_ms ?? undefined,
    expiresAtWallMs: columns.expires_at_wall_ms ?? undefined,
    position: columns.position,
  };
}
