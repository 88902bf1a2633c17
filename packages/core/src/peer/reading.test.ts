/** Goal: how far was read is remembered here, told by choice, exactly, and believed only of what was sent. */
import { expect, test } from 'vitest';
import { acquainted, contactOf, refusal, send, stateOf } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { Puppet } from '../../test/stranger.ts';
import { idBytes, type MessageId } from '../base/ids.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { readIdsMax } from '../wire/content.ts';
import type { ConversationView } from './contract.ts';

const backend = createNativeBackend();

function markRead(node: WorldNode, upTo: string): ConversationView {
  return node.execute('markRead', { conversation: contactOf(node).id, upTo: upTo as MessageId });
}

function markUnread(node: WorldNode, from: string): ConversationView {
  return node.execute('markUnread', { conversation: contactOf(node).id, from: from as MessageId });
}

test('what was read is read here, and at its author, and stands in the ledger', () => {
  const { world, alice, bob } = acquainted(backend, 1);
  const ids = ['one', 'two', 'three'].map((text) => send(alice, 'bob', text));
  world.run(1_000);
  expect(markRead(bob, ids[1]!)).toMatchObject({ unread: 1, firstUnread: ids[2] });
  expect(bob.events.at(-1)).toMatchObject({ event: 'conversation' });
  expect(ids.map((id) => stateOf(bob, id))).toEqual(['read', 'read', 'received']);
  world.run(1_000);
  expect(ids.map((id) => stateOf(alice, id))).toEqual(['read', 'read', 'delivered']);
  const states = alice.execute('message', { id: ids[0]! }).ledger.map((line) => line.state);
  expect(states).toEqual(['stored', 'sent', 'delivered', 'read']);
  const events = [alice, bob].map((node) => node.events.length);
  markRead(bob, ids[0]!); // Read before: nothing happens.
  world.run(1_000);
  expect([alice, bob].map((node) => node.events.length)).toEqual(events);
});

test('marking unread goes back here alone', () => {
  const { world, alice, bob } = acquainted(backend, 2);
  const ids = ['one', 'two'].map((text) => send(alice, 'bob', text));
  world.run(1_000);
  markRead(bob, ids[1]!);
  world.run(1_000);
  expect(markUnread(bob, ids[0]!)).toMatchObject({ unread: 2, firstUnread: ids[0] });
  world.run(1_000);
  expect(ids.map((id) => stateOf(alice, id))).toEqual(['read', 'read']);
  expect(ids.map((id) => stateOf(bob, id))).toEqual(['received', 'received']);
  expect(refusal(() => markRead(bob, 'a'.repeat(26)))).toBe('unknown-message');
});

test('who does not tell is not shown; what was read meanwhile is not told later', () => {
  const { world, alice, bob } = acquainted(backend, 3);
  const ids = ['one', 'two'].map((text) => send(alice, 'bob', text));
  world.run(1_000);
  bob.execute('setSettings', { readMarks: false });
  markRead(bob, ids[0]!);
  world.run(1_000);
  expect(stateOf(bob, ids[0]!)).toBe('read');
  expect(stateOf(alice, ids[0]!)).toBe('delivered');
  bob.execute('setSettings', { readMarks: true });
  alice.execute('setSettings', { readMarks: false });
  markRead(bob, ids[1]!);
  world.run(1_000);
  expect(ids.map((id) => stateOf(alice, id))).toEqual(['delivered', 'delivered']);
  expect(bob.database.store.outbox()).toEqual([]);
});

test('what waits to be told is one thing, and of very much the newest', () => {
  const { world, alice, bob } = acquainted(backend, 4);
  const ids = Array.from({ length: readIdsMax + 20 }, (_, n) => send(alice, 'bob', `text ${n}`));
  world.run(5_000);
  alice.crash();
  world.run(100);
  for (const upTo of [ids[40]!, ids[41]!, ids.at(-1)!]) markRead(bob, upTo);
  expect(bob.database.store.outbox()).toHaveLength(1);
  alice.start();
  world.announce();
  world.run(60_000);
  expect(ids.filter((id) => stateOf(alice, id) === 'read')).toEqual(ids.slice(-readIdsMax));
});

