/**
 * Goal: who removes a contact keeps what was written, and nobody else's words come in; who adds the same person again goes
 * on in the same conversation, with what waited there meanwhile.
 */
import { expect, test } from 'vitest';
import {
  acquainted,
  addCard,
  cardOf,
  contactOf,
  type Pair,
  received,
  refusal,
} from '../../test/acquainted.ts';
import { send, stateOf } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;

function texts(node: WorldNode, conversation: string): string[] {
  const page = node.execute('history', { conversation, limit: 200, before: undefined });
  return page.map((each) => each.text);
}

/** Alice and Bob wrote to each other; then she removed him. */
function removed(seed: number): Pair & { person: string; conversation: string } {
  const pair = acquainted(backend, seed);
  const { world, alice, bob } = pair;
  send(alice, 'bob', 'one');
  world.run(1_000);
  send(bob, 'alice', 'two');
  world.run(1_000);
  const { id: person, conversation } = contactOf(alice);
  alice.execute('remove', { contact: 'bob' });
  world.run(1_000);
  return { ...pair, person, conversation };
}

test('what was written stays readable, by conversation and by person, also after a start; nothing can be sent', () => {
  const { alice, person, conversation } = removed(1);
  for (const place of [conversation, person]) expect(texts(alice, place)).toEqual(['one', 'two']);
  alice.restart();
  for (const place of [conversation, person]) expect(texts(alice, place)).toEqual(['one', 'two']);
  // In the list of conversations it stands under the name that he had here.
  expect(alice.execute('conversations', {})).toMatchObject([
    { id: conversation, contact: undefined, name: 'bob' },
  ]);
  for (const to of [conversation, person, 'bob'])
    expect(refusal(() => send(alice, to, 'gone'))).toBe('unknown-contact');
});

test('who was removed is told nothing, and what they write waits with them', () => {
  const { world, alice, bob, conversation } = removed(2);
  const id = send(bob, 'alice', 'are you there?');
  world.run(30 * minuteMs);
  expect(texts(alice, conversation)).toEqual(['one', 'two']);
  expect(stateOf(bob, id)).not.toBe('delivered');
  expect(contactOf(bob).state).toBe('connected');
});

for (const restarts of [false, true]) {
  test(`the same person again is the same conversation${restarts ? ', also over restarts' : ''}`, () => {
    const { world, alice, bob, conversation, person } = removed(3);
    const waiting = send(bob, 'alice', 'three, while away');
    world.run(minuteMs);
    if (restarts) for (const node of [alice, bob]) node.restart();
    world.announce();
    const added = alice.execute('add', { card: cardOf(bob, false), name: 'Bobby' });
    expect(added).toMatchObject({ id: person, conversation, verified: false });
    world.run(30 * minuteMs);
    expect(contactOf(alice)).toMatchObject({ state: 'connected', name: 'Bobby', conversation });
    const id = send(alice, 'Bobby', 'four');
    world.run(5 * minuteMs);
    expect(stateOf(alice, id)).toBe('delivered');
    expect(stateOf(bob, waiting)).toBe('delivered');
    expect(texts(alice, conversation)).toEqual(['one', 'two', 'three, while away', 'four']);
    expect(received(bob, 'alice')).toEqual(['one', 'four']);
    expect(contactOf(bob).conversation).toBe(conversation);
    const listed = alice.execute('conversations', {});
    expect(listed).toMatchObject([{ id: conversation, name: 'Bobby', contact: { id: person } }]);
  });
}

test('they add us again, and have to ask: what they wrote meanwhile comes when they are let in', () => {
  const { world, alice, bob, conversation } = removed(4);
  bob.execute('remove', { contact: 'alice' });
  bob.execute('add', { card: cardOf(alice, false), name: undefined });
  world.run(minuteMs);
  expect(contactOf(alice)).toMatchObject({ state: 'incoming', conversation });
  expect(texts(alice, conversation), 'what was written is there before they are let in').toEqual([
    'one',
    'two',
  ]);
  send(bob, contactOf(bob).id, 'let me in');
  world.run(minuteMs);
  expect(texts(alice, conversation)).toEqual(['one', 'two']);
  alice.execute('accept', { contact: 'bob' });
  world.run(5 * minuteMs);
  expect(texts(alice, conversation)).toEqual(['one', 'two', 'let me in']);
  expect(texts(bob, conversation)).toEqual(['one', 'two', 'let me in']);
});

test('somebody else of the same name is another conversation', () => {
  const { world, alice, conversation } = removed(5);
  const other = world.node('bob too');
  world.announce();
  addCard(world, other, alice);
  alice.execute('rename', { contact: 'bob too', name: 'bob' });
  expect(contactOf(alice).conversation).not.toBe(conversation);
  send(alice, 'bob', 'to the other');
  world.run(1_000);
  expect(texts(alice, 'bob')).toEqual(['to the other']);
  expect(texts(alice, conversation)).toEqual(['one', 'two']);
});
