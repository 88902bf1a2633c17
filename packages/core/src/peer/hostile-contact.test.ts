/**
 * Goal: a contact who breaks the rules harms nobody else and costs us no more than a named bound.
 * Method: a puppet (test/stranger.ts) holds the contact's own keys and says whatever it likes.
 */
import { expect, test } from 'vitest';
import { acquainted } from '../../test/acquainted.ts';
import { Puppet } from '../../test/stranger.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { controlsWaitingMax } from './delivery.ts';

const backend = createNativeBackend();

test('who asks for our identity without end, and acknowledges nothing, fills a bounded part of the outbox', () => {
  const { world, alice, bob } = acquainted(backend, 11);
  const puppet = new Puppet(world, bob);
  const [device] = puppet.rooms.book.liveDevices(puppet.rooms.book.list()[0]!.person);
  const link = puppet.connect(alice);
  for (let asked = 0; asked < controlsWaitingMax * 3; asked++) {
    link.send(puppet.envelope(device!.device, { type: 'identityAsk', id: backend.randomBytes(16) }));
    const head = backend.randomBytes(32);
    const hello = { type: 'hello' as const, id: backend.randomBytes(16), head, reset: false };
    link.send(puppet.envelope(device!.device, hello));
  }
  expect(alice.database.store.outbox()).toHaveLength(controlsWaitingMax);
  // Messages still find room.
  alice.execute('send', { to: 'bob', text: 'still here', ttlMs: undefined });
  expect(alice.database.store.outbox()).toHaveLength(controlsWaitingMax + 1);
});
