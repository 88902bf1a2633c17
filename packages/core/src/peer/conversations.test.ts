/** Goal: the list, the pages and the search show what is there, and what a person chose about a conversation is kept. */
import { expect, test } from 'vitest';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { acquainted, contactOf, type Pair, refusal, send } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import type { Commands, ConversationView, MessagePage } from './contract.ts';

const backend = createNativeBackend();

/** Alice and Bob, who wrote `count` messages to her. */
function written(seed: number, count: number): Pair & { conversation: string; ids: string[] } {
  const pair = acquainted(backend, seed);
  const { conversation } = contactOf(pair.alice);
  const ids: string[] = [];
  for (let number = 0; number < count; number++) {
    ids.push(send(pair.bob, conversation, `number ${number}`));
    pair.world.run(1_000);
  }
  return { ...pair, conversation, ids };
}

const nowhere = { before: undefined, after: undefined, around: undefined, atWallMs: undefined };

function page(node: WorldNode, input: Partial<Commands['page']['in']>): MessagePage {
  const { conversation } = contactOf(node);
  return node.execute('page', { ...nowhere, conversation, limit: 3, ...input });
}

const textsOf = ({ messages }: MessagePage): string[] => messages.map(({ text }) => text.slice(7));

function whatOf(node: WorldNode): string[] {
  return node.events
    .filter(({ event }) => event === 'conversation')
    .map(({ data }) => (JSON.parse(data) as { what: string }).what);
}

test('a page from every place, and whether there is more on each side', () => {
  const { alice, ids } = written(1, 8);
  const at = (input: Parameters<typeof page>[1]): [string, boolean, boolean] => {
    const found = page(alice, input);
    return [textsOf(found).join(' '), found.hasOlder, found.hasNewer];
  };
  const id = (number: number): never => ids[number] as never;
  expect(at({})).toEqual(['5 6 7', true, false]);
  expect(at({ before: id(5) })).toEqual(['2 3 4', true, true]);
  expect(at({ before: id(2) })).toEqual(['0 1', false, true]);
  expect(at({ before: id(0) })).toEqual(['', false, true]);
  expect(at({ after: id(2) })).toEqual(['3 4 5', true, true]);
  expect(at({ after: id(7) })).toEqual(['', true, false]);
  expect(at({ around: id(4) })).toEqual(['3 4 5', true, true]);
  expect(at({ around: id(0) })).toEqual(['0 1 2', false, true]);
  expect(at({ around: id(7) })).toEqual(['5 6 7', true, false]);
  expect(at({ around: id(4), limit: 1 })).toEqual(['4', true, true]);
  expect(at({ limit: 100 })).toEqual(['0 1 2 3 4 5 6 7', false, false]);
  const third = page(alice, { around: id(3), limit: 1 }).messages[0]!;
  expect(at({ atWallMs: third.receivedWallMs })).toEqual(['2 3 4', true, true]);
  expect(at({ atWallMs: 0 })).toEqual(['0 1 2', false, true]);
  expect(at({ atWallMs: Number.MAX_SAFE_INTEGER })).toEqual(['5 6 7', true, false]);
  expect(refusal(() => page(alice, { before: 'gone' as never }))).toBe('unknown-message');
  expect(refusal(() => page(alice, { conversation: 'nobody' }))).toBe('unknown-conversation');
});

test('a search is narrowed by side, time, links and place, and paged', () => {
  const { alice, bob, world, conversation } = written(2, 6);
  send(alice, conversation, 'see https://example.org/number');
  world.run(1_000);
  const found = (input: Partial<Commands['search']['in']>): string[] =>
    alice.execute('search', { words: '', limit: 10, ...input }).map(({ text }) => text);
  expect(found({ words: 'NUMB', from: 'them', limit: 2 })).toEqual(['number 5', 'number 4']);
  expect(found({ words: 'numb', from: 'me' })).toEqual(['see https://example.org/number']);
  expect(found({ hasLink: true, conversation })).toEqual(['see https://example.org/number']);
  const all = page(alice, { limit: 10 }).messages;
  const [second, fourth] = [all[2]!, all[4]!];
  const times = { sinceWallMs: second.receivedWallMs, untilWallMs: fourth.receivedWallMs };
  expect(found(times)).toEqual(['number 3', 'number 2']);
  expect(found({ words: 'number', before: second.position })).toEqual(['number 1', 'number 0']);
  expect(found({ sinceWallMs: Number.MAX_SAFE_INTEGER })).toEqual([]);
  expect(refusal(() => found({ words: ' ' }))).toBe('usage');
  expect(refusal(() => bob.execute('search', { words: 'x', limit: 1, conversation: 'nobody' }))).toBe(
    'unknown-conversation',
  );
});

test('what was typed, muted and pinned is kept over a restart, and told to other windows once', () => {
  const { alice, world, conversation, ids } = written(3, 2);
  const draft = { conversation, text: 'half a', replyTo: ids[0] as never, editing: undefined };
  alice.execute('setDraft', draft);
  alice.execute('setDraft', draft);
  alice.execute('mute', { conversation, untilWallMs: 5_000_000_000_000 });
  alice.execute('pin', { conversation, pinned: true });
  alice.execute('pin', { conversation, pinned: true });
  alice.restart();
  world.run(1_000);
  const [view] = alice.execute('conversations', {});
  expect(view).toMatchObject({
    id: conversation,
    draft: { text: 'half a', replyTo: ids[0] },
    mutedUntilWallMs: 5_000_000_000_000,
    pinned: true,
    last: { text: 'number 1' },
  });
  expect(whatOf(alice)).toEqual(['draft', 'mute', 'pin']);
  expect(alice.execute('setDraft', { ...draft, text: '', replyTo: undefined }).draft).toBeUndefined();
  expect(refusal(() => alice.execute('setDraft', { ...draft, text: 'x'.repeat(131_073) }))).toBe(
    'message-too-long',
  );
  expect(refusal(() => alice.execute('setDraft', { ...draft, replyTo: 'gone' as never }))).toBe(
    'unknown-message',
  );
});

