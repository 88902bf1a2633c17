/** Goal: each command does what it says or refuses with its code, and a refused one changes nothing. */
import { expect, test } from 'vitest';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { acquainted, addCard, cardOf, contactOf, type Pair, received } from '../../test/acquainted.ts';
import { refusal, send, stateOf, strangers } from '../../test/acquainted.ts';
import { decodeContent } from '../wire/content.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import type { CommandName, Commands } from './contract.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;

/** The code of a refusal that left nothing behind: no row, no output but the answer. */
function refused<Name extends CommandName>(
  { world }: Pair,
  node: WorldNode,
  command: [Name, Commands[Name]['in']],
): string {
  const before = node.copyDisk();
  const outputs: string[] = [];
  const watch = (_: WorldNode, output: { type: string }): void => void outputs.push(output.type);
  world.watchers.push(watch);
  const code = refusal(() => node.execute(...command));
  world.watchers.splice(world.watchers.indexOf(watch), 1);
  expect(outputs).toEqual(['answer']);
  expect(node.copyDisk()).toEqual(before);
  return code;
}

const text = (length: number, character = 'a'): string => character.repeat(length);

test('a contact that does not exist is unknown to every command that takes one', () => {
  const pair = acquainted(backend, 1);
  const contact = 'nobody';
  const of = (command: [CommandName, never]): string => refused(pair, pair.alice, command);
  const commands: [CommandName, object][] = [
    ['accept', { contact }],
    ['block', { contact }],
    ['unblock', { contact }],
    ['remove', { contact }],
    ['rename', { contact, name: 'x' }],
    ['verify', { contact, matches: undefined }],
    ['send', { to: contact, text: 'x', ttlMs: undefined }],
  ];
  for (const command of commands) expect(of(command as never), command[0]).toBe('unknown-contact');
  const asked = { conversation: contact, limit: 1, before: undefined };
  expect(of(['history', asked as never])).toBe('unknown-conversation');
});

test('a contact answers to its name in any case, its id and its conversation', () => {
  const { world, alice, bob } = acquainted(backend, 2);
  const { id, conversation } = contactOf(alice);
  for (const to of ['bob', 'BOB', 'Bob', id, conversation]) send(alice, to, `to ${to}`);
  world.run(1_000);
  expect(received(bob, 'alice')).toHaveLength(5);
});

test('names that our person gave twice are ambiguous, and the candidates are told', () => {
  const pair = acquainted(backend, 3);
  const { world, alice } = pair;
  const carol = world.node('carol');
  world.announce();
  addCard(world, alice, carol);
  const people = alice.execute('contacts', {}).map((each) => each.id);
  alice.execute('rename', { contact: 'carol', name: 'BOB' });
  expect(refused(pair, alice, ['send', { to: 'bob', text: 'which?', ttlMs: undefined }])).toBe('ambiguous');
  try {
    alice.execute('verify', { contact: 'bob', matches: undefined });
    expect.unreachable();
  } catch (error) {
    for (const person of people) expect(String((error as Error).cause)).toContain(person);
  }
  expect(alice.execute('send', { to: people[0]!, text: 'you', ttlMs: undefined }).state).toBe('stored');
});

test('texts: 1 to 28,000 bytes of UTF-8 without controls, and nothing else', () => {
  const pair = acquainted(backend, 4);
  const { world, alice, bob } = pair;
  const code = (body: string): string =>
    refused(pair, alice, ['send', { to: 'bob', text: body, ttlMs: undefined }]);
  expect(code('')).toBe('message-empty');
  expect(code(text(28_001))).toBe('message-too-long');
  expect(code(text(14_001, 'é'))).toBe('message-too-long');
  expect(code(text(9_334, '€'))).toBe('message-too-long');
  expect(code(text(7_001, '😀'))).toBe('message-too-long');
  for (const bad of ['\u0000', '\u0007', '\u001b[31m', '\u0085', '\u007f', '\ud800', 'a\udc00b']) {
    expect(code(`x${bad}`), JSON.stringify(bad)).toBe('message-control');
  }
  const good = [text(28_000), text(14_000, 'é'), text(7_000, '😀'), 'a', 'tab\tline\nreturn\r', '\u202e'];
  for (const body of good) send(alice, 'bob', body);
  world.run(minuteMs);
  expect(received(bob, 'alice')).toEqual(good);
});

test('lifetimes are whole milliseconds of at most a year', () => {
  const pair = acquainted(backend, 5);
  for (const ttlMs of [0, -1, 1.5, Number.NaN, Infinity, 366 * 24 * 60 * minuteMs]) {
    expect(refused(pair, pair.alice, ['send', { to: 'bob', text: 'x', ttlMs }]), `${ttlMs}`).toBe('usage');
  }
  for (const expiresInMs of [0, -1, 0.5, Number.NaN, Infinity]) {
    const command = ['makeCard', { once: true, expiresInMs }] as ['makeCard', Commands['makeCard']['in']];
    expect(refused(pair, pair.alice, command), `${expiresInMs}`).toBe('usage');
  }
});

test('names: bad ones are refused, clean ones kept and told to contacts', () => {
  const pair = acquainted(backend, 6);
  const { world, alice, bob } = pair;
  const bad = ['', '   ', text(65), 'a\u0000b', 'a\u202eb', 'a\u200bb', 'e\u0301\u0301\u0301\u0301\u0301'];
  for (const name of bad) {
    expect(refused(pair, alice, ['setName', { name }]), JSON.stringify(name)).toBe('bad-name');
    expect(refused(pair, alice, ['rename', { contact: 'bob', name }]), JSON.stringify(name)).toBe('bad-name');
  }
  expect(alice.execute('setName', { name: '  Alice   Liddell ' }).name).toBe('Alice Liddell');
  world.run(1_000);
  expect(contactOf(bob)).toMatchObject({ name: 'Alice Liddell', claimedName: 'Alice Liddell' });
  expect(bob.execute('rename', { contact: 'alice liddell', name: 'Al' }).name).toBe('Al');
  alice.execute('setName', { name: text(64, '漢') });
  world.run(1_000);
  // The name that bob chose stays.
  expect(contactOf(bob)).toMatchObject({ name: 'Al', claimedName: text(64, '漢') });
  alice.restart();
  expect(alice.execute('status', {}).name).toBe(text(64, '漢'));
});

