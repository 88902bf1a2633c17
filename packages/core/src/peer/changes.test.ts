/** Goal: replies, edits, deletions and reactions reach the other end as they were meant, however late. */
import { expect, test } from 'vitest';
import { acquainted, contactOf, refusal, send, strangers, addCard, stateOf } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import type { MessageId } from '../base/ids.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { outboxDefaults } from '../protocol/outbox/outbox.ts';
import type { MessageView } from './contract.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;

function viewOf(node: WorldNode, id: string): MessageView {
  return node.execute('message', { id }).message;
}

function edit(node: WorldNode, id: string, text: string): MessageView {
  return node.execute('edit', { conversation: contactOf(node).id, id: id as MessageId, text });
}

function erase(node: WorldNode, id: string): MessageView {
  return node.execute('erase', { conversation: contactOf(node).id, id: id as MessageId });
}

function react(node: WorldNode, id: string, emoji: string, on = true): MessageView {
  return node.execute('react', { conversation: contactOf(node).id, id: id as MessageId, emoji, on });
}

/** What people see, which is the same at both ends but for what only one end knows. */
function shared({ id, from, text, replyTo, editedWallMs, deleted, reactions }: MessageView): unknown {
  return { id, from, text, replyTo, editedWallMs, deleted, reactions };
}

function outboxKinds(node: WorldNode): string[] {
  return node.database.store.outbox().map((row) => row.kind);
}

test('an edit of what was deleted is not taken for a draft: its text would stay behind', () => {
  const { world, alice } = acquainted(backend, 17);
  const { conversation } = contactOf(alice);
  const editing = send(alice, 'bob', 'secret') as MessageId;
  world.run(1_000);
  const draft = { conversation, text: 'secret, nearly', replyTo: undefined, editing };
  alice.execute('setDraft', draft);
  erase(alice, editing);
  const kept = (): unknown => alice.database.store.conversation(conversation as never)?.draft;
  expect(kept()).toBeUndefined();
  expect(refusal(() => alice.execute('setDraft', draft))).toBe('message-deleted');
  expect(kept()).toBeUndefined();
  // It may still be answered.
  alice.execute('setDraft', { ...draft, text: 'about that', replyTo: editing, editing: undefined });
  expect(kept()).toMatchObject({ text: 'about that', replyTo: editing });
});

test('a reply names what it answers, at both ends', () => {
  const { world, alice, bob } = acquainted(backend, 1);
  const first = send(alice, 'bob', `a question ${'?'.repeat(300)}`) as MessageId;
  world.run(1_000);
  const { id } = bob.execute('send', { to: 'alice', text: 'an answer', ttlMs: undefined, replyTo: first });
  world.run(1_000);
  const view = viewOf(alice, id);
  expect(view.replyTo).toEqual({
    id: first,
    from: alice.execute('status', {}).id,
    text: `a question ${'?'.repeat(189)}`,
  });
  expect(shared(view)).toEqual(shared(viewOf(bob, id)));
  const unknown = 'a'.repeat(26) as MessageId;
  const toNothing = { to: 'alice', text: 'x', ttlMs: undefined, replyTo: unknown };
  expect(refusal(() => bob.execute('send', toNothing))).toBe('unknown-message');
});