test('a draft that answers what left this device answers nothing, and one of that alone is none', () => {
  const { alice, conversation, ids } = written(9, 2);
  const id = ids[0] as never;
  alice.execute('setDraft', { conversation, text: 'typed', replyTo: id, editing: undefined });
  alice.execute('removeHere', { conversation, id });
  expect(alice.execute('conversations', {})[0]?.draft).toMatchObject({ text: 'typed', replyTo: undefined });
  const other = ids[1] as never;
  alice.execute('setDraft', { conversation, text: '', replyTo: other, editing: undefined });
  expect(alice.execute('conversations', {})[0]?.draft).toMatchObject({ text: '', replyTo: other });
  alice.execute('removeHere', { conversation, id: other });
  expect(alice.execute('conversation', { conversation }).draft).toBeUndefined();
});

test('an edit of what was cleared ends with it; one of what waits to be delivered goes on', () => {
  const { alice, bob, world, conversation } = written(11, 1);
  const sent = send(alice, conversation, 'secret');
  world.run(1_000);
  const draft = { conversation, text: 'secret, nearly', replyTo: undefined };
  alice.execute('setDraft', { ...draft, editing: sent as never });
  alice.execute('clear', { conversation, rest: undefined });
  expect(alice.execute('conversation', { conversation }).draft).toBeUndefined();
  expect(alice.database.store.conversation(conversation as never)?.draft, 'nor on the disk').toBeUndefined();
  bob.crash();
  const waiting = send(alice, conversation, 'later');
  alice.execute('setDraft', { ...draft, editing: waiting as never });
  alice.execute('clear', { conversation, rest: undefined });
  expect(alice.execute('conversation', { conversation }).draft?.editing).toBe(waiting);
});

test('the conversation of a removed contact stays under the name they had, until it is cleared', () => {
  const { alice, conversation } = written(4, 3);
  const { name, id } = contactOf(alice);
  alice.execute('setDraft', { conversation, text: 'never sent', replyTo: undefined, editing: undefined });
  alice.execute('remove', { contact: conversation });
  const [left] = alice.execute('conversations', {});
  expect(left).toMatchObject({ id: conversation, name, contact: undefined, draft: undefined });
  expect(alice.execute('conversation', { conversation: id }).id).toBe(conversation);
  expect(alice.execute('page', { ...nowhere, conversation, limit: 10 }).messages).toHaveLength(3);
  expect(alice.execute('clear', { conversation, rest: undefined })).toEqual({ removed: 3, rest: undefined });
  expect(alice.execute('conversations', {})).toEqual([]);
  expect(refusal(() => alice.execute('conversation', { conversation }))).toBe('unknown-conversation');
});

test('clearing keeps what waits to be delivered, and it still arrives', () => {
  const { alice, bob, world, conversation } = written(5, 2);
  bob.crash();
  world.run(1_000);
  const waiting = send(alice, conversation, 'for later');
  expect(alice.execute('clear', { conversation, rest: undefined }).removed).toBe(2);
  expect(page(alice, { limit: 10 }).messages.map(({ id }) => id)).toEqual([waiting]);
  bob.start();
  world.run(60_000);
  expect(page(alice, { limit: 10 }).messages[0]?.state).toBe('delivered');
  expect(whatOf(alice)).toContain('cleared');
});

test('a long conversation is cleared in parts, and what comes meanwhile stays', () => {
  const { alice, bob, world, conversation } = written(6, 0);
  for (let number = 0; number < 300; number++) {
    send(bob, conversation, `number ${number}`);
    if (number % 50 === 49) world.run(2_000);
  }
  world.run(10_000);
  const first = alice.execute('clear', { conversation, rest: undefined });
  expect(first.removed).toBe(250);
  send(bob, conversation, 'number new');
  world.run(2_000);
  expect(alice.execute('clear', { conversation, rest: first.rest })).toEqual({
    removed: 50,
    rest: undefined,
  });
  expect(textsOf(page(alice, { limit: 10 }))).toEqual(['new']);
});

test('pinned ones stand first, then the most recently active; the request box is not in the list', () => {
  const { alice, conversation } = written(7, 1);
  const views = (): ConversationView[] => alice.execute('conversations', {});
  expect(views().map(({ id, unread }) => [id, unread])).toEqual([[conversation, 1]]);
  alice.execute('block', { contact: conversation });
  expect(views()).toHaveLength(1);
});

test('cleared up to a message, what is newer stays, and all windows are told', () => {
  const { alice, conversation, ids } = written(12, 4);
  const [, second] = page(alice, { limit: 10 }).messages;
  const rest = { after: 0, upTo: second?.position ?? 0 };
  expect(alice.execute('clear', { conversation, rest })).toEqual({ removed: 2, rest: undefined });
  expect(page(alice, { limit: 10 }).messages.map(({ id }) => id)).toEqual(ids.slice(2));
  expect(whatOf(alice)).toContain('cleared');
});