test('of many names chosen while a contact was away only the last is told', () => {
  const { world, alice, bob } = acquainted(backend, 7);
  bob.crash();
  world.run(100);
  for (let n = 0; n < 50; n++) alice.execute('setName', { name: `alice ${n}` });
  const waiting = alice.database.store.outbox().map((row) => decodeContent(row.content));
  expect(waiting).toMatchObject([{ type: 'profile', name: 'alice 49' }]);
  bob.start();
  world.announce();
  world.run(minuteMs);
  expect(contactOf(bob).name).toBe('alice 49');
});

test('accepting: only who waits, and twice is once', () => {
  const pair = strangers(backend, 8);
  const { world, alice, bob } = pair;
  addCard(world, alice, bob, false);
  const { id: owner } = contactOf(bob);
  expect(refused(pair, bob, ['accept', { contact: owner }])).toBe('not-requested');
  expect(alice.execute('accept', { contact: 'bob' }).state).toBe('connected');
  expect(alice.execute('accept', { contact: 'bob' }).state).toBe('connected');
  world.run(minuteMs);
  expect(contactOf(bob).state).toBe('connected');
  alice.execute('block', { contact: 'bob' });
  expect(refused(pair, alice, ['accept', { contact: 'bob' }])).toBe('not-requested');
});

test('unblocking returns to what was before: connected, waiting, or asked', () => {
  const { world, alice, bob } = acquainted(backend, 9);
  alice.execute('block', { contact: 'bob' });
  expect(alice.execute('block', { contact: 'bob' }).state).toBe('blocked');
  expect(refusal(() => send(alice, 'bob', 'x'))).toBe('blocked');
  const lost = send(bob, 'alice', 'while blocked');
  world.run(minuteMs);
  expect(received(alice, 'bob')).toEqual([]);
  expect(alice.execute('unblock', { contact: 'bob' }).state).toBe('connected');
  expect(alice.execute('unblock', { contact: 'bob' }).state).toBe('connected');
  world.run(20 * minuteMs);
  expect(received(alice, 'bob')).toEqual(['while blocked']);
  expect(stateOf(bob, lost)).toBe('delivered');

  const asked = strangers(backend, 10);
  addCard(asked.world, asked.alice, asked.bob, false);
  for (const node of [asked.alice, asked.bob]) {
    const { id, state } = contactOf(node);
    node.execute('block', { contact: id });
    asked.world.run(1_000);
    expect(node.execute('unblock', { contact: id }).state).toBe(state);
  }
  asked.world.run(1_000); // The proof of work is done anew.
  expect(asked.bob.database.store.outbox()).toMatchObject([{ kind: 'request' }]);
  asked.alice.execute('accept', { contact: 'bob' });
  asked.world.run(5 * minuteMs);
  expect(contactOf(asked.bob).state).toBe('connected');
});

test('a request that was blocked and unblocked before it was met still arrives', () => {
  const { world, alice, bob } = strangers(backend, 11);
  const card = cardOf(alice);
  alice.crash();
  const { id } = bob.execute('add', { card, name: 'alice' });
  bob.execute('block', { contact: id });
  expect(bob.database.store.outbox()).toEqual([]);
  bob.execute('unblock', { contact: id });
  alice.start();
  world.announce();
  world.run(minuteMs);
  expect(contactOf(bob).state).toBe('connected');
});

test('cards: every reason not to take one', () => {
  const pair = acquainted(backend, 12);
  const { world, alice, bob } = pair;
  const add = (node: WorldNode, card: string, name?: string): string =>
    refused(pair, node, ['add', { card, name }]);
  const carol = world.node('carol');
  const card = cardOf(carol);
  expect(add(alice, 'not a card')).toBe('bad-card');
  expect(add(alice, '')).toBe('bad-card');
  expect(add(alice, `${card.slice(0, -1)}${card.endsWith('q') ? 'p' : 'q'}`)).toBe('bad-card');
  expect(add(alice, cardOf(alice))).toBe('own-card');
  expect(add(alice, card, 'bad\u0000name')).toBe('bad-name');
  alice.execute('block', { contact: 'bob' });
  expect(add(alice, cardOf(bob))).toBe('blocked');
  const short = carol.execute('makeCard', { once: false, expiresInMs: 1_000 }).card;
  world.run(1_001);
  expect(add(alice, short)).toBe('card-expired');
  // White space and upper case are how cards travel.
  expect(alice.execute('add', { card: `  ${card.toUpperCase()}\n`, name: 'Carol' }).name).toBe('Carol');
});

test('messages and histories that do not exist', () => {
  const pair = acquainted(backend, 13);
  const { world, alice, bob } = pair;
  const id = send(alice, 'bob', 'hello');
  world.run(1_000);
  expect(refused(pair, alice, ['message', { id: 'x' }])).toBe('unknown-message');
  expect(refused(pair, alice, ['message', { id: text(26, '0') }])).toBe('unknown-message');
  expect(bob.execute('message', { id }).message.direction).toBe('in');
  const before = text(26, '0') as never;
  const history = { conversation: 'bob', limit: 5, before };
  expect(refused(pair, alice, ['history', history])).toBe('unknown-message');
});
