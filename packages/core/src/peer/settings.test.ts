/** Goal: what was chosen is kept, what nobody understands falls back, and old messages go only where they may. */
import { expect, test } from 'vitest';
import { utf8 } from '../base/bytes.ts';
import { createMemoryStore } from '../base/memory-store.ts';
import type { StoreWrite } from '../base/store.ts';
import { ids, messageRow } from '../../test/store-rows.ts';
import type { PeerOutput } from './contract.ts';
import { Retention, retentionStepMessages } from './retention.ts';
import { firstWaitMs, freeTries, ScreenLock, waitMsMax } from './screen-lock.ts';
import { choicesDefaults, decodeChoices, Settings } from './settings.ts';
import { Turn } from './turn.ts';

const dayMs = 24 * 3_600_000;

function world(): {
  database: ReturnType<typeof createMemoryStore>;
  turn: Turn;
  /** Applies what was said. @returns the kinds of its events. */
  commit(): string[];
  /** What all events so far said. */
  told: unknown[];
} {
  const database = createMemoryStore();
  const turn = new Turn(0);
  turn.begin(1_000 * dayMs, 1_000 * dayMs);
  const told: unknown[] = [];
  const commit = (): string[] => {
    const outputs = turn.take();
    database.begin();
    for (const output of outputs) if (output.type === 'store') database.apply(output.write);
    database.commit();
    const rows = outputs.filter(isEvent).map(({ row }) => row);
    told.push(...rows.map(({ data }): unknown => JSON.parse(data)));
    return rows.map(({ event }) => event);
  };
  return { database, turn, commit, told };
}

const isEvent = (output: PeerOutput): output is Extract<PeerOutput, { type: 'event' }> =>
  output.type === 'event';

test('what is chosen is kept and told once; what is left out or unknown stays', () => {
  const { database, turn, commit } = world();
  const told: string[] = [];
  const make = (): Settings =>
    new Settings({ store: database.store, turn, onChanged: ({ theme }) => told.push(theme) });
  const settings = make();
  settings.set({ theme: 'dark', keepDays: 30, language: undefined });
  settings.set({ theme: 'dark' });
  settings.set({ theme: 'no such' as never, accent: 12, keepDays: 0, density: 'compact' });
  expect(commit()).toEqual(['settings', 'settings']);
  expect(told).toEqual(['dark', 'dark']);
  const expected = { ...choicesDefaults, theme: 'dark', keepDays: 30, density: 'compact' };
  expect(settings.current).toEqual(expected);
  expect(make().current).toEqual(expected);
});

test('a row that nobody understands is no choice, one of a later version is read as far as it goes', () => {
  for (const text of ['', '{', 'null', '[]', '7', `{"theme":"${'x'.repeat(9_000)}"}`]) {
    expect(decodeChoices(utf8(text))).toEqual(choicesDefaults);
  }
  const later =
    '{"version":9,"theme":"light","accent":"red","mood":"good","lan":"maybe","__proto__":{"lan":"off"}}';
  expect(decodeChoices(utf8(later))).toEqual({ ...choicesDefaults, theme: 'light' });
});

test('a PIN is tried a few times, then ever more slowly, also after a restart; the right one begins anew', () => {
  const { database, turn, commit } = world();
  const make = (): ScreenLock => new ScreenLock({ store: database.store, turn });
  let lock = make();
  expect(lock.begin()).toBeUndefined();
  lock.replace(undefined, 'verifier');
  for (let tries = 0; tries < freeTries; tries++) expect(lock.begin()).toBe('verifier');
  commit();
  expect(() => lock.begin()).toThrow(/30 seconds/);
  lock = make();
  expect(() => lock.begin()).toThrow(/30 seconds/);
  let waitMs = firstWaitMs;
  for (let tries = 0; tries < 12; tries++) {
    turn.begin(turn.nowMs + waitMs - 1, turn.wallMs);
    expect(() => lock.begin()).toThrow(/Too many/);
    turn.begin(turn.nowMs + 1, turn.wallMs);
    expect(lock.begin()).toBe('verifier');
    waitMs = Math.min(waitMs * 2, waitMsMax);
  }
  lock.right('another');
  expect(() => lock.begin()).toThrow(/60 minutes/);
  lock.right('verifier');
  expect(lock.begin()).toBe('verifier');
  expect(() => lock.replace('another', undefined)).toThrow(/PIN is wrong/);
  lock.replace('verifier', undefined);
  expect([lock.hasPin, lock.begin()]).toEqual([false, undefined]);
  commit();
  expect(make().hasPin).toBe(false);
});

