import { describe, expect, test } from 'vitest';
import type { Page } from '@kith/api/conversation-shapes';
import type { Message } from '@kith/api/shapes';
import {
  emptyWindow,
  missedEventsMax,
  reduceWindow,
  windowMessagesKept,
  windowMessagesMax,
  type Ask,
  type MessageWindow,
  type WindowAction,
} from './message-window.ts';
import type { Pending } from './pending-messages.ts';
import { event, message } from './window-samples.ts';

function run(actions: WindowAction[], start: MessageWindow = emptyWindow): MessageWindow {
  return actions.reduce(reduceWindow, start);
}

function loaded(messages: Message[], over: Partial<Page> = {}): MessageWindow {
  return run([
    { type: 'asked', number: 1, ask: { kind: 'newest' } },
    { type: 'page', number: 1, page: { messages, hasOlder: false, hasNewer: false, ...over } },
  ]);
}

const pending: Pending = {
  key: 'p1',
  text: 'hello',
  replyTo: null,
  ttlMs: null,
  at: '2026-01-01T00:00:00.000Z',
  id: null,
  isUnsure: false,
};
const stored = message(9, {
  id: 'm9',
  direction: 'out',
  text: 'hello',
  sentAt: '2026-01-01T00:00:00.010Z',
  state: 'stored',
});

describe('a window of messages', () => {
  test('an answer to a page that nobody waits for any more is ignored', () => {
    const window = run([
      { type: 'asked', number: 1, ask: { kind: 'newest' } },
      { type: 'asked', number: 2, ask: { kind: 'around', id: 'm1' } },
      { type: 'page', number: 1, page: { messages: [message(7)], hasOlder: false, hasNewer: false } },
    ]);
    expect(window.messages).toEqual([]);
    expect(window.asked?.number).toBe(2);
  });

  test('of a conversation that was cleared asks what is left of it: what waits to be delivered stays', () => {
    const cleared = event('conversation', { id: 'c', what: 'cleared', messages: null });
    const before = loaded([message(1), stored]);
    const after = run([{ type: 'events', events: [cleared] }], before);
    expect(after).toMatchObject({ messages: [], isEmpty: false, hasOlder: true, hasNewer: false });
    const asked = run(
      [
        { type: 'asked', number: 2, ask: { kind: 'newest' } },
        { type: 'page', number: 2, page: { messages: [stored], hasOlder: false, hasNewer: false } },
      ],
      after,
    );
    expect(asked).toMatchObject({ messages: [stored], hasOlder: false });
  });

  test('keeps what is left where only some are gone, and a page that went on from one of those is given up', () => {
    const quoted = { id: 'm1', from: 'ana', text: 'text 1' };
    const before = loaded([message(1), message(2), message(3, { replyTo: quoted })], { hasNewer: true });
    const gone = event('conversation', { id: 'c', what: 'cleared', messages: ['m1', 'm2', 'm0'] });
    const asking = (ask: Ask): MessageWindow =>
      run(
        [
          { type: 'asked', number: 2, ask },
          { type: 'events', events: [gone] },
        ],
        before,
      );
    const left = { messages: [{ id: 'm3', replyTo: { id: 'm1', from: null, text: null } }], hasNewer: true };
    expect(asking({ kind: 'older', id: 'm1' })).toMatchObject({ ...left, asked: null });
    expect(asking({ kind: 'newer', id: 'm3' })).toMatchObject({ ...left, asked: { number: 2 } });
  });

  test('that was cleared takes nothing in before what is left has come: it would stand beside a hole', () => {
    const cleared = event('conversation', { id: 'c', what: 'cleared', messages: null });
    const later = message(12, { direction: 'out', text: 'later', state: 'stored' });
    const after = run(
      [
        { type: 'sending', pending: { ...pending, text: 'later', at: later.sentAt } },
        { type: 'events', events: [cleared] },
        // As they are told after the node was away: own ones alone.
        { type: 'events', events: [event('message', stored), event('message', later)] },
      ],
      loaded([message(1), stored]),
    );
    expect(after).toMatchObject({ messages: [], hasOlder: true, pending: [] });
  });

  test('a message beyond an end that is not the end of the conversation stays out', () => {
    const window = run(
      [{ type: 'events', events: [event('message', message(90))] }],
      loaded([message(1), message(2)], { hasNewer: true }),
    );
    expect(window.messages.map(({ id }) => id)).toEqual(['m1', 'm2']);
  });

  test('an event about a message elsewhere draws nothing anew', () => {
    const before = loaded([message(1)]);
    const after = run(
      [{ type: 'events', events: [event('removed', { id: 'x', conversation: 'c' })] }],
      before,
    );
    expect(after).toBe(before);
  });

  test('at the end what comes pushes out the oldest; elsewhere it waits', () => {
    const full = loaded(Array.from({ length: windowMessagesMax }, (_, index) => message(index + 1)));
    const next = event('message', message(windowMessagesMax + 1));
    const atEnd = run([{ type: 'events', events: [next] }], full);
    expect(atEnd.messages).toHaveLength(windowMessagesMax);
    expect(atEnd.messages.at(-1)?.position).toBe(windowMessagesMax + 1);
    expect(atEnd.hasOlder).toBe(true);

    const reading = run(
      [
        { type: 'end', isAtEnd: false },
        { type: 'events', events: [next] },
      ],
      full,
    );
    expect(reading.messages.at(-1)?.position).toBe(windowMessagesMax);
    expect(reading.hasNewer).toBe(true);
  });

  test('far pages are dropped, and a page that went on from them is given up', () => {
    const many = loaded(
      Array.from({ length: windowMessagesMax + 100 }, (_, index) => message(index + 1)),
      { hasOlder: true },
    );
    const asking = run([{ type: 'asked', number: 2, ask: { kind: 'older', id: 'm1' } }], many);
    const trimmed = run([{ type: 'trim', side: 'oldest' }], asking);
    expect(trimmed.messages).toHaveLength(windowMessagesKept);
    expect(trimmed.messages.at(-1)?.id).toBe(`m${windowMessagesMax + 100}`);
    expect(trimmed.asked).toBeNull();

    const other = run([{ type: 'trim', side: 'newest' }], asking);
    expect(other.hasNewer).toBe(true);
    expect(other.messages[0]?.id).toBe('m1');
    expect(other.asked?.number).toBe(2);
  });

  test('when too much happens while a page is under way, the page is not believed', () => {
    const flood = Array.from({ length: missedEventsMax + 1 }, (_, index) =>
      event('message', message(index + 1)),
    );
    const window = run([
      { type: 'asked', number: 1, ask: { kind: 'newest' } },
      { type: 'events', events: flood },
      { type: 'page', number: 1, page: { messages: [message(1)], hasOlder: false, hasNewer: false } },
    ]);
    expect(window.isEmpty).toBe(true);
    expect(window.asked).toBeNull();
  });
});

