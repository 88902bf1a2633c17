import { arrivalWallMs, firstSince } from '@kith/core/base/arrival';
import type { StoredMessage } from '@kith/core/base/store';
import { prepare, type Connection } from '../sqlite.ts';
import { checkLimit, type Table } from '../table.ts';
import type { MessageColumns } from './messages.ts';
import type { Names } from './names.ts';

/** Messages of a conversation, or of all, from a place on. Each is one search in an index and reads what it returns. */
export function timelineTable(
  connection: Connection,
  names: Names,
  row: (columns: MessageColumns) => StoredMessage,
): Table<'history' | 'historyAfter' | 'oldest' | 'positionAt', never> {
  const before = prepare<MessageColumns>(
    connection,
    `SELECT * FROM messages INDEXED BY messages_conversation WHERE conversation = ? AND position < ?
     ORDER BY position DESC LIMIT ?`,
  );
  const after = prepare<MessageColumns>(
    connection,
    `SELECT * FROM messages INDEXED BY messages_conversation WHERE conversation = ? AND position > ?
     ORDER BY position LIMIT ?`,
  );
  const afterOfAll = prepare<MessageColumns>(
    connection,
    'SELECT * FROM messages WHERE position > ? ORDER BY position LIMIT ?',
  );
  const highest = prepare<{ position: number | null }>(
    connection,
    'SELECT max(position) AS position FROM messages',
  );
  const following = (number: number | undefined, position: number): MessageColumns | undefined =>
    number === undefined ? afterOfAll.get(position, 1) : after.get(number, position, 1);
  const highestOf = (number: number | undefined): number | undefined =>
    (number === undefined ? highest.get() : before.get(number, Number.MAX_SAFE_INTEGER, 1))?.position ??
    undefined;
  return {
    reads: {
      history(conversation, limit, position) {
        checkLimit(limit);
        const number = names.find(conversation);
        if (number === undefined) return [];
        return before
          .all(number, position ?? Number.MAX_SAFE_INTEGER, limit)
          .map(row)
          .reverse();
      },
      historyAfter(conversation, limit, position) {
        checkLimit(limit);
        const number = names.find(conversation);
        return number === undefined ? [] : after.all(number, position, limit).map(row);
      },
      oldest(limit, position) {
        checkLimit(limit);
        return afterOfAll.all(position, limit).map(row);
      },
      positionAt(conversation, wallMs) {
        const number = conversation === undefined ? undefined : names.find(conversation);
        if (conversation !== undefined && number === undefined) return undefined;
        const first = following(number, 0);
        const last = highestOf(number);
        if (first === undefined || last === undefined) return undefined;
        return firstSince({ lowest: first.position, highest: last }, wallMs, (position) => {
          const at = following(number, position - 1);
          return at === undefined
            ? undefined
            : { position: at.position, arrivalWallMs: arrivalWallMs(row(at)) };
        });
      },
    },
    writes: {},
  };
}