test('wherever an answer is read, it quotes what it answers as that is now', () => {
  const { world, alice, bob } = acquainted(backend, 13);
  const first = send(alice, 'bob', 'before') as MessageId;
  world.run(1_000);
  bob.execute('send', { to: 'alice', text: 'an answer', ttlMs: undefined, replyTo: first });
  world.run(1_000);
  const nowhere = { before: undefined, after: undefined, around: undefined, atWallMs: undefined };
  for (const node of [alice, bob]) {
    const { conversation } = contactOf(node);
    const quotes = (): unknown[] =>
      [
        node.execute('history', { conversation, limit: 10, before: undefined }).at(-1),
        node
          .execute('page', { conversation, limit: 10, afterPosition: undefined, ...nowhere })
          .messages.at(-1),
        node.execute('search', { words: 'answer', limit: 1 })[0],
        node.execute('conversation', { conversation }).last,
      ].map((each) => each?.replyTo?.text);
    if (node === alice) {
      edit(alice, first, 'after');
      expect(quotes()).toEqual(Array(4).fill('after'));
    }
    world.run(1_000);
    expect(quotes()).toEqual(Array(4).fill('after'));
  }
  erase(alice, first);
  world.run(1_000);
  const { conversation } = contactOf(bob);
  const answer = (): MessageView | undefined =>
    bob.execute('history', { conversation, limit: 1, before: undefined })[0];
  expect(answer()?.replyTo).toMatchObject({ id: first, text: '' });
  bob.execute('removeHere', { conversation, id: first });
  expect(answer()?.replyTo).toEqual({ id: first, from: undefined, text: undefined });
});

test('an edit is pending until their device has it, and then both read the same', () => {
  const { world, alice, bob } = acquainted(backend, 2);
  const id = send(alice, 'bob', 'helo');
  world.run(1_000);
  const events = bob.events.length;
  expect(edit(alice, id, 'hello')).toMatchObject({ text: 'hello', changePending: true, state: 'delivered' });
  expect(viewOf(alice, id)).toMatchObject({ text: 'hello', changePending: true });
  world.run(1_000);
  expect(viewOf(alice, id).changePending).toBe(false);
  expect(viewOf(bob, id)).toMatchObject({ text: 'hello', editedWallMs: viewOf(alice, id).editedWallMs });
  expect(bob.events.slice(events).map((row) => row.event)).toEqual(['changed']);
  expect(alice.events.at(-1)?.event).toBe('changed');
  expect(alice.database.store.outbox()).toEqual([]);
  expect(bob.execute('search', { words: 'helo', limit: 5 })).toEqual([]);
  edit(alice, id, 'hello'); // The same again is no change.
  expect(alice.database.store.outbox()).toEqual([]);
});

test('an edit has a higher sequence than the one before, also where the clock was set back', () => {
  const { world, alice, bob } = acquainted(backend, 3);
  const id = send(alice, 'bob', 'one');
  world.run(1_000);
  const first = edit(alice, id, 'two').editedWallMs!;
  world.run(1_000);
  alice.peer!.handle({ type: 'wake' }, world.nowMs, 5);
  const request = { type: 'command' as const, request: 900 };
  const input = { conversation: contactOf(alice).id, id: id as MessageId, text: 'three' };
  const outputs = alice.peer!.handle(
    { ...request, command: { name: 'edit', in: input } },
    world.nowMs,
    5, // 1970
  );
  const answer = outputs.find((each) => each.type === 'answer');
  expect(answer).toMatchObject({ answer: { ok: true, out: { editedWallMs: first + 1 } } });
  expect(bob.up).toBe(true);
});

test('deleting takes the text from both disks, from the index, and from every event', () => {
  const { world, alice, bob } = acquainted(backend, 4);
  const id = send(alice, 'bob', 'markéd secret');
  world.run(1_000);
  edit(alice, id, 'markéd secret, edited');
  react(bob, id, '👍');
  world.run(1_000);
  erase(alice, id);
  world.run(1_000);
  for (const node of [alice, bob]) {
    expect(viewOf(node, id)).toMatchObject({ text: '', deleted: true, reactions: [], changePending: false });
    expect(node.execute('search', { words: 'secret', limit: 5 })).toEqual([]);
    const { store } = node.database;
    const everything = [
      store.events(0, 1_000),
      store.outbox(),
      store.messagesById(id as MessageId),
      store.earlyOf(contactOf(node).id),
    ];
    expect(JSON.stringify(everything)).not.toContain('secret');
  }
  expect(erase(alice, id).deleted).toBe(true); // Again: nothing to do.
  expect(alice.database.store.outbox()).toEqual([]);
  expect(refusal(() => edit(alice, id, 'back'))).toBe('message-deleted');
  expect(refusal(() => react(bob, id, '👍'))).toBe('message-deleted');
});

