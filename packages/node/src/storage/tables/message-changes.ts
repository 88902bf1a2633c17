import { holdsLink } from '@kith/core/base/words';
import { prepare, type Connection } from '../sqlite.ts';
import type { Writers } from '../table.ts';
import type { MessageColumns } from './messages.ts';
import type { Reactions } from './reactions.ts';

export type MessageChanges = 'editMessage' | 'eraseMessage' | 'putReaction';

/** Tells the index of words that a message has another text than it had, or is gone. */
export type OnText = (position: number, before: string) => void;

export interface MessageChangesParts {
  find: (conversation: string, id: string) => MessageColumns | undefined;
  onText: OnText;
  reactions: Reactions;
}

/** What happens to messages after they came. Only messages.ts uses this. */
export function messageChanges(
  connection: Connection,
  { find, onText, reactions }: MessageChangesParts,
): Pick<Writers, MessageChanges> {
  const edit = prepare(
    connection,
    'UPDATE messages SET text = ?, link = ?, edit_sequence = ? WHERE position = ?',
  );
  const erase = prepare(
    connection,
    "UPDATE messages SET text = '', link = 0, deleted = 1, reacted = 0 WHERE position = ?",
  );
  const setReacted = prepare(
    connection,
    'UPDATE messages SET reacted = 1 WHERE position = ? AND reacted = 0',
  );
  return {
    editMessage({ conversation, id, text, sequence }) {
      const columns = find(conversation, id);
      if (columns === undefined || columns.deleted === 1) return;
      edit.run(text, holdsLink(text) ? 1 : 0, sequence, columns.position);
      onText(columns.position, columns.text);
    },
    eraseMessage({ conversation, id }) {
      const columns = find(conversation, id);
      if (columns === undefined) return;
      erase.run(columns.position);
      onText(columns.position, columns.text);
      reactions.remove(columns.position);
    },
    putReaction({ row }) {
      const columns = find(row.conversation, row.message);
      if (columns === undefined || columns.deleted === 1) return;
      reactions.put(columns.position, row);
      setReacted.run(columns.position);
    },
  };
}
