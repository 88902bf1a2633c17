/** Goal: what could not be had while the node was away is there when it is back, without anybody asking for it. */
import { expect, test, vi } from 'vitest';
import type { ApiClient } from '@kith/api/api-client';
import type { Page, PageInput } from '@kith/api/conversation-shapes';
import { KithError } from '@kith/api/errors';
import { event, message } from './messages/window-samples.ts';
import { Talk } from './talk.ts';

interface Node {
  talk: Talk;
  asked: PageInput[];
  /** What it refuses with; null: it answers. */
  refuses: 'no-node' | 'unknown-message' | null;
}

function node(): Node {
  const query = async (input: PageInput): Promise<Page> => {
    self.asked.push(input);
    if (self.refuses !== null) throw new KithError(self.refuses);
    return await Promise.resolve({ messages: [message(7)], hasOlder: true, hasNewer: false });
  };
  const away = async (): Promise<never> => await Promise.reject(new KithError('no-node'));
  const list = { query: async (): Promise<never[]> => await Promise.resolve([]) };
  const api: ApiClient = Object.assign(Object.create(null), {
    messages: { page: { query }, send: { mutate: away } },
    conversations: { list, setDraft: { mutate: away } },
  });
  const self: Node = { talk: new Talk(api), asked: [], refuses: null };
  return self;
}

test('a conversation that was opened while the node was away is loaded where it was to begin', async () => {
  const self = node();
  self.refuses = 'no-node';
  const open = self.talk.windows.open('c');
  expect(await open.ask({ kind: 'around', id: 'm7' })).toBe('no-node');
  expect(open.store.getState()).toMatchObject({ isEmpty: true, failed: 'no-node' });
  self.refuses = null;
  self.talk.connected(true);
  await vi.waitFor(() => expect(open.store.getState().isEmpty).toBe(false));
  expect(self.asked.map(({ around }) => around)).toEqual(['m7', 'm7']);
  expect(open.store.getState()).toMatchObject({ messages: [{ id: 'm7' }], failed: null });
  self.talk.connected(false);
});

test('where that is gone by then, at its end', async () => {
  const self = node();
  self.refuses = 'no-node';
  const open = self.talk.windows.open('c');
  await open.ask({ kind: 'around', id: 'm3' });
  self.refuses = 'unknown-message';
  self.talk.connected(true);
  await vi.waitFor(() => expect(self.asked).toHaveLength(2));
  self.refuses = null;
  await vi.waitFor(() => expect(open.store.getState().isEmpty).toBe(false));
  expect(self.asked.at(-1)).not.toHaveProperty('around');
  self.talk.connected(false);
});

test('what is shown stays, and older messages are asked for again when the reader comes near', async () => {
  const self = node();
  const open = self.talk.windows.open('c');
  await open.ask({ kind: 'newest' });
  self.refuses = 'no-node';
  await open.ask({ kind: 'older', id: 'm7' });
  expect(open.store.getState().failed).toBe('no-node');
  self.talk.connected(true);
  expect(open.store.getState()).toMatchObject({ messages: [{ id: 'm7' }], failed: null });
  expect(self.asked).toHaveLength(2);
  self.talk.connected(false);
});

test('an edit ends when its message is deleted or removed, also in what was not saved yet', () => {
  const ends = [
    event('changed', message(9, { text: '', deleted: true })),
    event('removed', { id: 'm9', conversation: 'c' }),
    event('conversation', { id: 'c', what: 'cleared', messages: ['m1', 'm9'] }),
  ];
  for (const end of ends) {
    const { talk } = node();
    talk.drafts.change('c', { text: 'hello' });
    talk.drafts.edit('c', { id: 'm9', text: 'secret' });
    talk.takeEvents([event('changed', message(9, { text: 'better' }))]);
    expect(talk.drafts.store('c').getState().editing).toBe('m9');
    talk.takeEvents([end]);
    expect(talk.drafts.store('c').getState()).toEqual({ text: 'hello', replyTo: null, editing: null });
    talk.connected(false);
  }
});

test('what happened while the list was under way is asked for, without another event', async () => {
  const { talk, asked, answerList } = slowList();
  talk.connected(true);
  talk.takeEvents([event('conversation', { id: 'c', what: 'pin', messages: null })]);
  answerList();
  await vi.waitFor(() => expect(asked).toEqual(['list', 'list']));
  talk.connected(false);
});

/** A node whose list has still to come. It has nobody in it: what an event is about is not there. */
function slowList(): { talk: Talk; asked: string[]; answerList: () => void } {
  const asked: string[] = [];
  let answerList: () => void = () => undefined;
  const query = async (): Promise<never[]> => {
    asked.push('list');
    if (asked.length === 1) await new Promise<void>((resolve) => (answerList = resolve));
    return [];
  };
  const api: ApiClient = Object.assign(Object.create(null), { conversations: { list: { query } } });
  return { talk: new Talk(api), asked, answerList: () => answerList() };
}

test('what the node never got waits behind an edit', async () => {
  const self = node();
  const open = self.talk.windows.open('c');
  await open.send({ text: 'hello', replyTo: null, ttlMs: null });
  expect(open.store.getState().pending).toMatchObject([{ isUnsure: true }]);
  self.talk.drafts.edit('c', { id: 'm9', text: 'old' });
  self.talk.connected(true);
  await vi.waitFor(() => expect(open.store.getState().pending).toEqual([]));
  expect(self.talk.drafts.store('c').getState()).toMatchObject({ text: 'old', editing: 'm9' });
  self.talk.drafts.endEdit('c');
  expect(self.talk.drafts.store('c').getState()).toMatchObject({ text: 'hello', editing: null });
  self.talk.connected(false);
});
