import type { ConversationId, MessageId, PersonId } from '@kith/core/base/ids';
import type { MessageRow, StoredMessage } from '@kith/core/base/store';
import { holdsLink } from '@kith/core/base/words';
import { directions, messageStates } from '../codes.ts';
import { prepare, type Connection } from '../sqlite.ts';
import type { Table } from '../table.ts';
import { type MessageChanges, messageChanges, type OnText } from './message-changes.ts';
import type { MessagePlaces } from './message-places.ts';
import { messagePositions } from './message-positions.ts';
import type { Names } from './names.ts';
import { type Reactions, reactionsTable } from './reactions.ts';

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
  reply_to: MessageId | null;
  edit_sequence: number | null;
  deleted: number;
  reacted: number;
  link: number;
}

const sameIdMax = 64;

type Reads = 'message' | 'messagesById' | 'messageCount';
type Writes = 'putMessage' | 'setMessageState' | MessageChanges;

export interface MessagesTable extends Table<Reads, Writes> {
  /** Columns of this table as a row. */
  readonly row: (columns: MessageColumns) => StoredMessage;
  /** Removes the row and its reactions. @returns where it stood and what it said; undefined where it is not stored. */
  remove(conversation: string, id: string): { position: number; text: string } | undefined;
  /** After a rollback, positions are read anew. */
  forgetCached(): void;
}

/** Messages in the order in which they came to this device. */
export function messagesTable(
  connection: Connection,
  names: Names,
  { places, onText }: { places: MessagePlaces; onText: OnText },
): MessagesTable {
  const insert = prepare(
    connection,
    `INSERT INTO messages (position, id, conversation, person, direction, state, sent_wall_ms, received_wall_ms,
       expires_at_ms, expires_at_wall_ms, reason, text, link, reply_to, edit_sequence, deleted)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const one = prepare<MessageColumns>(connection, 'SELECT * FROM messages WHERE position = ?');
  const setState = prepare(connection, 'UPDATE messages SET state = ?, reason = ? WHERE position = ?');
  const removeRow = prepare(connection, 'DELETE FROM messages WHERE position = ?');
  const positions = messagePositions(connection);
  const reactions = reactionsTable(connection, names);
  const row = (columns: MessageColumns): StoredMessage => messageRow(columns, names, reactions);
  const find = (conversation: string, id: string): MessageColumns | undefined => {
    const position = places.find(conversation, id);
    return position === undefined ? undefined : one.get(position);
  };
  return {
    row,
    remove(conversation, id) {
      const columns = find(conversation, id);
      if (columns === undefined) return undefined;
      const { position, text } = columns;
      positions.removing(position);
      removeRow.run(position);
      reactions.remove(position);
      places.remove(conversation, id, position);
      return { position, text };
    },
    forgetCached: () => positions.forgetCached(),
    reads: {
      message(conversation, id) {
        const columns = find(conversation, id);
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
      messageCount(conversation) {
        const number = conversation === undefined ? undefined : names.find(conversation);
        return conversation !== undefined && number === undefined ? 0 : positions.count(number);
      },
    },
    writes: {
      putMessage({ row: message }) {
        if (places.find(message.conversation, message.id) !== undefined) return;
        const position = positions.next();
        insert.run(position, ...parameters(message, names));
        places.add(message.conversation, message.id, position);
      },
      setMessageState({ conversation, id, state, reason }) {
        const position = places.find(conversation, id);
        if (position !== undefined) setState.run(messageStates.code(state), reason ?? null, position);
      },
      ...messageChanges(connection, { find, onText, reactions }),
    },
  };
}

function parameters(row: MessageRow, names: Names): (string | number | null)[] {
  return [
    row.id,
    names.number(row.conversation),
    names.number(row.person),
    directions.code(row.direction),
    messageStates.code(row.state),
    row.sentWallMs,
    row.receivedWallMs ?? null,
    row.expiresAtMs ?? null,
    row.expiresAtWallMs ?? null,
    row.reason ?? null,
    row.text,
    holdsLink(row.text) ? 1 : 0,
    row.replyTo ?? null,
    row.editSequence ?? null,
    row.deleted ? 1 : 0,
  ];
}

function messageRow(columns: MessageColumns, names: Names, reactions: Reactions): StoredMessage {
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
    replyTo: columns.reply_to ?? undefined,
    editSequence: columns.edit_sequence ?? undefined,
    deleted: columns.deleted === 1,
    position: columns.position,
    reactions: columns.reacted === 1 ? reactions.of(columns.position) : [],
  };
}
