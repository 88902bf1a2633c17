/** Goal: nothing of a deleted or edited text is left in any table, index and event included; and taking it out is bounded. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { StoreWrite } from '@kith/core/base/store';
import { eventRow, ids, messageRow } from '../../../core/test/store-rows.ts';
import { openDatabase } from './database.ts';
import { connect } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'kith-erased-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = new Uint8Array(32).fill(9);

/** Every value of every row of every table, those of the index too, as one text of bytes. */
function everything(path: string): string {
  const connection = connect(path, key);
  try {
    const tables = connection
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .filter(({ name }) => name !== 'words'); // Its rows hold nothing; its pages are tables of their own.
    const values = tables.flatMap(({ name }) =>
      connection.prepare<[], Record<string, unknown>>(`SELECT * FROM ${name}`).all().flatMap(Object.values),
    );
    return values
      .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
      .join('\n');
  } finally {
    connection.close();
  }
}

test('a text that was deleted or edited is in no table any more', () => {
  const path = join(folder, 'kith.db');
  const change = (writes: StoreWrite[]): void => {
    const database = openDatabase(path, key);
    database.begin();
    for (const write of writes) database.apply(write);
    database.commit();
    while (database.maintain?.() === true);
    database.close();
  };
  const conversation = ids.conversation(1);
  const texts = ['zanzibar', 'quetzal', 'xylophone', 'marmalade'];
  change([
    ...texts.map((text, n): StoreWrite => ({ op: 'putMessage', row: messageRow(n, { text }) })),
    { op: 'addEvent', row: eventRow(1) },
  ]);
  // The index shortens words by what they share with the one before; these share nothing.
  const kept = everything(path);
  for (const text of texts) expect(kept.split(text).length, text).toBe(3); // In its row and in the index.
  change([
    { op: 'eraseMessage', conversation, id: ids.message(0) },
    { op: 'editMessage', conversation, id: ids.message(1), text: 'gone', sequence: 1 },
  ]);
  const left = everything(path);
  expect(left).not.toContain('zanzibar');
  expect(left).not.toContain('quetzal');
  for (const text of texts.slice(2)) expect(left.split(text).length, text).toBe(3);
});

test('of very much that is changed at once a part is taken out later; a search finds what is there', () => {
  const path = join(folder, 'much', 'kith.db');
  const database = openDatabase(path, key);
  const change = (writes: StoreWrite[]): void => {
    database.begin();
    for (const write of writes) database.apply(write);
    database.commit();
  };
  const conversation = ids.conversation(1);
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  // Each of 5,000 characters: of twenty four may be taken out in one transaction.
  const textOf = (n: number): string => `secret${n} ${`filler${n} `.repeat(500)}`;
  const found = (words: string): string[] => database.store.search(words, 100).map(({ id }) => id);
  change(numbers.map((n) => ({ op: 'putMessage', row: messageRow(n, { text: textOf(n) }) })));
  while (database.maintain?.() === true);
  const [edited, ...others] = numbers.toReversed();
  const edit = (text: string, sequence: number): StoreWrite => ({
    op: 'editMessage',
    conversation,
    id: ids.message(edited!),
    text,
    sequence,
  });
  change([
    ...others.slice(0, 9).map((n): StoreWrite => ({ op: 'eraseMessage', conversation, id: ids.message(n) })),
    ...others.slice(9).map((n): StoreWrite => ({ op: 'removeMessage', conversation, id: ids.message(n) })),
    edit('between', 1),
    edit('lighthouse', 2),
  ]);
  expect(found('lighthouse')).toEqual([ids.message(edited!)]);
  expect(found('secret')).toEqual([]);
  expect(found('between')).toEqual([]);
  let steps = 0;
  while (database.maintain?.() === true) steps += 1;
  expect(steps).toBeGreaterThanOrEqual(4);
  expect(found('lighthouse')).toEqual([ids.message(edited!)]);
  database.close();
  expect(everything(path)).not.toMatch(/secret|between/);
});
