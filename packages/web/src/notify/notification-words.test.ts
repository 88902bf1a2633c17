import { expect, it } from 'vitest';
import type { Message } from '@kith/api/shapes';
import { notificationOf, type Circumstances } from './notification-words.ts';

const message: Message = {
  id: 'm',
  conversation: 'c',
  from: 'kith1a',
  direction: 'in',
  text: 'A secret\nin two lines',
  sentAt: '2026-01-01T00:00:00.000Z',
  receivedAt: null,
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
const here: Circumstances = {
  settings: { notifications: true, notificationContent: 'full' },
  isLocked: false,
  isLookedAt: false,
  nowMs: Date.parse('2026-01-01T00:00:00.000Z'),
};
const ana = { name: 'Ana', mutedUntil: null };
const t = (id: string): string => id;

it('says as much as was chosen, and nothing of it while locked', () => {
  const say = (content: 'full' | 'name' | 'none', isLocked: boolean) =>
    notificationOf(
      message,
      ana,
      { ...here, isLocked, settings: { notifications: true, notificationContent: content } },
      t,
    );
  expect(say('full', false)).toEqual({ title: 'Ana', body: 'A secret in two lines' });
  expect(say('name', false)).toEqual({ title: 'Ana', body: 'notify.new' });
  for (const content of ['full', 'name', 'none'] as const) {
    expect(say(content, true)).toEqual({ title: 'notify.kith', body: 'notify.new' });
  }
});

it.each<
  [string, Message, typeof ana | undefined | { name: string; mutedUntil: string }, Partial<Circumstances>]
>([
  ['switched off', message, ana, { settings: { notifications: false, notificationContent: 'full' } }],
  ['our own', { ...message, direction: 'out' }, ana, {}],
  ['deleted before it came', { ...message, text: '', deleted: true }, ana, {}],
  ['looked at', message, ana, { isLookedAt: true }],
  ['of a stranger', message, undefined, {}],
  ['muted', message, { name: 'Ana', mutedUntil: '9999-12-31T00:00:00.000Z' }, {}],
])('is silent when it is %s', (_, what, conversation, circumstances) => {
  expect(notificationOf(what, conversation, { ...here, ...circumstances }, t)).toBeUndefined();
});

it('speaks again when the muting ended, and cuts what is long without breaking a character', () => {
  const long = { ...message, text: '🦔'.repeat(1_000) };
  const shown = notificationOf(long, { name: 'Ana', mutedUntil: '2025-01-01T00:00:00.000Z' }, here, t);
  expect([...(shown?.body ?? '')]).toHaveLength(200);
  expect(shown?.body.endsWith('🦔…')).toBe(true);
});

it('shows neither marks nor what a spoiler hides', () => {
  const hidden = { ...message, text: '**The end**: ||everybody lives||' };
  expect(notificationOf(hidden, ana, here, t)?.body).toBe('The end: ▒▒▒▒▒');
});
