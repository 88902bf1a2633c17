import type { ConversationId, MessageId, PersonId } from '@kith/core/base/ids';
import type { StoredMessage } from '@kith/core/base/store';
import { holdsLink } from '@kith/core/base/words';
import { directions, messageStates } from '../codes.ts';
import { prepare, type Connection } from '../sqlite.ts';
import type { Table } from '../table.ts';
import type { MessagePlaces } from './message-places.ts';
import type { Names } from './names.ts';
import { messagePositions } from './message-positions.ts';

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
  link: number;
}

const sameIdMax = 64;

type Reads = 'message' | 'messagesById' | 'messageCount';

export interface MessagesTable extends Table<Reads, 'putMessage' | 'setMessageState'> {
  /** Columns of this table as a row. */
  readonly row: (columns: MessageColumns) => StoredMessage;
  /** Removes the row alone. @returns where it stood and what it said; undefined where it is not stored. */
  remove(conversation: string, id: string): { position: number; text: string } | undefined;
  /** After a rollback, positions are read anew. */
  forgetCached(): void;
}

/** Messages in the order in which they came to this device. */
export function messagesTable(connection: Connection, names: Names, places: MessagePlaces): MessagesTable {
  const insert = prepare(
    connection,
    `INSERT INTO messages (position, id, conversation, person, direction, state, sent_wall_ms, received_wall_ms,
       expires_at_ms, expires_at_wall_ms, reason, text, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const one = prepare<MessageColumns>(connection, 'SELECT * FROM messages WHERE position = ?');
  const setState = prepare(connection, 'UPDATE messages SET state = ?, reason = ? WHERE position = ?');
  const removeRow = prepare(connection, 'DELETE FROM messages WHERE position = ?');
  const positions = messagePositions(connection);
  const row = (columns: MessageColumns): StoredMessage => messageRow(columns, names);
  return {
    row,
    remove(conversation, id) {
      const position = places.find(conversation, id);
      const columns = position === undefined ? undefined : one.get(position);
      if (position === undefined || columns === undefined) return undefined;
      positions.removing(position);
      removeRow.run(position);
      places.remove(conversation, id, position);
      return { position, text: columns.text };
    },
    forgetCached: () => positions.forgetCached(),
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
      messageCount: () => positions.count(),
    },
    writes: {
      putMessage({ row: message }) {
        if (places.find(message.conversation, message.id) !== undefined) return;
        const position = positions.next();
        insert.run(
          position,
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
          holdsLink(message.text) ? 1 : 0,
        );
        places.add(message.conversation, message.id, position);
      },
      setMessageState({ conversation, id, state, reason }) {
        const position = places.find(conversation, id);
        if (position !== undefined) setState.run(messageStates.code(state), reason ?? null, position);
      },
    },
  };
}

function messageRow(columns: MessageColumns, names: Names): StoredMessage {
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
