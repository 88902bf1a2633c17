/** Goal: what happens to messages, and who types, over the real socket and in the shapes of the contract. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { connect, type Connection } from '@kith/api/client';
import { asKithError } from '@kith/api/errors';
import type { TypingSign } from '@kith/api/conversation-shapes';
import type { ApiEvent } from '@kith/api/shapes';
import type { ConversationId, PersonId } from '@kith/core/base/ids';
import { FakeNode } from '../../test/fake-node.ts';
import { startLocalApi } from './local-api.ts';
import { typingSigns } from './typing.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(): Promise<{ node: FakeNode; api: Connection['api'] }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'kith-api-'));
  cleanups.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const node = new FakeNode(dataDir);
  const server = await startLocalApi({ handle: node, dataDir, port: undefined, log: () => 0 });
  cleanups.push(server.stop);
  const connection = await connect({ target: { data: dataDir }, reconnect: false });
  cleanups.push(connection.close);
  return { node, api: connection.api };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => 'no failure',
    (error: unknown) => asKithError(error).code,
  );
}

test('a reply, an edit, reactions and a deletion', async () => {
  const { node, api } = await start();
  const bob = node.addContact('Bob');
  const { id: question } = node.receive(bob, 'a question');
  const { id, conversation } = await api.messages.send.mutate({
    to: 'Bob',
    text: 'an answer',
    replyTo: question,
  });
  const [, answer] = await api.messages.history.query({ conversation, limit: 5 });
  expect(answer).toMatchObject({ id, replyTo: { id: question, from: bob.id, text: 'a question' } });
  const edited = await api.messages.edit.mutate({ conversation, id, text: 'a better answer' });
  expect(edited).toMatchObject({
    text: 'a better answer',
    editedAt: '2026-01-02T03:04:05.000Z',
    changePending: true,
  });
  const reacted = await api.messages.react.mutate({ conversation, id: question, emoji: '👍', on: true });
  expect(reacted.reactions).toEqual([{ emoji: '👍', people: ['kith1own'] }]);
  expect(await codeOf(api.messages.edit.mutate({ conversation, id: question, text: 'mine' }))).toBe(
    'not-own',
  );
  const gone = await api.messages.delete.mutate({ conversation, id, everywhere: true });
  expect(gone).toEqual({ id, conversation });
  expect(await codeOf(api.messages.edit.mutate({ conversation, id, text: 'back' }))).toBe('message-deleted');
});

test('events show a message as it is when they are read: a deleted text is in none of them', async () => {
  const { node, api } = await start();
  const bob = node.addContact('Bob');
  const { id, conversation } = await api.messages.send.mutate({ to: 'Bob', text: 'secret' });
  node.receive(bob, 'hello');
  await api.messages.edit.mutate({ conversation, id, text: 'secret too' });
  await api.messages.delete.mutate({ conversation, id, everywhere: true });
  const seen: ApiEvent[] = [];
  const whole = Promise.withResolvers<void>();
  const subscription = api.events.follow.subscribe(
    { since: 0 },
    {
      onData: ({ data }) => {
        seen.push(data);
        if (seen.length === 3) whole.resolve();
      },
    },
  );
  await whole.promise;
  subscription.unsubscribe();
  expect(seen.map((event) => event.event)).toEqual(['message', 'changed', 'changed']);
  expect(seen[1]).toMatchObject({ data: { id, deleted: true, text: '', position: 1 } });
  expect(JSON.stringify(seen)).not.toContain('secret');
});

test('a colour is chosen, and shown', async () => {
  const { node, api } = await start();
  node.addContact('Bob', { hue: 3 });
  expect((await api.profile.setLook.mutate({ hue: 11 })).hue).toBe(11);
  expect((await api.node.status.query()).hue).toBe(11);
  expect((await api.contacts.list.query())[0]?.hue).toBe(3);
  expect((await api.profile.setLook.mutate({ hue: null })).hue).toBeNull();
  expect(await codeOf(api.profile.setLook.mutate({ hue: 12 }))).toBe('usage');
});

test('what was read is marked and taken back; a message is removed here alone', async () => {
  const { node, api } = await start();
  const bob = node.addContact('Bob');
  const ids = ['one', 'two'].map((text) => node.receive(bob, text).id);
  const [first = '', second = ''] = ids;
  const { conversation } = bob;
  const read = await api.conversations.markRead.mutate({ conversation, upTo: first });
  expect(read).toMatchObject({ unread: 1, firstUnread: second });
  const unread = await api.conversations.markUnread.mutate({ conversation, from: first });
  expect(unread).toMatchObject({ unread: 2, firstUnread: first });
  const gone = await api.messages.delete.mutate({ conversation, id: first, everywhere: false });
  expect(gone).toEqual({ id: first, conversation });
  expect(await api.messages.history.query({ conversation, limit: 5 })).toHaveLength(1);
});

test('typing signs come live, and the stream leaves nothing behind', async () => {
  const { node, api } = await start();
  const bob = node.addContact('Bob', { reachable: true });
  expect(await api.conversations.setTyping.mutate({ conversation: 'Bob', typing: true })).toEqual({
    told: true,
  });
  const seen: TypingSign[] = [];
  const came = Promise.withResolvers<void>();
  const subscription = api.conversations.typing.subscribe(undefined, {
    onData: ({ data }) => {
      seen.push(data);
      came.resolve();
    },
  });
  await node.until(() => node.typing.size === 1);
  node.typing.tell({ type: 'typing', conversation: bob.conversation, person: bob.id, on: true });
  await came.promise;
  expect(seen).toEqual([{ conversation: bob.conversation, person: bob.id, typing: true }]);
  subscription.unsubscribe();
});

test('a reader who does not keep up gets the newest sign of each person', async () => {
  const node = new FakeNode('/nowhere');
  const end = new AbortController();
  const stream = typingSigns(node, { signal: end.signal, drained: async () => await Promise.resolve() });
  const tell = (person: string, on: boolean): void =>
    node.typing.tell({
      type: 'typing',
      conversation: 'talk' as ConversationId,
      person: person as PersonId,
      on,
    });
  const first = stream.next();
  tell('ada', true);
  expect((await first).value).toMatchObject({ person: 'ada', typing: true });
  for (let round = 0; round < 1_000; round++) tell('ada', round % 2 === 0);
  tell('ben', true);
  expect((await stream.next()).value).toMatchObject({ person: 'ada', typing: false });
  expect((await stream.next()).value).toMatchObject({ person: 'ben', typing: true });
  const waiting = stream.next();
  end.abort();
  expect((await waiting).done).toBe(true);
  expect(node.typing.size).toBe(0);
});
