/** Goal: real nodes talk in a world, the same way each time the seed is the same; faults of the net are felt. */
import { expect, test } from 'vitest';
import type { SimNode } from './sim-node.ts';
import { createWorld, type World } from './world.ts';

async function acquainted(seed: number): Promise<{ world: World; alice: SimNode; bob: SimNode }> {
  const world = await createWorld({ seed });
  const alice = world.addNode({ name: 'alice', lan: 'home' });
  const bob = world.addNode({ name: 'bob', lan: 'home' });
  await world.runFor(3_000);
  const { card } = bob.command('makeCard', { once: true, expiresInMs: undefined });
  alice.command('add', { card, name: 'bob' });
  await world.runFor(3_000);
  return { world, alice, bob };
}

const say = (node: SimNode, to: string, text: string): string =>
  node.command('send', { to, text, ttlMs: undefined }).id;
const stateOf = (node: SimNode, id: string): string | undefined =>
  node.command('message', { id }).ledger.at(-1)?.state;

test('two nodes meet on a LAN and a message is delivered, with one trace hash for one seed', async () => {
  const live = async (seed: number): Promise<string> => {
    const { world, alice } = await acquainted(seed);
    const id = say(alice, 'bob', 'hello');
    await world.runFor(1_000);
    expect(stateOf(alice, id)).toBe('delivered');
    expect(world.violations).toEqual([]);
    return world.outcome().traceHash;
  };
  const first = await live(1);
  expect(await live(1)).toBe(first);
  expect(await live(2)).not.toBe(first);
});

test('a partition holds a message back, its end delivers it', async () => {
  const { world, alice, bob } = await acquainted(3);
  world.partition([alice], [bob]);
  const id = say(alice, 'bob', 'over there');
  await world.runFor(600_000);
  expect(stateOf(alice, id)).not.toBe('delivered');
  expect(alice.linked).toEqual([]);
  world.heal();
  await world.runFor(120_000);
  expect(stateOf(alice, id)).toBe('delivered');
});

test('what was confirmed outlives the power, what was torn does not come halfway', async () => {
  const { world, alice, bob } = await acquainted(4);
  bob.crash('goes');
  const id = say(alice, 'bob', 'are you there');
  alice.crashInCommit('before it is durable');
  expect(() => say(alice, 'bob', 'lost with the power')).toThrow('lost its power');
  alice.start();
  alice.crashInCommit('before it is confirmed');
  expect(() => say(alice, 'bob', 'kept, but nobody said so')).toThrow('lost its power');
  alice.start();
  bob.start();
  await world.runFor(300_000);
  expect(stateOf(alice, id)).toBe('delivered');
  const [contact] = bob.command('contacts', {});
  const history = bob.command('history', { conversation: contact!.id, limit: 10, before: undefined });
  expect(history.map(({ text }) => text)).toEqual(['are you there', 'kept, but nobody said so']);
});

test('nodes on the Internet reach each other by what a card names; a box lets nobody in', async () => {
  const world = await createWorld({ seed: 5 });
  const open = world.addNode({ name: 'open' });
  const home = world.addNode({ name: 'home', nat: 'symmetric' });
  const closed = world.addNode({ name: 'closed', nat: 'port-restricted' });
  await world.runFor(1_000);
  const meet = (one: SimNode, other: SimNode): void => {
    const { card } = other.command('makeCard', { once: true, expiresInMs: undefined });
    one.command('add', { card, name: other.name });
  };
  meet(home, open);
  meet(home, closed);
  await world.runFor(60_000);
  const states = home.command('contacts', {}).map(({ name, state }) => `${name} ${state}`);
  expect(states).toEqual(['closed requested', 'open connected']);
});
