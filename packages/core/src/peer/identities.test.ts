/**
 * Goal: a new device is announced, a new root key or a fork stops sending until the person compared, and
 * whoever is behind learns of it over a session or a link.
 * Method: the disk of a node is given the identity that another device of that person made meanwhile.
 */
import { expect, test } from 'vitest';
import { acquainted, addCard, contactOf, notices, type Pair } from '../../test/acquainted.ts';
import { received, refusal, send, stateOf, strangers } from '../../test/acquainted.ts';
import type { PeerWorld, WorldNode } from '../../test/peer-world.ts';
import { Puppet } from '../../test/stranger.ts';
import {
  addDevice,
  encodeSecrets,
  type Identity,
  type OwnRoot,
  revokeDevice,
  rotateRoot,
} from '../crypto/identity/identity.ts';
import { encodeLink } from '../crypto/card/card.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { assemble, type PeerRooms } from './assemble.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;

/** Gives a node the identity, and root, that `make` makes of its own, and starts it again. */
function become(
  world: PeerWorld,
  node: WorldNode,
  make: (rooms: PeerRooms) => { identity: Identity; root?: OwnRoot },
): void {
  const puppet = new Puppet(world, node);
  const { own, rows } = puppet.rooms;
  const { identity, root } = make(puppet.rooms);
  if (root !== undefined) rows.put('identity', 'secrets', encodeSecrets({ root, device: own.device }));
  rows.put('identity', 'identity', identity.bytes);
  puppet.commit();
  node.start();
  world.announce();
}

function withDevice({ crypto, own }: PeerRooms, deviceName: string): Identity {
  const { identity, root } = own;
  const added = addDevice(crypto, { identity, root, deviceName, seq: 1_790_000_000_001 });
  return added!.identity;
}

/** `salt` makes two successors of one root entry differ. */
function withNewRoot(rooms: PeerRooms, salt = 0): { identity: Identity; root: OwnRoot } {
  const { crypto, own } = rooms;
  crypto.keys.bytes(1 + salt);
  const recovery = Uint8Array.from(own.root.recovery);
  const keep = [own.device.device];
  return rotateRoot(crypto, { identity: own.identity, recovery, keep, seq: 1_790_000_000_002 })!;
}

function kinds(node: WorldNode): string[] {
  return notices(node).map((each) => each.kind);
}

/** Bob tells of himself by a fresh session, as his node does where it believes that one lost. */
function showsHimself({ world, alice, bob }: Pair): void {
  bob.keys = { ...bob.keys, generation: bob.keys.generation + 1 };
  bob.restart();
  world.announce();
  world.run(5 * minuteMs);
  expect(contactOf(alice).reachable).toBe(true);
}

test('a new device is announced to a contact once, by its name, and sending goes on', () => {
  const pair = acquainted(backend, 1);
  const { world, alice, bob } = pair;
  become(world, bob, (rooms) => ({ identity: withDevice(rooms, 'my new\u202e phone') }));
  world.run(5 * minuteMs);
  showsHimself(pair);
  const announced = notices(alice).filter((each) => each.kind === 'new-device');
  expect(announced).toEqual([
    {
      kind: 'new-device',
      contact: contactOf(alice).id,
      device: 'my new phone',
      text: 'bob uses a new device: my new phone.',
    },
  ]);
  expect(contactOf(alice)).toMatchObject({ keyChanged: false });
  const id = send(alice, 'bob', 'still here');
  world.run(minuteMs);
  expect(stateOf(alice, id)).toBe('delivered');
});

test('a new root key stops sending until the numbers were compared; what waits goes then', () => {
  const pair = acquainted(backend, 2);
  const { world, alice, bob } = pair;
  const old = alice.execute('verify', { contact: 'bob', matches: undefined }).safetyNumber;
  expect(alice.execute('verify', { contact: 'bob', matches: old }).verified).toBe(true);
  bob.crash();
  world.run(100);
  const waiting = send(alice, 'bob', 'written before anybody knew');
  become(world, bob, (rooms) => withNewRoot(rooms));
  // The frame that waited is not stopped by what is not known yet; a session with the new root tells.
  world.tamper = (frame, from) => (from === alice && frame[0] === 0x12 ? [] : [frame]);
  world.run(minuteMs);
  showsHimself(pair);
  world.tamper = undefined;
  expect(kinds(alice)).toContain('key-changed');
  expect(contactOf(alice)).toMatchObject({ keyChanged: true, verified: false, state: 'connected' });
  expect(refusal(() => send(alice, 'bob', 'not now'))).toBe('key-changed');
  world.run(30 * minuteMs);
  expect(received(bob, 'alice')).toEqual([]);
  expect(stateOf(alice, waiting)).not.toBe('delivered');

  // Bob may write: what he says is shown, and only our own words wait.
  send(bob, 'alice', 'it is me');
  world.run(minuteMs);
  expect(received(alice, 'bob')).toEqual(['it is me']);

  expect(refusal(() => alice.execute('verify', { contact: 'bob', matches: old }))).toBe('number-mismatch');
  expect(contactOf(alice)).toMatchObject({ keyChanged: true, verified: false });
  alice.restart(); // Neither a restart nor a mismatch lets anything out.
  world.announce();
  world.run(30 * minuteMs);
  expect(received(bob, 'alice')).toEqual([]);

  const { safetyNumber } = bob.execute('verify', { contact: 'alice', matches: undefined });
  expect(safetyNumber).not.toBe(old);
  expect(alice.execute('verify', { contact: 'bob', matches: safetyNumber }).verified).toBe(true);
  world.run(20 * minuteMs);
  expect(stateOf(alice, waiting)).toBe('delivered');
  expect(received(bob, 'alice')).toEqual(['written before anybody knew']);
});

