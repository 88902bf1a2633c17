/**
 * Goal: a contact changes nothing that is not theirs, and costs no more than a named bound, whatever they send.
 * Method: a puppet (test/stranger.ts) holds the contact's own keys and says whatever it likes.
 */
import { expect, test } from 'vitest';
import { acquainted, addCard, contactOf, send } from '../../test/acquainted.ts';
import { Puppet, type Stranger } from '../../test/stranger.ts';
import type { PeerWorld, WorldNode } from '../../test/peer-world.ts';
import { type DeviceId, idBytes, idText } from '../base/ids.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import type { Content } from '../wire/content.ts';
import { earlyMessagesMax } from './changes.ts';
import type { MessageView } from './contract.ts';

const backend = createNativeBackend();
const newest = Number.MAX_SAFE_INTEGER;

interface Scene {
  world: PeerWorld;
  alice: WorldNode;
  say(content: Content): void;
  puppet: Puppet;
}

/** Alice, and Bob's keys in other hands. */
function scene(seed: number): Scene & { bob: WorldNode } {
  const { world, alice, bob } = acquainted(backend, seed);
  return { ...taken(world, alice, bob), bob };
}

function taken(world: PeerWorld, alice: WorldNode, bob: WorldNode): Scene {
  const puppet = new Puppet(world, bob);
  const link: Stranger = puppet.connect(alice);
  const device: DeviceId = puppet.deviceOf('alice');
  return { world, alice, puppet, say: (content) => link.send(puppet.envelope(device, content)) };
}

const id = (): Uint8Array => backend.randomBytes(16);
const viewOf = (node: WorldNode, message: string): MessageView =>
  node.execute('message', { id: message }).message;

function message(text: string): Extract<Content, { type: 'message' }> {
  return { type: 'message', id: id(), sentWallMs: 1, text, ttlMs: undefined, replyTo: undefined };
}

test('planted: nobody edits or deletes what another wrote', () => {
  const { alice, say } = scene(1);
  const mine = send(alice, 'bob', 'mine');
  const target = idBytes(mine)!;
  const before = viewOf(alice, mine);
  const events = alice.events.length;
  say({ type: 'edit', id: id(), target, sequence: newest, text: 'forged' });
  say({ type: 'delete', id: id(), target });
  expect(viewOf(alice, mine)).toMatchObject({ text: 'mine', deleted: false, editedWallMs: undefined });
  expect(viewOf(alice, mine).text).toBe(before.text);
  expect(alice.events.slice(events).filter((row) => row.event === 'changed')).toEqual([]);
});

test('planted: a target in another conversation is not reached', () => {
  const { world, alice, bob } = acquainted(backend, 2);
  const carol = world.node('carol');
  world.announce();
  addCard(world, alice, carol);
  const theirs = carol.execute('send', { to: contactOf(carol).id, text: 'from carol', ttlMs: undefined }).id;
  world.run(2_000);
  expect(viewOf(alice, theirs).text).toBe('from carol');
  const { say } = taken(world, alice, bob);
  const target = idBytes(theirs)!;
  say({ type: 'edit', id: id(), target, sequence: 1, text: 'from bob' });
  say({ type: 'react', id: id(), target, sequence: 1, emoji: ['👎'] });
  say({ type: 'delete', id: id(), target });
  expect(viewOf(alice, theirs)).toMatchObject({ text: 'from carol', deleted: false, reactions: [] });
  // A message of one's own may have any id: it stands beside the other, and is all that is changed.
  say({ ...message('twin'), id: target });
  const twins = alice.database.store.messagesById(theirs);
  expect(twins.map((row) => [row.text, row.deleted])).toEqual([
    ['from carol', false],
    ['', true],
  ]);
});

test('planted: an older edit, a repeated one, and one after the deletion change nothing', () => {
  const { alice, say } = scene(3);
  const first = message('one');
  const target = first.id;
  const text = (): string => viewOf(alice, idText(target)).text;
  say(first);
  say({ type: 'edit', id: id(), target, sequence: newest, text: 'two' });
  expect(text()).toBe('two');
  expect(viewOf(alice, idText(target)).editedWallMs).toBe(newest);
  const events = alice.events.length;
  for (const sequence of [0, 5, newest]) say({ type: 'edit', id: id(), target, sequence, text: 'three' });
  expect(text()).toBe('two');
  expect(alice.events.length).toBe(events);
  say({ type: 'delete', id: id(), target });
  say({ type: 'edit', id: id(), target, sequence: newest, text: 'four' });
  say({ type: 'react', id: id(), target, sequence: newest, emoji: ['👍'] });
  say({ type: 'delete', id: id(), target });
  say(first);
  expect(viewOf(alice, idText(target))).toMatchObject({ text: '', deleted: true, reactions: [] });
  expect(alice.events.slice(events).map((row) => row.event)).toEqual(['changed']);
});

test('planted: a flood of reactions holds one list, and the same list again tells nobody', () => {
  const { alice, say } = scene(4);
  const mine = send(alice, 'bob', 'mine');
  const target = idBytes(mine)!;
  const events = alice.events.length;
  for (let sequence = 1; sequence <= 300; sequence++) {
    say({ type: 'react', id: id(), target, sequence, emoji: ['👍', '😀'] });
  }
  expect(viewOf(alice, mine).reactions.map((each) => each.emoji)).toEqual(['👍', '😀']);
  expect(alice.events.slice(events).filter((row) => row.event === 'changed')).toHaveLength(1);
  say({ type: 'react', id: id(), target, sequence: 299, emoji: [] });
  expect(viewOf(alice, mine).reactions).toHaveLength(2);
});

