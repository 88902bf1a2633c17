/** Goal: who chose to be visible is offered to strangers on the same local network, and nobody else is, anywhere. */
import { expect, test } from 'vitest';
import { acquainted, contactOf, type Pair, strangers } from '../../test/acquainted.ts';
import type { PeerWorld, WorldNode } from '../../test/peer-world.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { frameTypes } from '../wire/frame-type.ts';
import type { NearbyView } from './nearby.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

function visible(node: WorldNode, on = true): void {
  expect(node.execute('setSettings', { lanVisible: on }).lanVisible).toBe(on);
}

function nearby(node: WorldNode): NearbyView[] {
  return node.execute('nearby', {});
}

function names(node: WorldNode): string[] {
  return nearby(node).map((each) => each.name);
}

/** Introductions that a node sent, those that take back included. */
function said(node: WorldNode): number {
  return node.sentFrames.filter((frame) => frame[0] === frameTypes.introduction).length;
}

/** The same world with links that are not local. */
function farApart(world: PeerWorld): void {
  for (const node of world.nodes.values()) {
    const input = node.input.bind(node);
    node.input = (each) => input(each.type === 'linkUp' ? { ...each, path: 'direct' } : each);
  }
}

test('nobody is visible who did not choose it', () => {
  const { world, alice, bob } = strangers(backend, 1);
  world.run(dayMs);
  expect([said(alice), said(bob)]).toEqual([0, 0]);
  expect([nearby(alice), nearby(bob)]).toEqual([[], []]);
});

test('who is visible is offered by name, at once, and the card leads to a contact', () => {
  const { world, alice, bob } = strangers(backend, 2);
  visible(alice);
  world.run(1_000);
  expect(nearby(alice), 'they did not choose it').toEqual([]);
  const [found, ...others] = nearby(bob);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ id: alice.execute('status', {}).id, name: 'alice', hue: undefined });
  const preview = bob.execute('preview', { card: found!.card });
  expect(preview).toMatchObject({ id: found!.id, once: false, addresses: 0, contact: undefined });
  bob.execute('add', { card: found!.card, name: undefined });
  world.run(5_000);
  expect(nearby(bob), 'whoever is asked is in the list of contacts').toEqual([]);
  expect(contactOf(alice)).toMatchObject({ state: 'incoming', name: 'bob' });
  alice.execute('accept', { contact: 'bob' });
  world.run(5_000);
  expect(contactOf(bob)).toMatchObject({ state: 'connected', name: 'alice', verified: false });
  // Who is removed is a stranger again, and the link stands.
  bob.execute('remove', { contact: 'alice' });
  expect(names(bob)).toEqual(['alice']);
});

test('it ends at once when it is switched off, and when the link ends', () => {
  const { world, alice, bob } = strangers(backend, 3);
  visible(alice);
  world.run(1_000);
  visible(alice, false);
  world.run(1_000);
  expect(nearby(bob)).toEqual([]);
  expect(said(alice)).toBe(2);
  visible(alice);
  world.run(1_000);
  expect(names(bob)).toEqual(['alice']);
  alice.cut();
  expect(nearby(bob)).toEqual([]);
});

test('the choice is remembered, and new links hear of it', () => {
  const { world, alice, bob } = strangers(backend, 4);
  visible(alice);
  alice.restart();
  world.announce();
  world.run(5_000);
  expect(names(bob)).toEqual(['alice']);
  visible(alice, false);
  alice.restart();
  world.announce();
  world.run(5_000);
  expect(nearby(bob)).toEqual([]);
});

test('nothing goes over a link that is not local, and nothing from there is heard', () => {
  const { world, alice, bob } = strangers(backend, 5);
  visible(alice);
  alice.cut();
  farApart(world);
  const before = said(alice);
  world.link(alice, bob);
  world.run(minuteMs);
  expect([said(alice) - before, nearby(bob)]).toEqual([0, []]);
});

test('who hears of it by a link that only they think local shows nobody', () => {
  const { world, alice, bob } = strangers(backend, 6);
  alice.cut();
  const input = bob.input.bind(bob);
  bob.input = (each) => input(each.type === 'linkUp' ? { ...each, path: 'direct' } : each);
  world.link(alice, bob);
  visible(alice);
  world.run(minuteMs);
  expect(said(alice)).toBe(1);
  expect(nearby(bob)).toEqual([]);
});

test('another name is told, and one who plays with the switch is not heard more often for it', () => {
  const { world, alice, bob } = strangers(backend, 7);
  visible(alice);
  world.run(1_000);
  alice.execute('setName', { name: 'Alice Liddell' });
  world.run(1_000);
  expect(names(bob)).toEqual(['Alice Liddell']);
  for (let time = 0; time < 50; time++) {
    visible(alice, false);
    visible(alice);
  }
  alice.execute('setName', { name: 'the last' });
  world.run(5 * minuteMs);
  expect(names(bob), 'what was said last arrives').toEqual(['the last']);
  expect(bob.links(), 'and nobody took it for a flood').toHaveLength(1);
});

test('a card that was shown is renewed before it ends', () => {
  const { world, alice, bob } = strangers(backend, 8);
  visible(alice);
  world.run(1_000);
  const [first] = nearby(bob);
  world.run(20 * dayMs);
  const [now] = nearby(bob);
  expect(now?.id).toBe(first?.id);
  expect(now?.card).not.toBe(first?.card);
  expect(bob.execute('preview', { card: now!.card }).expiresAtWallMs).toBeGreaterThan(world.nowMs);
});

test('contacts and blocked people are not offered', () => {
  const { world, alice, bob }: Pair = acquainted(backend, 9);
  visible(alice);
  visible(bob);
  world.run(1_000);
  expect([nearby(alice), nearby(bob)]).toEqual([[], []]);
  bob.execute('block', { contact: 'alice' });
  expect(nearby(bob)).toEqual([]);
});