test('what waits to be told is not told any more once our person chose so', () => {
  const { world, alice, bob } = acquainted(backend, 7);
  const [read, edited] = [send(alice, 'bob', 'one'), send(bob, 'alice', 'two')];
  world.run(1_000);
  alice.crash();
  world.run(100);
  markRead(bob, read);
  const conversation = contactOf(bob).id;
  bob.execute('edit', { conversation, id: edited as MessageId, text: 'changed' });
  bob.execute('setSettings', { theme: 'dark' });
  expect(bob.database.store.outbox()).toHaveLength(2);
  bob.execute('setSettings', { readMarks: false });
  expect(bob.database.store.outbox()).toHaveLength(1);
  alice.start();
  world.announce();
  world.run(60_000);
  expect(stateOf(alice, read)).toBe('delivered');
  expect(alice.execute('message', { id: edited }).message.text).toBe('changed');
});

test('planted: only what was sent to them is read; who reads it has it', () => {
  const { world, alice, bob } = acquainted(backend, 5);
  const puppet = new Puppet(world, bob);
  const link = puppet.connect(alice);
  const device = puppet.deviceOf('alice');
  bob.crash();
  const id = send(alice, 'bob', 'hello');
  const failed = send(alice, 'bob', 'too late', 1);
  world.run(100);
  expect(stateOf(alice, failed)).toBe('expired');
  const messages = [id, failed].map((each) => idBytes(each)!);
  const events = alice.events.length;
  link.send(puppet.envelope(device, { type: 'read', id: backend.randomBytes(16), messages }));
  link.send(
    puppet.envelope(device, {
      type: 'read',
      id: backend.randomBytes(16),
      messages: [backend.randomBytes(16)],
    }),
  );
  expect(stateOf(alice, id)).toBe('read');
  expect(stateOf(alice, failed)).toBe('expired');
  const states = alice.events.slice(events).filter((row) => row.event === 'state');
  expect(states.length).toBeGreaterThanOrEqual(2);
});

test('a message removed here is gone, and what waited of it is not sent', () => {
  const { world, alice, bob } = acquainted(backend, 6);
  const here = send(alice, 'bob', 'secret');
  world.run(1_000);
  const conversation = contactOf(bob).id;
  bob.execute('removeHere', { conversation, id: here as MessageId });
  expect(bob.events.at(-1)?.event).toBe('removed');
  expect(bob.database.store.messagesById(here as MessageId)).toEqual([]);
  expect(bob.execute('events', { since: 0, limit: 1_000 }).filter((row) => row.message?.id === here)).toEqual(
    [],
  );
  // What its author does with it later concerns nobody here.
  alice.execute('edit', { conversation: contactOf(alice).id, id: here as MessageId, text: 'secret too' });
  world.run(1_000);
  expect(bob.database.store.earlyOf(contactOf(bob).id)).toEqual([]);
  expect(stateOf(alice, here)).toBe('delivered');
  bob.crash();
  world.run(100);
  const away = send(alice, 'bob', 'while away');
  alice.execute('removeHere', { conversation: contactOf(alice).id, id: away as MessageId });
  expect(alice.database.store.outbox()).toEqual([]);
});

test('a deletion everywhere is told also where what is left of the message is removed here', () => {
  const { world, alice, bob } = acquainted(backend, 8);
  const id = send(alice, 'bob', 'a slip') as MessageId;
  world.run(1_000);
  bob.crash();
  world.run(100);
  const conversation = contactOf(alice).id;
  alice.execute('react', { conversation, id, emoji: '👍', on: true });
  alice.execute('erase', { conversation, id });
  alice.execute('removeHere', { conversation, id });
  expect(alice.database.store.outbox()).toHaveLength(1);
  bob.start();
  world.announce();
  world.run(60_000);
  expect(bob.execute('message', { id }).message).toMatchObject({ text: '', deleted: true });
  expect(alice.database.store.outbox()).toEqual([]);
});

test('the text of a message that is being edited does not stay in a draft when the message is gone', () => {
  const { world, alice } = acquainted(backend, 9);
  const conversation = contactOf(alice).id;
  const edit = (id: string, editing: string): ConversationView => {
    const draft = { conversation, text: 'secret, nearly', replyTo: undefined };
    alice.execute('setDraft', { ...draft, editing: editing as MessageId });
    const gone = { conversation, id: id as MessageId };
    if (id === kept) alice.execute('removeHere', gone);
    else alice.execute('erase', gone);
    return alice.execute('conversation', { conversation });
  };
  const [erased, kept, other] = ['one', 'two', 'three'].map((text) => send(alice, 'bob', text));
  world.run(1_000);
  expect(edit(erased!, erased!).draft).toBeUndefined();
  expect(alice.events.filter((row) => row.data.includes('"draft"'))).toHaveLength(2);
  expect(edit(kept!, kept!).draft).toBeUndefined();
  // A draft that is about another message is nobody's business.
  expect(edit(other!, send(alice, 'bob', 'four')).draft?.text).toBe('secret, nearly');
});