test('old messages go in steps, each told of; what waits, what was not read and what is young stays', () => {
  const { database, turn, commit, told } = world();
  const put = (n: number, ageDays: number, changes: Parameters<typeof messageRow>[1]): StoreWrite => ({
    op: 'putMessage',
    row: messageRow(n, { sentWallMs: turn.wallMs - ageDays * dayMs, state: 'delivered', ...changes }),
  });
  const incoming = { direction: 'in', state: 'received' } as const;
  database.begin();
  for (let n = 0; n < 300; n++) database.apply(put(n, 40, {}));
  database.apply(put(300, 40, { state: 'sent' }));
  database.apply(put(301, 40, incoming));
  database.apply(put(302, 40, incoming));
  database.apply(put(303, 29, {}));
  const person = ids.person(1);
  const conversation = ids.conversation(1);
  database.apply({ op: 'changeConversation', conversation, person, change: { readUpTo: 302 } });
  database.commit();
  let keepDays: number | null = null;
  const retention = new Retention({ store: database.store, turn, keepDays: () => keepDays });
  expect(retention.nextWakeMs()).toBe(Infinity);
  keepDays = 30;
  const step = (): number => {
    turn.begin(retention.nextWakeMs(), turn.wallMs);
    retention.wake();
    commit();
    return database.store.messageCount();
  };
  retention.changed();
  expect(step()).toBe(304 - retentionStepMessages);
  expect(step()).toBe(3);
  expect(database.store.oldest(10, 0).map(({ id }) => id)).toEqual([300, 302, 303].map(ids.message));
  const first = Array.from({ length: retentionStepMessages }, (_, n) => ids.message(n));
  const rest = Array.from({ length: 300 - retentionStepMessages }, (_, n) => n + retentionStepMessages);
  expect(told).toEqual([
    { id: conversation, what: 'cleared', messages: first },
    { id: conversation, what: 'cleared', messages: [...rest, 301].map(ids.message) },
  ]);
  expect(retention.nextWakeMs() - turn.nowMs).toBe(3_600_000);
  // A wall clock set far ahead takes nothing along.
  turn.begin(retention.nextWakeMs(), turn.wallMs + 50_000 * dayMs);
  retention.wake();
  commit();
  expect(database.store.messageCount()).toBe(3);
});

test('an edit of what goes ends with it, also on the disk; one of what stays goes on', () => {
  const { database, turn, commit } = world();
  const person = ids.person(1);
  const conversation = ids.conversation(1);
  const editOf = (n: number): StoreWrite => {
    const draft = { text: 'secret, nearly', replyTo: undefined, editing: ids.message(n), updatedWallMs: 0 };
    return { op: 'changeConversation', conversation, person, change: { draft } };
  };
  const editing = (): string | undefined => database.store.conversation(conversation)?.draft?.editing;
  const retention = new Retention({ store: database.store, turn, keepDays: () => 30 });
  const step = (): string[] => {
    retention.changed();
    turn.begin(retention.nextWakeMs(), turn.wallMs);
    retention.wake();
    return commit();
  };
  database.begin();
  for (const [n, ageDays] of [
    [0, 40],
    [1, 29],
  ] as const) {
    const row = messageRow(n, { sentWallMs: turn.wallMs - ageDays * dayMs, state: 'delivered' });
    database.apply({ op: 'putMessage', row });
  }
  database.apply(editOf(0));
  database.commit();
  expect(editing()).toBe(ids.message(0));
  expect(step(), 'the draft is told of, and so are the messages').toEqual(['conversation', 'conversation']);
  expect(database.store.conversation(conversation)?.draft).toBeUndefined();
  database.begin();
  database.apply(editOf(1));
  database.commit();
  step();
  expect(editing()).toBe(ids.message(1));
});

test('a message that came while the clock was ahead does not hold up those after it', () => {
  const { database, turn, commit } = world();
  const at = (receivedWallMs: number) => ({ direction: 'out', state: 'delivered', receivedWallMs }) as const;
  database.begin();
  for (let n = 0; n < 3 * retentionStepMessages; n++) {
    const row = messageRow(n, at(n === 5 ? 2_000 * dayMs : 900 * dayMs));
    database.apply({ op: 'putMessage', row });
  }
  database.commit();
  const retention = new Retention({ store: database.store, turn, keepDays: () => 30 });
  retention.changed();
  const beganMs = turn.nowMs;
  for (let step = 0; step < 4; step++) {
    turn.begin(retention.nextWakeMs(), turn.wallMs);
    retention.wake();
    commit();
  }
  expect(database.store.oldest(10, 0).map(({ id }) => id)).toEqual([ids.message(5)]);
  expect(turn.nowMs - beganMs, 'in one walk').toBeLessThan(60_000);
  expect(retention.nextWakeMs() - turn.nowMs).toBe(3_600_000);
});