test('a message that never left is deleted without a word; one that may have left is taken back everywhere', () => {
  const { world, alice, bob } = strangers(backend, 5);
  alice.execute('add', {
    card: bob.execute('makeCard', { once: false, expiresInMs: undefined }).card,
    name: 'bob',
  });
  const held = send(alice, 'bob', 'not yet');
  edit(alice, held, 'not yet, edited');
  erase(alice, held);
  expect(viewOf(alice, held)).toMatchObject({ deleted: true, state: 'failed', reason: 'deleted' });
  expect(outboxKinds(alice).filter((kind) => kind !== 'request')).toEqual([]);

  addCard(world, bob, alice);
  bob.crash();
  world.run(100);
  const away = send(alice, 'bob', 'while away');
  erase(alice, away);
  expect(stateOf(alice, away)).toBe('failed');
  expect(outboxKinds(alice)).toEqual(['change']);
  bob.start();
  world.announce();
  world.run(minuteMs);
  expect(alice.database.store.outbox()).toEqual([]);
  expect(bob.database.store.messagesById(away as MessageId)).toEqual([]);
});

test('what is said while the other is away is one change of a kind, the newest', () => {
  const { world, alice, bob } = acquainted(backend, 6);
  const id = send(alice, 'bob', 'first');
  world.run(1_000);
  bob.crash();
  world.run(100);
  for (const text of ['second', 'third', 'fourth']) edit(alice, id, text);
  react(alice, id, '👍');
  react(alice, id, '😀');
  react(alice, id, '👍', false);
  expect(outboxKinds(alice)).toEqual(['change', 'change']);
  alice.restart();
  expect(viewOf(alice, id).changePending).toBe(true);
  bob.start();
  world.announce();
  world.run(minuteMs);
  expect(shared(viewOf(bob, id))).toEqual(shared(viewOf(alice, id)));
  expect(viewOf(bob, id)).toMatchObject({
    text: 'fourth',
    reactions: [{ emoji: '😀', people: [alice.execute('status', {}).id] }],
  });
});

test('changes wait for a contact who has not accepted, and for a session that was lost', () => {
  const { world, alice, bob } = strangers(backend, 7);
  alice.execute('add', {
    card: bob.execute('makeCard', { once: false, expiresInMs: undefined }).card,
    name: 'bob',
  });
  world.run(minuteMs);
  const id = send(alice, 'bob', 'may I?');
  edit(alice, id, 'may I come in?');
  react(alice, id, '👍');
  expect(viewOf(alice, id).changePending).toBe(true);
  world.run(minuteMs);
  expect(bob.database.store.messagesById(id as MessageId)).toEqual([]);
  bob.execute('accept', { contact: contactOf(bob).id });
  world.run(minuteMs);
  expect(shared(viewOf(bob, id))).toEqual(shared(viewOf(alice, id)));

  const copy = bob.copyDisk();
  bob.crash();
  edit(alice, id, 'may I come in now?');
  bob.database.restore(copy); // An older copy: its sessions are gone.
  bob.start();
  world.announce();
  world.run(10 * minuteMs);
  expect(shared(viewOf(bob, id))).toEqual(shared(viewOf(alice, id)));
  expect(viewOf(alice, id).changePending).toBe(false);
});

test('reactions: both people, each their own; eight at most; one emoji at a time', () => {
  const { world, alice, bob } = acquainted(backend, 8);
  const id = send(alice, 'bob', 'look');
  world.run(1_000);
  const [ada, ben] = [alice, bob].map((node) => node.execute('status', {}).id);
  react(bob, id, '❤️');
  world.run(1_000);
  react(alice, id, '❤️');
  react(alice, id, '👍');
  react(alice, id, '👍');
  world.run(1_000);
  const expected = [
    { emoji: '❤️', people: [ben, ada] },
    { emoji: '👍', people: [ada] },
  ];
  expect(viewOf(alice, id).reactions).toEqual(expected);
  expect(viewOf(bob, id).reactions).toEqual(expected);
  for (const text of ['', 'a', '👍👍', `👍\u0301`, '\u202e👍', '👍 ', '#']) {
    expect(
      refusal(() => react(alice, id, text)),
      JSON.stringify(text),
    ).toBe('bad-emoji');
  }
  for (const emoji of ['😀', '😃', '😄', '😁', '😆', '😅']) react(alice, id, emoji);
  expect(refusal(() => react(alice, id, '😂'))).toBe('full');
  world.run(1_000);
  expect(viewOf(bob, id).reactions).toHaveLength(8);
});

