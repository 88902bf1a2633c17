/**
 * Goal: two people meet and talk through the whole Peer, whatever the links and the power do.
 * Method: a world of Peers on a virtual clock (test/peer-world.ts). Replay one failure with SEED=1234.
 */
import { expect, test } from 'vitest';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { PeerWorld, type WorldNode } from '../../test/peer-world.ts';

const backend = createNativeBackend();

function texts(node: WorldNode, with_: string): string[] {
  const messages = node.execute('history', { conversation: with_, limit: 1_000, before: undefined });
  return messages.filter((each) => each.direction === 'in').map((each) => each.text);
}

function meet(world: PeerWorld, once: boolean): { alice: WorldNode; bob: WorldNode } {
  const alice = world.node('alice');
  const bob = world.node('bob');
  world.announce();
  world.run(1_000);
  const { card } = alice.execute('makeCard', { once, expiresInMs: undefined });
  bob.execute('add', { card, name: undefined });
  world.run(5_000);
  return { alice, bob };
}

test('a one-time card connects both without a question, and messages are delivered both ways', () => {
  const world = new PeerWorld(backend, 1);
  const { alice, bob } = meet(world, true);
  expect(alice.execute('contacts', {})).toMatchObject([{ name: 'bob', state: 'connected', reachable: true }]);
  expect(bob.execute('contacts', {})).toMatchObject([{ name: 'alice', state: 'connected', reachable: true }]);
  const { id } = alice.execute('send', { to: 'bob', text: 'hello bob', ttlMs: undefined });
  bob.execute('send', { to: 'alice', text: 'hello alice', ttlMs: undefined });
  world.run(1_000);
  expect(texts(bob, 'alice')).toEqual(['hello bob']);
  expect(texts(alice, 'bob')).toEqual(['hello alice']);
  const { message, ledger } = alice.execute('message', { id });
  expect(message.state).toBe('delivered');
  expect(ledger.map((each) => each.state)).toEqual(['stored', 'sent', 'delivered']);
});

test('a plain card waits in the request box until it is accepted; what was written meanwhile arrives', () => {
  const world = new PeerWorld(backend, 2);
  const { alice, bob } = meet(world, false);
  expect(alice.execute('contacts', {})).toMatchObject([{ name: 'bob', state: 'incoming' }]);
  expect(bob.execute('contacts', {})).toMatchObject([{ state: 'requested' }]);
  const [stranger] = bob.execute('contacts', {});
  const { id } = bob.execute('send', { to: stranger!.id, text: 'are you there?', ttlMs: undefined });
  world.run(5_000);
  expect(bob.execute('message', { id }).message.state).toBe('stored');
  alice.execute('accept', { contact: 'bob' });
  world.run(5_000);
  expect(texts(alice, 'bob')).toEqual(['are you there?']);
  expect(bob.execute('message', { id }).message.state).toBe('delivered');
  expect(bob.execute('contacts', {})).toMatchObject([{ name: 'alice', state: 'connected' }]);
});
