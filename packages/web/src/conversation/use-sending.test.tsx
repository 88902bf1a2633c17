/** Goal: what the node refuses is the person's again, once, as what it was, and mixed with nothing else. */
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ApiClient } from '@kith/api/api-client';
import { KithError, type ErrorCode } from '@kith/api/errors';
import type { DraftContent } from '../data/drafts/draft-keeper.ts';
import { message } from '../data/messages/window-samples.ts';
import { Talk } from '../data/talk.ts';
import { setLanguage } from '../i18n/language.ts';
import { dismissToasts, useToasts } from '../design/toast-store.ts';

type Call = (input: object) => Promise<unknown>;

const node = vi.hoisted(() => {
  const calls: { send: Call; edit: Call } = { send: async () => undefined, edit: async () => undefined };
  return calls;
});

vi.mock('../data/live-talk.ts', () => {
  const api: ApiClient = Object.assign(Object.create(null), {
    messages: {
      send: { mutate: async (input: object) => await node.send(input) },
      edit: { mutate: async (input: object) => await node.edit(input) },
    },
    conversations: { setDraft: { mutate: async () => await Promise.resolve() } },
  });
  return { talk: new Talk(api) };
});

vi.stubGlobal('document', { documentElement: {} });
await setLanguage('en');
const { talk } = await import('../data/live-talk.ts');
const { useSending } = await import('./use-sending.ts');
type Sending = ReturnType<typeof useSending>;

let turn = 0;
beforeEach(() => void (turn += 1));

/** A conversation of its own for each test. */
function desk(): {
  sending: Sending;
  typed: () => DraftContent;
  type: (change: Partial<DraftContent>) => void;
} {
  const conversation = `c${String(turn)}`;
  const open = talk.windows.open(conversation);
  const caught: Sending[] = [];
  function Catcher(): null {
    caught.push(useSending(open, null, () => undefined));
    return null;
  }
  renderToStaticMarkup(<Catcher />);
  const [sending] = caught;
  if (sending === undefined) throw new Error('nothing was drawn');
  return {
    sending,
    typed: () => talk.drafts.store(conversation).getState(),
    type: (change) => talk.drafts.change(conversation, change),
  };
}

/** @returns what it says when a refusal was told. */
async function refuses(call: keyof typeof node, code: ErrorCode, act: () => void): Promise<void> {
  dismissToasts();
  node[call] = async () => await Promise.reject(new KithError(code));
  act();
  await vi.waitFor(() => expect(useToasts.getState().toasts).toHaveLength(1));
}

const own = message(9, { direction: 'out', text: 'old' });

test('an answer to what is gone comes back as a text of its own; another refusal leaves it an answer', async () => {
  for (const [code, replyTo] of [
    ['unknown-message', null],
    ['full', 'm1'],
  ] as const) {
    const { sending, typed, type } = desk();
    type({ text: 'yes', replyTo: 'm1' });
    await refuses('send', code, () => sending.send('yes'));
    expect(typed()).toEqual({ text: 'yes', replyTo, editing: null });
    type({ text: '', replyTo: null });
  }
});

test.each(['unknown-message', 'message-deleted'] as const)(
  'an edit that is refused with %s is over, and what stood there before stands there again',
  async (code) => {
    const { sending, typed, type } = desk();
    type({ text: 'hello' });
    sending.edit(own);
    await refuses('edit', code, () => sending.send('new'));
    expect(typed()).toEqual({ text: 'hello', replyTo: null, editing: null });
  },
);

test.each(['', 'hello'])('an edit that is refused goes on, with "%s" behind it', async (before) => {
  const { sending, typed, type } = desk();
  type({ text: before });
  sending.edit(own);
  await refuses('edit', 'full', () => sending.send('new'));
  expect(typed()).toEqual({ text: 'new', replyTo: null, editing: 'm9' });
  sending.cancel();
  expect(typed()).toEqual({ text: before, replyTo: null, editing: null });
});

test('what is refused while a message is edited waits behind the edit', async () => {
  const { sending, typed, type } = desk();
  type({ text: 'hello' });
  await refuses('send', 'full', () => {
    sending.send('hello');
    sending.edit(own);
  });
  expect(typed()).toEqual({ text: 'old', replyTo: null, editing: 'm9' });
  sending.cancel();
  expect(typed().text).toBe('hello');
});

test('of a text in parts, what was not sent comes back whole, before what was typed since', async () => {
  const { sending, typed, type } = desk();
  const words = 'word '.repeat(7_000);
  await refuses('send', 'full', () => {
    sending.sendParts(words);
    type({ text: 'since' });
  });
  expect(typed().text).toBe(`${words}\nsince`);
});

test('what is sent again leaves what stands in the composer', async () => {
  const { sending, typed, type } = desk();
  const sent: object[] = [];
  node.send = async (input) => {
    sent.push(input);
    return await Promise.resolve({ id: 'm10' });
  };
  type({ text: 'hello' });
  sending.edit(own);
  sending.sendAgain('failed before');
  expect(typed()).toEqual({ text: 'old', replyTo: null, editing: 'm9' });
  expect(sent).toMatchObject([{ text: 'failed before' }]);
});