describe('a quote', () => {
  const quoted = { id: 'm1', from: 'ana', text: 'text 1' };
  const before = loaded([message(1), message(2), message(3, { replyTo: quoted })]);

  test('follows what it quotes: edited, deleted, gone', () => {
    const texts = [
      event('changed', message(1, { text: 'better' })),
      event('changed', message(1, { text: '', deleted: true })),
      event('removed', { id: 'm1', conversation: 'c' }),
    ].map((one) => run([{ type: 'events', events: [one] }], before).messages.at(-1)?.replyTo);
    expect(texts).toEqual([
      { id: 'm1', from: 'ana', text: 'better' },
      { id: 'm1', from: 'ana', text: '' },
      { id: 'm1', from: null, text: null },
    ]);
  });

  test('of a message that is not in the window follows it too, and in what is being sent', () => {
    const start = run(
      [{ type: 'sending', pending: { ...pending, replyTo: quoted } }],
      loaded([message(3, { replyTo: quoted })], { hasOlder: true }),
    );
    const changed = event('changed', message(1, { text: 'better' }));
    const after = run([{ type: 'events', events: [changed] }], start);
    expect(after.messages[0]?.replyTo?.text).toBe('better');
    expect(after.pending[0]?.replyTo?.text).toBe('better');
  });

  test('of a conversation that was cleared says so, in what is being sent as well', () => {
    const start = run([{ type: 'sending', pending: { ...pending, replyTo: quoted } }], before);
    const cleared = event('conversation', { id: 'c', what: 'cleared', messages: null });
    const after = run([{ type: 'events', events: [cleared] }], start);
    expect(after.pending[0]?.replyTo).toEqual({ id: 'm1', from: null, text: null });
  });

  test('that stays what it was draws nothing anew', () => {
    const reacted = event('changed', message(1, { reactions: [{ emoji: '👍', people: ['me'] }] }));
    const after = run([{ type: 'events', events: [reacted] }], before);
    expect(after.messages[0]).not.toBe(before.messages[0]);
    expect(after.messages[2]).toBe(before.messages[2]);
  });
});

describe('an own message that is being sent', () => {
  test('is replaced by the stored one under the same key: event before answer', () => {
    const window = run(
      [
        { type: 'sending', pending },
        { type: 'events', events: [event('message', stored)] },
        { type: 'stored', key: 'p1', id: 'm9' },
      ],
      loaded([]),
    );
    expect(window.pending).toEqual([]);
    expect(window.messages.map(({ id }) => id)).toEqual(['m9']);
    expect(window.keys.get('m9')).toBe('p1');
  });

  test('answer before event', () => {
    const between = run(
      [
        { type: 'sending', pending },
        { type: 'stored', key: 'p1', id: 'm9' },
      ],
      loaded([]),
    );
    expect(between.pending).toHaveLength(1);
    const window = run([{ type: 'events', events: [event('message', stored)] }], between);
    expect(window.pending).toEqual([]);
    expect(window.keys.get('m9')).toBe('p1');
  });

  test('two with the same text end as two', () => {
    const window = run(
      [
        { type: 'sending', pending },
        { type: 'sending', pending: { ...pending, key: 'p2' } },
        {
          type: 'events',
          events: [event('message', stored), event('message', { ...stored, id: 'm10', position: 10 })],
        },
        { type: 'stored', key: 'p2', id: 'm9' },
        { type: 'stored', key: 'p1', id: 'm10' },
      ],
      loaded([]),
    );
    expect(window.pending).toEqual([]);
    expect(window.messages).toHaveLength(2);
    expect(new Set(window.keys.values())).toEqual(new Set(['p1', 'p2']));
  });

  test('an older message with the same text is another one', () => {
    const old = { ...stored, id: 'm3', position: 3, sentAt: '2025-12-31T23:00:00.000Z' };
    const window = run(
      [
        { type: 'sending', pending },
        { type: 'events', events: [event('message', old)] },
      ],
      loaded([]),
    );
    expect(window.pending).toHaveLength(1);
  });

  test('after the node was away the page that has it settles it', () => {
    const window = run(
      [
        { type: 'sending', pending },
        { type: 'unsure', key: 'p1' },
        { type: 'asked', number: 2, ask: { kind: 'newest' } },
        { type: 'page', number: 2, page: { messages: [stored], hasOlder: false, hasNewer: false } },
      ],
      loaded([]),
    );
    expect(window.pending).toEqual([]);
  });
});
