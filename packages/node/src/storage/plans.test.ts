/**
 * Goal: what the screens ask of long conversations takes few steps, however long they are. Method: the plan of every
 * statement that is prepared is asked for, and the statements are counted; no time is measured.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bytesOf, ids, messageRow } from '../../../core/test/store-rows.ts';
import { openDatabase } from './database.ts';
import { connectMigrated, migrations } from './migrate.ts';
import type { Connection } from './sqlite.ts';
import { conversationsTable } from './tables/conversations.ts';
import { namesTable } from './tables/names.ts';
import { searchTable } from './tables/search.ts';
import { timelineTable } from './tables/timeline.ts';

const root = mkdtempSync(join(tmpdir(), 'kith-plans-'));
afterAll(() => rmSync(root, { recursive: true }));
const key = bytesOf(3, 32);

/** A database with messages in two conversations. */
function filled(): string {
  const path = join(root, 'filled', 'kith.db');
  const database = openDatabase(path, key);
  database.begin();
  for (let n = 0; n < 3_000; n++) {
    const conversation = ids.conversation(n % 50 === 0 ? 2 : 1);
    const direction = n % 2 === 0 ? ('in' as const) : ('out' as const);
    const text = n % 9 === 0 ? 'word https://a.example' : `word${n}`;
    database.apply({ op: 'putMessage', row: messageRow(n, { conversation, direction, text }) });
  }
  database.commit();
  while (database.maintain?.() === true);
  database.close();
  return path;
}

test('no statement walks through messages, and none sorts them', () => {
  const { connection, prepared, executed } = watched(connectMigrated(filled(), key));
  const names = namesTable(connection);
  const row = (): never => ({ sentWallMs: 0 }) as never;
  const timeline = timelineTable(connection, names, row);
  const search = searchTable(connection, names, {
    row,
    words: { indexedPosition: () => 3_000, isBehind: () => false },
  });
  conversationsTable(connection, names, row).reads.conversations();
  const here = ids.conversation(1);
  for (const filter of [
    { conversation: here },
    { conversation: here, direction: 'in' },
    { hasLink: true },
    {},
  ]) {
    for (const words of ['', 'word']) search.reads.search(words, 50, { before: 2_000, ...filter } as never);
  }
  timeline.reads.history(here, 50, undefined);
  timeline.reads.historyAfter(here, 50, 1_000);
  executed.count = 0;
  timeline.reads.positionAt(here, 1_760_000_001_500);
  expect(executed.count).toBeLessThan(2 * Math.log2(3_000) + 6);
  const plans = [...prepared]
    .filter((sql) => /FROM (messages|words|conversations)/.test(sql))
    .map(planOf(connection));
  expect(plans.length).toBeGreaterThan(12);
  for (const { sql, plan } of plans) {
    expect(plan, sql).not.toMatch(/TEMP B-TREE/);
    // In the order of their positions, up to a bound: where a search has neither words nor anything to narrow it by.
    if (!sql.includes('NOT INDEXED'))
      expect(plan, sql).not.toMatch(/SCAN messages(?! USING INDEX messages_link)/);
  }
  connection.close();
});

/** The same connection, noting what is prepared and counting what is run. */
function watched(connection: Connection): {
  connection: Connection;
  prepared: Set<string>;
  executed: { count: number };
} {
  const prepared = new Set<string>();
  const executed = { count: 0 };
  const prepare = connection.prepare.bind(connection);
  connection.prepare = ((sql: string) => {
    prepared.add(sql);
    const statement = prepare(sql);
    for (const name of ['get', 'all', 'run', 'iterate'] as const) {
      const work = statement[name].bind(statement) as (...values: unknown[]) => unknown;
      statement[name] = ((...values: unknown[]) => {
        executed.count += 1;
        return work(...values);
      }) as never;
    }
    return statement;
  }) as never;
  return { connection, prepared, executed };
}

function planOf(connection: Connection): (sql: string) => { sql: string; plan: string } {
  return (sql) => {
    const values = Array.from({ length: sql.split('?').length - 1 }, () => '1');
    const rows = connection.prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    return { sql, plan: rows.map(({ detail }) => detail).join('\n') };
  };
}

test('a profile of the first schema: what was there counts as read, links are found, the rest is as it was', () => {
  const path = join(root, 'first', 'kith.db');
  openDatabase(path, key).close(); // For folder and file; its database is replaced by one of the first schema.
  for (const end of ['', '-wal', '.check']) rmSync(`${path}${end}`, { force: true });
  writeFileSync(path, '', { mode: 0o600 });
  const old = firstSchema(path);
  old.exec(`
    INSERT INTO names (number, name) VALUES (1, '${ids.conversation(1)}'), (2, '${ids.person(1)}');
    INSERT INTO messages (position, id, conversation, person, direction, state, sent_wall_ms, received_wall_ms, text) VALUES
      (1, '${ids.message(1)}', 1, 2, 1, 5, 1000, 2000, 'see HTTPS://a.example'), (2, '${ids.message(2)}', 1, 2, 0, 2, 3000, NULL, 'no link');
    INSERT INTO events (seq, at_wall_ms, event, data) VALUES (1, 5, 0, '{"id":"${ids.message(1)}","conversation":"c","text":"see HTTPS"}');
  `);
  old.close();
  const database = openDatabase(path, key);
  expect(database.store.conversations()).toMatchObject([
    {
      conversation: ids.conversation(1),
      person: ids.person(1),
      unread: 0,
      readUpTo: 2,
      last: { text: 'no link' },
    },
  ]);
  expect(database.store.search('', 10, { hasLink: true }).map(({ id }) => id)).toEqual([ids.message(1)]);
  expect(database.store.events(0, 10)[0]?.data).toBe(`{"id":"${ids.message(1)}","conversation":"c"}`);
  database.begin();
  database.apply({ op: 'putMessage', row: messageRow(3, { direction: 'in', text: 'new' }) });
  database.commit();
  expect(database.store.conversation(ids.conversation(1))).toMatchObject({
    unread: 1,
    firstUnread: ids.message(3),
  });
  database.close();
});

function firstSchema(path: string): Connection {
  return connectMigrated(path, key, migrations.slice(0, 1));
}
