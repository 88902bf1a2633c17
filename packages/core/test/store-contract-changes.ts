/** The part of store-contract.ts about what happens to messages. */
import { expect, test } from 'vitest';
import type { StoredMessage, StoreWrite } from '../src/base/store.ts';
import { bytesOf, earlyRow, ids, reactionRow } from './store-rows.ts';
import { commitAll, idsOf, numbers, putMessage, type ContractDatabase, type Open } from './store-writes.ts';

const conversation = ids.conversation(1);

function edit(n: number, text: string, sequence = 1): StoreWrite {
  return { op: 'editMessage', conversation, id: ids.message(n), text, sequence };
}

function erase(n: number): StoreWrite {
  return { op: 'eraseMessage', conversation, id: ids.message(n) };
}

function messageOf({ store }: ContractDatabase, n: number): StoredMessage | undefined {
  return store.message(conversation, ids.message(n));
}

export function changeTests(open: Open): void {
  editTests(open);
  reactionTests(open);
  earlyTests(open);
}

function editTests(open: Open): void {
  test('an edit changes the text and its sequence, and nothing else', () => {
    const database = open();
    commitAll(database, [putMessage(1), putMessage(1, { conversation: ids.conversation(2) })]);
    const before = messageOf(database, 1);
    commitAll(database, [edit(1, 'another text', 7)]);
    expect(messageOf(database, 1)).toEqual({ ...before, text: 'another text', editSequence: 7 });
    expect(database.store.message(ids.conversation(2), ids.message(1))?.text).toBe('message number 1');
    commitAll(database, [edit(9, 'of nothing')]);
    expect(messageOf(database, 9)).toBeUndefined();
  });

  test('a deletion takes text and reactions, and is final', () => {
    const database = open();
    commitAll(database, [putMessage(1), { op: 'putReaction', row: reactionRow(1) }]);
    const before = messageOf(database, 1);
    commitAll(database, [erase(1), edit(1, 'again'), { op: 'putReaction', row: reactionRow(1) }]);
    expect(messageOf(database, 1)).toEqual({ ...before, text: '', deleted: true, reactions: [] });
    commitAll(database, [erase(1), erase(9)]);
    expect(messageOf(database, 1)?.position).toBe(before?.position);
    expect(messageOf(database, 9)).toBeUndefined();
  });

  test('the search finds the text there is, and none that was', () => {
    const database = open();
    commitAll(
      database,
      numbers(1, 4).map((n) => putMessage(n, { text: `apple number${n}` })),
    );
    commitAll(database, [edit(1, 'cherry'), edit(2, 'cherry apple'), erase(3)]);
    const found = (words: string): unknown => idsOf(database.store.search(words, 10));
    expect(found('apple')).toEqual([4, 2].map(ids.message));
    expect(found('cherry')).toEqual([2, 1].map(ids.message));
    expect(found('number3')).toEqual([]);
    database.begin();
    database.apply(edit(4, 'plum'));
    expect(found('plum')).toEqual([ids.message(4)]);
    database.rollback();
    expect(found('plum')).toEqual([]);
    expect(found('apple')).toEqual([4, 2].map(ids.message));
  });
}

function reactionTests(open: Open): void {
  test('reactions: one list of each person, in the order in which people came', () => {
    const database = open();
    const by = (person: number, emoji: string[], sequence: number): StoreWrite => ({
      op: 'putReaction',
      row: reactionRow(1, { person: ids.person(person), emoji, sequence }),
    });
    commitAll(database, [putMessage(1), putMessage(2), by(2, ['👍'], 1), by(1, ['❤️', '😀'], 2)]);
    commitAll(database, [by(2, ['🏴‍☠️', '1️⃣'], 3), by(3, [], 4)]);
    const reactions = [
      { person: ids.person(2), emoji: ['🏴‍☠️', '1️⃣'], sequence: 3 },
      { person: ids.person(1), emoji: ['❤️', '😀'], sequence: 2 },
      { person: ids.person(3), emoji: [], sequence: 4 },
    ];
    expect(messageOf(database, 1)?.reactions).toEqual(reactions);
    expect(database.store.history(conversation, 5, undefined).map((each) => each.reactions)).toEqual([
      reactions,
      [],
    ]);
    commitAll(database, [{ op: 'putReaction', row: reactionRow(9) }, putMessage(9)]);
    expect(messageOf(database, 9)?.reactions).toEqual([]);
  });

  test('what is read does not follow what is done with it', () => {
    const database = open();
    const row = reactionRow(1, { emoji: ['👍'] });
    commitAll(database, [putMessage(1), { op: 'putReaction', row }]);
    row.emoji.push('😀');
    messageOf(database, 1)?.reactions[0]?.emoji.push('😀');
    messageOf(database, 1)?.reactions.pop();
    expect(messageOf(database, 1)?.reactions.map((each) => each.emoji)).toEqual([['👍']]);
  });
}

function earlyTests(open: Open): void {
  test('early changes: one of a kind for each person and message, in the order they were first put', () => {
    const database = open();
    const other = earlyRow(1, { person: ids.person(2) });
    const rows = [earlyRow(3), earlyRow(1), earlyRow(3, { kind: 'react' })];
    commitAll(
      database,
      [...rows, other].map((row) => ({ op: 'putEarly', row })),
    );
    expect(database.store.earlyOf(ids.person(1))).toEqual(rows);
    const newer = earlyRow(3, { sequence: 8, content: bytesOf(8, 9), expiresAtMs: 2 });
    commitAll(database, [{ op: 'putEarly', row: newer }]);
    expect(database.store.earlyOf(ids.person(1))).toEqual([newer, rows[1], rows[2]]);
    expect(database.store.earlyOf(ids.person(1), ids.message(3))).toEqual([newer, rows[2]]);
    expect(database.store.earlyOf(ids.person(2), ids.message(3))).toEqual([]);
    expect(database.store.earlyMessages(ids.person(1))).toEqual([3, 1].map(ids.message));
    expect(database.store.earlyMessages(ids.person(3))).toEqual([]);
    commitAll(database, [{ op: 'removeEarly', person: ids.person(1), message: ids.message(3) }]);
    expect(database.store.earlyOf(ids.person(1))).toEqual([rows[1]]);
    expect(database.store.earlyOf(ids.person(2))).toEqual([other]);
    expect(database.store.earlyOf(ids.person(3))).toEqual([]);
  });

  test('early changes are forgotten at their time', () => {
    const database = open();
    const rows = [earlyRow(1, { expiresAtMs: 5 }), earlyRow(2, { expiresAtMs: 6 })];
    commitAll(
      database,
      rows.map((row) => ({ op: 'putEarly', row })),
    );
    commitAll(database, [{ op: 'forget', nowMs: 5, eventsFrom: 0 }]);
    expect(database.store.earlyOf(ids.person(1))).toEqual([rows[1]]);
  });
}