test('planted: changes to messages that never come fill a bounded memory, and the newest of it holds', () => {
  const { alice, say } = scene(5);
  const { store } = alice.database;
  const person = contactOf(alice).id;
  const count = (): number => new Set(store.earlyOf(person).map((row) => row.message)).size;
  const targets = Array.from({ length: earlyMessagesMax * 3 }, id);
  for (const target of targets) {
    say({ type: 'edit', id: id(), target, sequence: 1, text: 'x'.repeat(28_000) });
    say({ type: 'react', id: id(), target, sequence: 1, emoji: ['👍'] });
    expect(count()).toBeLessThanOrEqual(earlyMessagesMax);
  }
  const last = targets.at(-1)!;
  say({ ...message('late'), id: last });
  expect(viewOf(alice, idText(last))).toMatchObject({
    text: 'x'.repeat(28_000),
    reactions: [{ emoji: '👍' }],
  });
  say({ ...message('too late'), id: targets[0]! });
  expect(viewOf(alice, idText(targets[0]!)).text).toBe('too late');
  expect(count()).toBe(earlyMessagesMax - 1);
});

test('planted: what waits for messages that never come costs those that do nothing', () => {
  const { alice, say } = scene(11);
  const { store } = alice.database;
  const target = id();
  for (const each of [target, ...Array.from({ length: earlyMessagesMax - 1 }, id)]) {
    say({ type: 'edit', id: id(), target: each, sequence: 1, text: 'x'.repeat(28_000) });
  }
  const { earlyOf } = store;
  let read = 0;
  store.earlyOf = (...asked) => {
    const rows = earlyOf(...asked);
    read += rows.length;
    return rows;
  };
  say(message('another'));
  say({ type: 'edit', id: id(), target: id(), sequence: 1, text: 'of nothing' });
  expect(read).toBe(0);
  say({ ...message('late'), id: target });
  say({ type: 'delete', id: id(), target: id() });
  expect(read).toBeLessThanOrEqual(1);
});

test('what overtook its message is applied when it comes; an early deletion wins over all', () => {
  const { alice, puppet, say } = scene(6);
  const edited = message('one');
  say({ type: 'edit', id: id(), target: edited.id, sequence: 9, text: 'nine' });
  say({ type: 'edit', id: id(), target: edited.id, sequence: 3, text: 'three' });
  say({ type: 'react', id: id(), target: edited.id, sequence: 2, emoji: ['❤️'] });
  alice.restart();
  const link = puppet.connect(alice);
  const sayAgain = (content: Content): void => link.send(puppet.envelope(puppet.deviceOf('alice'), content));
  sayAgain(edited);
  const bob = contactOf(alice).id;
  expect(viewOf(alice, idText(edited.id))).toMatchObject({
    text: 'nine',
    editedWallMs: 9,
    reactions: [{ emoji: '❤️', people: [bob] }],
  });
  const deleted = message('secret');
  sayAgain({ type: 'delete', id: id(), target: deleted.id });
  sayAgain({ type: 'edit', id: id(), target: deleted.id, sequence: newest, text: 'secret' });
  sayAgain(deleted);
  expect(viewOf(alice, idText(deleted.id))).toMatchObject({ text: '', deleted: true, reactions: [] });
  expect(alice.database.store.earlyOf(bob)).toEqual([]);
  expect(alice.execute('search', { words: 'secret', limit: 5 })).toEqual([]);
});

test('planted: a blocked contact changes nothing', () => {
  const { alice, say } = scene(7);
  const first = message('one');
  say(first);
  alice.execute('block', { contact: 'bob' });
  say({ type: 'edit', id: id(), target: first.id, sequence: 1, text: 'two' });
  say({ type: 'delete', id: id(), target: first.id });
  expect(viewOf(alice, idText(first.id))).toMatchObject({ text: 'one', deleted: false });
  expect(alice.database.store.earlyOf(contactOf(alice).id)).toEqual([]);
});

test('planted: contents that break a bound are neither taken in nor acknowledged', () => {
  const { alice, say, puppet, world } = scene(8);
  const mine = send(alice, 'bob', 'mine');
  const target = idBytes(mine)!;
  const bad: Content[] = [
    { type: 'react', id: id(), target, sequence: 1, emoji: ['not an emoji'] },
    { type: 'react', id: id(), target, sequence: 1, emoji: [`👍${'\u0301'.repeat(20)}`] },
    {
      type: 'react',
      id: id(),
      target,
      sequence: 1,
      emoji: Array.from({ length: 9 }, (_, n) => String.fromCodePoint(0x1f600 + n)),
    },
    { type: 'react', id: id(), target, sequence: -1, emoji: ['👍'] },
    { type: 'edit', id: id(), target: target.subarray(1), sequence: 1, text: 'x' },
    { type: 'edit', id: id(), target, sequence: 1, text: '\u001b[2J' },
    { type: 'read', id: id(), messages: [] },
    { type: 'read', id: id(), messages: Array.from({ length: 161 }, id) },
  ];
  const acks = alice.sentFrames.length;
  for (const content of bad) say(content);
  world.run(100);
  expect(alice.sentFrames.slice(acks).filter((frame) => frame[0] === 0x12)).toEqual([]);
  expect(viewOf(alice, mine)).toMatchObject({ text: 'mine', reactions: [] });
  expect(puppet.deviceOf('alice')).toBeDefined();
});