test('a fork freezes: nothing is merged, nothing is sent, and the person is told', () => {
  const pair = acquainted(backend, 3);
  const { world, alice, bob } = pair;
  const before = bob.copyDisk();
  become(world, bob, (rooms) => withNewRoot(rooms, 1));
  showsHimself(pair);
  const { safetyNumber } = bob.execute('verify', { contact: 'alice', matches: undefined });
  alice.execute('verify', { contact: 'bob', matches: safetyNumber });
  const known = alice.database.store.contacts()[0]!.identity;

  // The other branch: made from the same disk, by whoever had a copy of it and of the words.
  bob.crash();
  bob.database.restore(before);
  become(world, bob, (rooms) => withNewRoot(rooms, 2));
  showsHimself(pair);
  expect(kinds(alice)).toContain('identity-fork');
  expect(contactOf(alice)).toMatchObject({ keyChanged: true, verified: false });
  expect(alice.database.store.contacts()[0]!.identity).toEqual(known);
  expect(refusal(() => send(alice, 'bob', 'to whom?'))).toBe('key-changed');
  // Whoever made it holds the same words, and so the same root key: only talking in person settles who is who.
  expect(received(bob, 'alice')).toEqual([]);
});

test('a head that differs is asked about, and the answer is believed', () => {
  const { world, alice, bob } = strangers(backend, 4);
  addCard(world, alice, bob, false);
  // Bob knows Alice by her card; she has one device more when she accepts.
  become(world, alice, (rooms) => ({ identity: withDevice(rooms, 'tablet') }));
  world.run(minuteMs);
  alice.execute('accept', { contact: 'bob' });
  world.run(minuteMs);
  expect(notices(bob).map((each) => each.text)).toEqual(['alice uses a new device: tablet.']);
  expect(bob.database.store.contacts()[0]!.identity).toEqual(identityOf(alice));
});

test('who was away learns of a new device when the link is recognised, without a new session', () => {
  const { world, alice, bob } = acquainted(backend, 5);
  alice.crash();
  become(world, bob, (rooms) => ({ identity: withDevice(rooms, 'laptop') }));
  world.run(minuteMs);
  alice.start();
  world.announce();
  world.run(minuteMs);
  expect(kinds(alice)).toEqual(['new-device']);
  expect(alice.database.store.contacts()[0]!.identity).toEqual(identityOf(bob));
});

test('a device that was revoked is written to no more; what waited goes to the others, once', () => {
  const { world, alice, bob } = acquainted(backend, 6);
  bob.crash();
  world.run(100);
  const waiting = ['one', 'two'].map((text) => send(alice, 'bob', text));
  // Alice learns from a card that the device is gone, and of no other.
  const { own } = assemble(bob.parts(), () => undefined);
  const { identity, root, device } = own;
  const revoked = revokeDevice(backend, { identity, root, device: device.device, cutoff: 0, seq: 1 })!;
  const card = own.card({ once: false, expiresInMs: minuteMs, hints: [] });
  alice.execute('add', {
    card: encodeLink(backend, { card, identity: revoked, bundle: undefined }),
    name: undefined,
  });
  bob.start();
  world.announce();
  world.run(20 * minuteMs);
  expect(received(bob, 'alice')).toEqual([]);
  expect(waiting.map((id) => stateOf(alice, id))).toEqual(['stored', 'stored']);
  expect(alice.execute('status', {}).queued).toBe(2);
  expect(alice.database.store.secretKeys().filter((row) => row.kind === 'session')).toEqual([]);
});

function identityOf(node: WorldNode): Uint8Array {
  return assemble(node.parts(), () => undefined).own.identity.bytes;
}
