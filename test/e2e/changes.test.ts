/** Goal: what happens to messages reaches a real node over a real link, also one that was away, through restarts of both. */
import { afterEach, expect, test } from 'vitest';
import type { ApiEvent, Message } from '@kith/api/shapes';
import { meetByOnceCard } from './conversation.ts';
import { createStage, freePort, type Follower } from './node-process.ts';

const stage = createStage();
afterEach(stage.clear);

async function changed(events: Follower, what: string, fits: (message: Message) => boolean): Promise<void> {
  await events.until(what, (event: ApiEvent) => event.event === 'changed' && fits(event.data));
}

test('a reply, an edit, reactions, what was read, and a deletion', { timeout: 120_000 }, async () => {
  const [ann, ben] = [stage.home('ann'), stage.home('ben')];
  const port = await freePort();
  const up = ['--lan', 'off', '--listen', `/ip4/127.0.0.1/tcp/${port}`];
  const annNode = await ann.up(up);
  const far = [
    '--lan',
    'off',
    '--listen',
    '/ip4/127.0.0.1/tcp/0',
    '--bootstrap',
    `/ip4/127.0.0.1/tcp/${port}`,
  ];
  const benNode = await ben.up(far);
  await meetByOnceCard(ann, ben);
  const [here, there] = [await ann.connect(), await ben.connect()];
  const [annEvents, benEvents] = [await ann.follow(), await ben.follow()];
  const question = await here.api.messages.send.mutate({ to: 'ben', text: 'a secret question' });
  const { id, conversation } = question;
  await benEvents.until('the question', (event) => event.event === 'message' && event.data.id === id);
  await there.api.messages.send.mutate({ to: 'ann', text: 'an answer', replyTo: id });
  await there.api.messages.react.mutate({ conversation, id, emoji: '👍', on: true });
  await there.api.conversations.markRead.mutate({ conversation, upTo: id });
  await annEvents.until('read', (event) => event.event === 'state' && event.data.state === 'read');
  await changed(annEvents, 'the reaction', (message) => message.reactions[0]?.emoji === '👍');

  expect(await benNode.stop()).toEqual({ code: 0, signal: null });
  const edited = await here.api.messages.edit.mutate({ conversation, id, text: 'a secret, edited' });
  expect(edited).toMatchObject({ text: 'a secret, edited', changePending: true });
  expect(await annNode.stop()).toEqual({ code: 0, signal: null });
  await ann.up(up);
  await ben.up(far);
  const late = await ben.follow();
  await changed(late, 'the edit', (message) => message.text === 'a secret, edited');

  const again = await ann.connect();
  await again.api.messages.delete.mutate({ conversation, id, everywhere: true });
  await changed(late, 'the deletion', (message) => message.id === id && message.deleted);
  const rows = await ben.list<Message>(['history', 'ann']);
  expect(rows).toMatchObject([
    { id, text: '', deleted: true, reactions: [] },
    { text: 'an answer', replyTo: id },
  ]);
  const events = await ben.follow();
  await changed(events, 'the deletion, from the beginning', (message) => message.deleted);
  expect(JSON.stringify(events.seen)).not.toContain('secret');
});