test('only an author changes a message, and nothing changes one that is not here', () => {
  const { world, alice, bob } = acquainted(backend, 9);
  const id = send(alice, 'bob', 'mine');
  world.run(1_000);
  expect(refusal(() => edit(bob, id, 'yours'))).toBe('not-own');
  expect(refusal(() => erase(bob, id))).toBe('not-own');
  expect(refusal(() => edit(alice, id, ''))).toBe('message-empty');
  expect(refusal(() => edit(alice, 'a'.repeat(26), 'x'))).toBe('unknown-message');
  expect(refusal(() => react(alice, 'nonsense', '👍'))).toBe('unknown-message');
  alice.execute('block', { contact: 'bob' });
  expect(refusal(() => edit(alice, id, 'x'))).toBe('blocked');
});

test('blocking ends what waits, and says so', () => {
  const { world, alice, bob } = acquainted(backend, 10);
  const id = send(alice, 'bob', 'hello');
  world.run(1_000);
  bob.crash();
  world.run(100);
  edit(alice, id, 'hello?');
  alice.execute('block', { contact: 'bob' });
  expect(viewOf(alice, id)).toMatchObject({ text: 'hello?', changePending: false });
  expect(alice.database.store.outbox()).toEqual([]);
  expect(alice.events.some((row) => row.event === 'changed')).toBe(true);
});

test('a full outbox refuses a change whole; replacing one that waits needs no room', () => {
  const { world, alice, bob } = acquainted(backend, 11);
  const id = send(alice, 'bob', 'hello');
  world.run(1_000);
  bob.crash();
  world.run(100);
  edit(alice, id, 'one');
  alice.outbox = { ...outboxDefaults, itemsMax: 1 };
  alice.restart();
  expect(edit(alice, id, 'two').text).toBe('two');
  expect(refusal(() => react(alice, id, '👍'))).toBe('full');
  expect(viewOf(alice, id)).toMatchObject({ text: 'two', reactions: [] });
});

test('who changes their own name or colour hears of it, as all their windows do, and of nothing that is so already', () => {
  const { alice } = strangers(backend, 13);
  const told = (): number => alice.events.filter(({ event }) => event === 'settings').length;
  const before = told();
  alice.execute('setName', { name: 'Alice Liddell' });
  expect(told()).toBe(before + 1);
  alice.execute('setLook', { hue: 7 });
  expect(told()).toBe(before + 2);
  alice.execute('setName', { name: 'Alice Liddell' });
  alice.execute('setLook', { hue: 7 });
  expect(told()).toBe(before + 2);
});

test('a colour is told to contacts, and to those who become one', () => {
  const { world, alice, bob } = strangers(backend, 12);
  expect(alice.execute('setLook', { hue: 7 }).hue).toBe(7);
  addCard(world, alice, bob);
  expect(contactOf(bob).hue).toBe(7);
  expect(contactOf(alice).hue).toBeUndefined();
  bob.execute('setLook', { hue: 0 });
  alice.execute('setLook', { hue: undefined });
  world.run(1_000);
  expect(contactOf(bob).hue).toBeUndefined();
  expect(contactOf(alice).hue).toBe(0);
  bob.restart();
  expect(bob.execute('status', {}).hue).toBe(0);
  expect(refusal(() => bob.execute('setLook', { hue: 12 }))).toBe('usage');
});
