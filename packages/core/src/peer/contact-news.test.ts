/**
 * Goal: a list that is kept by the events alone is the list that is asked for; what did not change is not told.
 * Method: a story of two people with everything that changes a contact; the two lists are compared after each step.
 */
import { expect, test } from 'vitest';
import { acquainted, addCard, cardOf, contactOf, refusal, strangers } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import type { EventData } from './contract.ts';

const backend = createNativeBackend();
type Told = EventData['contact'];

function told(node: WorldNode): Told[] {
  return node.events.filter((row) => row.event === 'contact').map((row) => JSON.parse(row.data) as Told);
}

/** The list as somebody has it who heard all events, in the order of the list. */
function heard(node: WorldNode): Told[] {
  const list = new Map<string, Told>();
  for (const each of told(node)) {
    if (each.state === 'removed') list.delete(each.id);
    else list.set(each.id, each);
  }
  return [...list.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function asked(node: WorldNode): object[] {
  return node.execute('contacts', {}).map((view) => {
    const { id, name, claimedName, state, verified, keyChanged, reachable, conversation } = view;
    return {
      id,
      name,
      claimedName,
      hue: view.hue ?? null,
      state,
      verified,
      keyChanged,
      reachable,
      conversation,
    };
  });
}

test('the events alone keep a list', () => {
  const { world, alice, bob } = strangers(backend, 1);
  const steps: [string, () => unknown][] = [
    ['a request', () => bob.execute('add', { card: cardOf(alice, false), name: 'Al' })],
    ['it arrives', () => world.run(5_000)],
    ['accepted', () => alice.execute('accept', { contact: 'bob' })],
    ['both know', () => world.run(5_000)],
    ['a name of our own', () => alice.execute('rename', { contact: 'bob', name: 'Bobby' })],
    ['a name of theirs', () => bob.execute('setName', { name: 'Robert' })],
    ['it is heard', () => world.run(5_000)],
    ['a colour of theirs', () => (bob.execute('setLook', { hue: 7 }), world.run(5_000))],
    ['compared', () => alice.execute('verify', { contact: 'Bobby', matches: numberOf(bob) })],
    ['taken back', () => alice.execute('unverify', { contact: 'Bobby' })],
    ['away', () => bob.cut()],
    ['back', () => (world.announce(), world.run(5_000))],
    ['blocked', () => alice.execute('block', { contact: 'Bobby' })],
    ['unblocked', () => alice.execute('unblock', { contact: 'Bobby' })],
    ['removed', () => alice.execute('remove', { contact: 'Bobby' })],
    ['time', () => world.run(5_000)],
    ['again', () => addCard(world, bob, alice)],
    ['named by adding', () => alice.execute('add', { card: cardOf(bob), name: 'Rob' })],
    ['others', () => addCard(world, alice, world.node('carol'))],
  ];
  for (const [step, act] of steps) {
    act();
    for (const node of world.nodes.values()) expect(heard(node), step).toEqual(asked(node));
  }
  const states = new Set(told(alice).map((each) => each.state));
  expect(states).toContain('removed');
  for (const node of world.nodes.values()) {
    for (const [index, each] of told(node).entries()) {
      const before = told(node)
        .slice(0, index)
        .findLast((other) => other.id === each.id);
      expect(each, 'nothing is told twice').not.toEqual(before);
    }
  }
});

test('a refused command tells nothing, and neither does a start', () => {
  const { world, alice } = acquainted(backend, 2);
  const before = told(alice).length;
  expect(refusal(() => alice.execute('rename', { contact: 'bob', name: '' }))).toBe('bad-name');
  alice.execute('rename', { contact: 'bob', name: 'bob' });
  alice.restart();
  expect(told(alice).length).toBe(before);
  world.announce();
  world.run(5_000);
  // Met again: that is news.
  expect(
    told(alice)
      .slice(before)
      .map((each) => each.reachable),
  ).toEqual([true]);
});

test('of a contact that goes, the event says as whom it was known', () => {
  const { alice } = acquainted(backend, 3);
  alice.execute('rename', { contact: 'bob', name: 'Bobby' });
  alice.execute('remove', { contact: 'Bobby' });
  expect(told(alice).at(-1)).toMatchObject({
    name: 'Bobby',
    claimedName: 'bob',
    state: 'removed',
    reachable: false,
  });
});

test('when a contact was last seen moves with the first link and the last one, durably, and with no other', () => {
  const { world, alice, bob } = acquainted(backend, 4);
  const seenAgo = (): number => world.nowMs - (contactOf(alice).lastSeenWallMs ?? NaN);
  world.run(20_000);
  const quietMs = seenAgo();
  expect(quietMs, 'they talked, and that is a while ago').toBeGreaterThan(10_000);
  // A second link changes nothing for anybody, and neither does its end.
  world.link(bob, alice);
  expect(alice.links()).toHaveLength(2);
  world.run(1_000);
  expect(alice.links()).toHaveLength(1);
  expect([contactOf(alice).reachable, seenAgo()]).toEqual([true, quietMs + 1_000]);

  bob.crash();
  world.run(20);
  expect([contactOf(alice).reachable, seenAgo()]).toEqual([false, 0]);
  world.run(30_000);
  alice.restart();
  expect(seenAgo()).toBe(30_000);

  bob.start();
  world.announce();
  world.run(5_000);
  expect(contactOf(alice).reachable).toBe(true);
  expect(seenAgo()).toBeLessThanOrEqual(5_000);
});

function numberOf(node: WorldNode): string {
  const [only] = node.execute('contacts', {});
  return node.execute('verify', { contact: only?.id ?? '' }).safetyNumber;
}
