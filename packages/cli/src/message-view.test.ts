/** Goal: what happened to a message can be read in a terminal, and nothing in it leaves its line. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Message } from '@kith/api/shapes';
import { messageLines } from './message-view.ts';
import { Output } from './output.ts';

const names = new Map([['kith1ben', 'Ben']]);
const message: Message = {
  id: 'a',
  conversation: 'c',
  from: 'kith1ben',
  direction: 'in',
  text: 'hello',
  sentAt: '2026-01-02T03:04:05.000Z',
  receivedAt: '2026-01-02T03:04:05.000Z',
  state: 'received',
  reason: null,
  expiresAt: null,
  position: 1,
  replyTo: null,
  editedAt: null,
  deleted: false,
  reactions: [],
  changePending: false,
};

/** Without the time, whose zone is the machine's. */
function lines(change: Partial<Message>): string[] {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough(), environment: {} };
  return messageLines(new Output(streams, false), { ...message, ...change }, names).map((line) =>
    line.replace(/^\S+ \S+ (?=\S)/u, ''),
  );
}

test('a message, what it answers, and what happened to it', () => {
  expect(lines({})).toEqual(['Ben: hello']);
  expect(lines({ direction: 'out', state: 'delivered', editedAt: message.sentAt })).toEqual([
    'you: hello  (edited, delivered)',
  ]);
  expect(lines({ deleted: true, text: '' })).toEqual(['Ben: (deleted)']);
  expect(lines({ replyTo: { id: 'b', from: 'kith1ben', text: 'a question' } })).toEqual([
    'Ben: > Ben: a question',
    '                 hello',
  ]);
  const answered = { id: 'b', from: 'kith1ben', text: 'a question' };
  const own: Partial<Message> = { from: 'kith1own', direction: 'out', state: 'sent' };
  expect(lines({ ...own, replyTo: answered })).toEqual([
    'you: > Ben: a question',
    '                 hello  (sent)',
  ]);
  expect(lines({ replyTo: { ...answered, from: 'kith1own' } })[0]).toBe('Ben: > you: a question');
  expect(lines({ replyTo: { ...answered, text: '' } })[0]).toBe('Ben: > (a deleted message)');
  expect(lines({ replyTo: { id: 'b', from: null, text: null } })[0]).toBe(
    'Ben: > (a message that is not here)',
  );
  expect(lines({ reactions: [{ emoji: '👍', people: ['kith1own', 'kith1ben'] }] })[1]?.trim()).toBe(
    '👍 you, Ben',
  );
});

test('who was removed from the contacts is still not us', () => {
  const change = { from: 'kith1eve', reactions: [{ emoji: '👍', people: ['kith1own', 'kith1eve'] }] };
  expect(lines(change).map((line) => line.trim())).toEqual(['kith1eve: hello', '👍 you, kith1eve']);
});

test('neither a name nor a reaction nor a text leaves its place', () => {
  names.set('kith1ben', 'B\u001b[2J\u202ee\nn');
  const shown = lines({
    text: 'a\u001b]0;title\u0007b\u202ec',
    replyTo: { id: 'b', from: 'kith1ben', text: '\u009b2Jd' },
    reactions: [{ emoji: '\u001b[31m👍', people: ['kith1ben'] }],
  });
  names.set('kith1ben', 'Ben');
  expect(shown.map((line) => line.trim())).toEqual(['Be n: > Be n: d', 'abc', '👍 Be n']);
});

test('what is quoted stays on one line and is cut between characters', () => {
  const text = `${'👩‍👩‍👧'.repeat(70)}`;
  const [first = ''] = lines({ replyTo: { id: 'b', from: 'kith1ben', text } });
  expect(first).toBe(`Ben: > Ben: ${'👩‍👩‍👧'.repeat(60)}…`);
  const [odd = ''] = lines({ replyTo: { id: 'b', from: 'kith1ben', text: 'one\ntwo\u001b[2Jthree' } });
  for (const control of ['\n', '\u001b']) expect(odd).not.toContain(control);
});
