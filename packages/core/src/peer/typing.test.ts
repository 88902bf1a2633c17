/** Goal: a typing sign is told to who is there, ends by itself, costs a bounded part, and leaves nothing behind. */
import { expect, test } from 'vitest';
import { acquainted, contactOf, send, strangers } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { Puppet } from '../../test/stranger.ts';
import type { PeerWorld } from '../../test/peer-world.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { typingHoldsMs } from './typing.ts';

const backend = createNativeBackend();

/** What a node was told of typing, from now on. */
function signsAt(world: PeerWorld, node: WorldNode): boolean[] {
  const signs: boolean[] = [];
  world.watchers.push((from, output) => {
    if (from === node && output.type === 'typing') signs.push(output.on);
  });
  return signs;
}

function type(node: WorldNode, typing: boolean): boolean {
  return node.execute('setTyping', { conversation: contactOf(node).id, typing }).told;
}

test('a sign comes, and ends: by a word, by a message, or by itself', () => {
  const { world, alice, bob } = acquainted(backend, 1);
  const signs = signsAt(world, bob);
  expect(type(alice, true)).toBe(true);
  world.run(1_000);
  expect(signs).toEqual([true]);
  expect(type(alice, false)).toBe(true);
  world.run(3_000);
  expect(signs).toEqual([true, false]);
  type(alice, true);
  world.run(1_000);
  send(alice, 'bob', 'written');
  world.run(1_000);
  expect(signs).toEqual([true, false, true, false]);
  type(alice, true);
  world.run(typingHoldsMs - 1_000);
  expect(signs.at(-1)).toBe(true);
  world.run(2_000);
  expect(signs).toEqual([true, false, true, false, true, false]);
});

test('said again while it holds, it goes on without a word', () => {
  const { world, alice, bob } = acquainted(backend, 2);
  const signs = signsAt(world, bob);
  for (let seconds = 0; seconds < 60; seconds += 2) {
    expect(type(alice, true)).toBe(true);
    world.run(2_000);
  }
  expect(signs).toEqual([true]);
  world.run(typingHoldsMs);
  expect(signs).toEqual([true, false]);
});

test('nobody is told where nobody is, nor a contact who has not let us in', () => {
  const { world, alice, bob } = acquainted(backend, 3);
  expect(type(alice, false)).toBe(false); // Nothing was said that could end.
  bob.crash();
  world.run(100);
  expect(type(alice, true)).toBe(false);
  expect(alice.database.store.outbox()).toEqual([]);
  const { alice: carol, bob: dave } = strangers(backend, 4);
  const { card } = dave.execute('makeCard', { once: false, expiresInMs: undefined });
  carol.execute('add', { card, name: 'dave' });
  expect(type(carol, true)).toBe(false);
});

test('a sign leaves no event, no row and nothing to be acknowledged', () => {
  const { world, alice, bob } = acquainted(backend, 5);
  const kept = (node: WorldNode): unknown => [
    node.database.store.lastEventSeq(),
    node.database.store.outbox(),
    node.database.store.history(contactOf(node).conversation, 10, undefined),
  ];
  const before = [alice, bob].map(kept);
  const frames = bob.sentFrames.length;
  type(alice, true);
  world.run(typingHoldsMs * 2);
  expect([alice, bob].map(kept)).toEqual(before);
  expect(bob.sentFrames.slice(frames).filter((frame) => frame[0] === 0x12)).toEqual([]);
});

test('planted: who types and stops without end is shown a bounded number of times, and not while blocked', () => {
  const { world, alice, bob } = acquainted(backend, 6);
  const signs = signsAt(world, alice);
  const puppet = new Puppet(world, bob);
  const link = puppet.connect(alice);
  const device = puppet.deviceOf('alice');
  for (let round = 0; round < 200; round++) {
    link.send(puppet.envelope(device, { type: 'typing', on: round % 2 === 0 }));
  }
  expect(signs.length).toBeLessThanOrEqual(6);
  world.run(60_000);
  const before = signs.length;
  alice.execute('block', { contact: 'bob' });
  link.send(puppet.envelope(device, { type: 'typing', on: true }));
  world.run(60_000);
  expect(signs.slice(before)).toEqual([]);
});
