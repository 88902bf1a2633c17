/** What happens to messages in the in-memory database. Used by memory-store.ts alone. */
import type { PersonId } from './ids.ts';
import type { EarlyRow, Store, StoredMessage, StoreWrite } from './store.ts';

export interface ChangeTables {
  /** By conversation and id. */
  messages: Map<string, StoredMessage>;
  /** By person, message and kind. */
  early: Map<string, { order: number; row: EarlyRow }>;
}

/** How a transaction of memory-store.ts writes. */
interface Writing {
  put(name: 'messages', key: string, row: StoredMessage): void;
  put(name: 'early', key: string, row: { order: number; row: EarlyRow }): void;
  remove(name: 'early', key: string): void;
  next(counter: 'order'): number;
}

type Change = 'editMessage' | 'eraseMessage' | 'putReaction' | 'putEarly' | 'removeEarly';

type Writers = {
  [Op in Change]: (writing: Writing, tables: ChangeTables, write: Extract<StoreWrite, { op: Op }>) => void;
};

const keyOf = (...parts: string[]): string => parts.join('\n');

export const changeWriters: Writers = {
  editMessage(writing, tables, { conversation, id, text, sequence }) {
    const key = keyOf(conversation, id);
    const row = tables.messages.get(key);
    if (row === undefined || row.deleted) return;
    writing.put('messages', key, { ...row, text, editSequence: sequence });
  },
  eraseMessage(writing, tables, { conversation, id }) {
    const key = keyOf(conversation, id);
    const row = tables.messages.get(key);
    if (row === undefined) return;
    writing.put('messages', key, { ...row, text: '', deleted: true, reactions: [] });
  },
  putReaction(writing, tables, { row: { conversation, message, person, sequence, emoji } }) {
    const key = keyOf(conversation, message);
    const row = tables.messages.get(key);
    if (row === undefined || row.deleted) return;
    const reaction = { person, sequence, emoji: [...emoji] };
    const at = row.reactions.findIndex((each) => each.person === person);
    const reactions = at < 0 ? [...row.reactions, reaction] : row.reactions.with(at, reaction);
    writing.put('messages', key, { ...row, reactions });
  },
  putEarly(writing, tables, { row }) {
    const key = keyOf(row.person, row.message, row.kind);
    const order = tables.early.get(key)?.order ?? writing.next('order');
    writing.put('early', key, { order, row: { ...row, content: row.content.slice() } });
  },
  removeEarly(writing, tables, { person, message }) {
    for (const kind of ['edit', 'delete', 'react']) {
      const key = keyOf(person, message, kind);
      if (tables.early.has(key)) writing.remove('early', key);
    }
  },
};

export function forgetEarly(writing: Writing, tables: ChangeTables, nowMs: number): void {
  for (const [key, { row }] of tables.early) if (row.expiresAtMs <= nowMs) writing.remove('early', key);
}

export function changeReads(tables: ChangeTables): Pick<Store, 'earlyOf' | 'earlyMessages'> {
  const ofPerson = (person: PersonId): EarlyRow[] =>
    [...tables.early.values()]
      .filter(({ row }) => row.person === person)
      .toSorted((a, b) => a.order - b.order)
      .map(({ row }) => row);
  return {
    earlyOf: (person, message) =>
      ofPerson(person)
        .filter((row) => message === undefined || row.message === message)
        .map((row) => ({ ...row, content: row.content.slice() })),
    earlyMessages: (person) => [...new Set(ofPerson(person).map((row) => row.message))],
  };
}

/** Rows hold reactions, and these hold lists: none is shared with who reads or writes. */
export function copyMessage(row: StoredMessage): StoredMessage {
  return { ...row, reactions: row.reactions.map((each) => ({ ...each, emoji: [...each.emoji] })) };
}
