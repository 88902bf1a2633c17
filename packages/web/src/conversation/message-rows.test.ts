import { describe, expect, test } from 'vitest';
import type { Message } from '@kith/api/shapes';
import { groupMsMax, makeRows, rowIndexOf, type Row, type RowsInput } from './message-rows.ts';

const start = new Date(2025, 2, 3, 12).getTime();

function message(position: number, atMs: number, over: Partial<Message> = {}): Message {
  const time = new Date(start + atMs).toISOString();
  return {
    id: `m${position}`,
    conversation: 'c',
    from: 'ana',
    direction: 'in',
    text: 'x',
    sentAt: time,
    receivedAt: time,
    state: 'received',
    reason: null,
    expiresAt: null,
    position,
    replyTo: null,
    editedAt: null,
    deleted: false,
    reactions: [],
    changePending: false,
    ...over,
  };
}

function input(messages: Message[], over: Partial<RowsInput> = {}): RowsInput {
  return { messages, pending: [], keys: new Map(), unread: null, isStart: false, ...over };
}

function spell(rows: readonly Row[]): string {
  return rows
    .map((row) => {
      if (row.kind !== 'message' && row.kind !== 'pending') return row.kind;
      const name = row.kind === 'message' ? row.message.id : row.pending.key;
      return `${row.opens ? '[' : ''}${name}${row.closes ? ']' : ''}`;
    })
    .join(' ');
}

describe('rows of messages', () => {
  test('an author within five minutes is one group; another author, or a pause, opens the next', () => {
    const messages = [
      message(1, 0),
      message(2, groupMsMax),
      message(3, 2 * groupMsMax + 1),
      message(4, 2 * groupMsMax + 2, { from: 'me', direction: 'out' }),
      message(5, 2 * groupMsMax + 3, { from: 'me', direction: 'out' }),
    ];
    expect(spell(makeRows(input(messages)))).toBe('day [m1 m2] [m3] [m4 m5]');
  });

  test('a day and the unread line break a group, in that order', () => {
    const midnight = 12 * 3_600_000;
    const messages = [
      message(1, midnight - 1_000),
      message(2, midnight + 1_000),
      message(3, midnight + 2_000),
    ];
    expect(spell(makeRows(input(messages, { unread: { from: 'm2', count: 2 } })))).toBe(
      'day [m1] day unread [m2 m3]',
    );
    expect(spell(makeRows(input(messages, { unread: { from: 'm3', count: 1 }, isStart: true })))).toBe(
      'start day [m1] day [m2] unread [m3]',
    );
  });

  test('what waits stands last, and keeps its key when it is stored', () => {
    const pending = {
      key: 'p1',
      text: 'x',
      replyTo: null,
      ttlMs: null,
      at: new Date(start + 1_000).toISOString(),
      id: null,
      isUnsure: false,
    };
    const own = message(1, 0, { from: 'me', direction: 'out' });
    expect(spell(makeRows(input([own], { pending: [pending] })))).toBe('day [m1 p1]');
    const rows = makeRows(input([own, { ...own, id: 'm2' }], { keys: new Map([['m2', 'p1']]) }));
    expect(rows.map(({ key }) => key)).toEqual(['day 2025-3-3', 'm1', 'p1']);
    expect(rowIndexOf(rows, 'm2')).toBe(2);
  });

  test('what arrived late stands under the day on which it arrived', () => {
    const late = message(2, 60_000, { sentAt: '2020-01-01T00:00:00.000Z' });
    expect(spell(makeRows(input([message(1, 0), late])))).toBe('day [m1 m2]');
  });

  test('rows that did not change are the same objects', () => {
    const one = message(1, 0);
    const two = message(2, groupMsMax * 2);
    const before = makeRows(input([one, two]));
    const after = makeRows(input([one, two, message(3, groupMsMax * 5)]), before);
    expect(after.slice(0, 3)).toEqual(before);
    for (const [index, row] of before.entries()) expect(after[index]).toBe(row);
    const changed = makeRows(input([{ ...one, text: 'y' }, two]), before);
    expect(changed[1]).not.toBe(before[1]);
    expect(changed[2]).toBe(before[2]);
  });
});
