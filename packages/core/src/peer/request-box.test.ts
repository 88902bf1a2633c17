/**
 * Goal: strangers wait in a bounded box, and whoever is refused or blocked cannot tell it from an empty room.
 * Method: real nodes, and puppets that say what an honest node never would (test/stranger.ts).
 */
import { expect, test } from 'vitest';
import { acquainted, addCard, cardOf, contactOf, notices, received } from '../../test/acquainted.ts';
import { send, stateOf, strangers } from '../../test/acquainted.ts';
import { contactRow } from '../../test/store-rows.ts';
import type { PeerWorld, WorldNode } from '../../test/peer-world.ts';
import { Puppet, Stranger } from '../../test/stranger.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { requestsMax } from './book.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;
const spoken = ['request', 'handshake', 'envelope'] as const;

/** A node of that name whose keys are in our hands. */
function puppet(world: PeerWorld, name: string): Puppet {
  return new Puppet(world, world.node(name));
}

function requestEvents(node: WorldNode): number {
  return node.events.filter((row) => row.event === 'request').length;
}

test('the box holds 100; the next stranger is dropped in silence, and a token still lets in', () => {
  const { world, alice } = strangers(backend, 1);
  const plain = cardOf(alice, false);
  const once = cardOf(alice, true);
  alice.crash();
  alice.database.begin();
  for (let n = 0; n < requestsMax - 1; n++) {
    alice.database.apply({ op: 'putContact', row: contactRow(n, { state: 'incoming' }) });
  }
  alice.database.commit();
  alice.start();
  const link = new Stranger(world, alice).hello();
  link.send(puppet(world, 'last').request(plain));
  expect(alice.execute('status', {}).requests).toBe(requestsMax);
  expect(requestEvents(alice)).toBe(1);
  const heard = link.heard.length;
  link.send(puppet(world, 'too late').request(plain));
  expect(alice.execute('status', {}).requests).toBe(requestsMax);
  expect(requestEvents(alice)).toBe(1);
  expect(link.heard).toHaveLength(heard);
  expect(link.closed).toBe(false);
  link.send(puppet(world, 'invited').request(once));
  expect(alice.execute('contacts', {}).filter((each) => each.state === 'connected')).toHaveLength(1);
});

test('who waits hears nothing: no acknowledgement, no answer, until accepted', () => {
  const { world, alice, bob } = strangers(backend, 2);
  const from: string[] = [];
  world.watchers.push((node, output) => {
    if (node === alice && output.type === 'send' && output.class === 'message') from.push(output.type);
  });
  addCard(world, alice, bob, false);
  world.run(20 * minuteMs); // Bob asks again and again, with the same bytes.
  expect(contactOf(alice).state).toBe('incoming');
  expect(requestEvents(alice)).toBe(1);
  expect(from).toEqual([]);
  alice.execute('accept', { contact: 'bob' });
  world.run(minuteMs);
  expect(from.length).toBeGreaterThan(0);
  expect(contactOf(bob).state).toBe('connected');
});

test('a blocked contact hears nothing that a stranger would not hear', () => {
  const { world, alice, bob } = acquainted(backend, 3);
  const kept: Uint8Array[] = [];
  world.tamper = (frame, from) => {
    if (from === bob && frame[0]! >= 0x10) kept.push(frame);
    return [frame];
  };
  send(bob, 'alice', 'before');
  world.run(1_000);
  const plain = cardOf(alice, false);
  const once = cardOf(alice, true);
  alice.execute('block', { contact: 'bob' });
  const events = alice.events.length;
  const of = new Puppet(world, bob);
  world.run(1_000);
  const link = of.connect(alice);
  const device = of.deviceOf('alice');
  // What it heard an answer to before, something new, and a fresh start by every gate.
  for (const frame of kept) link.send(frame);
  const id = backend.randomBytes(16);
  link.send(
    of.envelope(device, {
      type: 'message',
      id,
      sentWallMs: 1,
      text: 'hear me',
      ttlMs: undefined,
      replyTo: undefined,
    }),
  );
  link.send(of.envelope(device, { type: 'identityAsk', id: backend.randomBytes(16) }));
  const later = of.envelope(device, { type: 'identityAsk', id: backend.randomBytes(16) });
  link.send(of.request(plain));
  link.send(of.request(once));
  world.run(minuteMs);
  expect(kept.length).toBeGreaterThan(0);
  expect(link.heardOf(...spoken)).toEqual([]);
  expect(link.closed).toBe(false);
  expect(received(alice, 'bob')).toEqual(['before']);
  expect(contactOf(alice).state).toBe('blocked');
  expect(alice.events.slice(events).map((row) => row.event)).not.toContain('message');
  // The same words from the same hands are answered once the block is gone.
  alice.execute('unblock', { contact: 'bob' });
  link.send(later);
  expect(link.heardOf(...spoken).length).toBeGreaterThan(0);
});

test('what a removed contact repeats is answered by nothing', () => {
  const { world, alice, bob } = acquainted(backend, 4);
  const kept: Uint8Array[] = [];
  world.tamper = (frame, from) => {
    if (from === bob && frame[0] === 0x12) kept.push(frame);
    return [frame];
  };
  send(bob, 'alice', 'before');
  world.run(1_000);
  const link = new Stranger(world, alice).hello();
  alice.execute('remove', { contact: 'bob' });
  for (const frame of kept) link.send(frame);
  expect(kept.length).toBeGreaterThan(0);
  expect(link.heardOf(...spoken)).toEqual([]);
  expect(alice.execute('contacts', {})).toEqual([]);
});

test('a request that comes again, from anybody, before or after a restart, makes no second contact', () => {
  const { world, alice, bob } = strangers(backend, 5);
  const frame = new Puppet(world, bob).request(cardOf(alice, false));
  const replays = (link: Stranger): void => {
    for (let n = 0; n < 3; n++) link.send(frame);
  };
  const first = new Stranger(world, alice).hello();
  replays(first);
  const captured = new Stranger(world, alice, 'peer-other').hello();
  replays(captured);
  expect([requestEvents(alice), alice.execute('contacts', {}).length]).toEqual([1, 1]);
  alice.restart();
  const later = new Stranger(world, alice).hello();
  replays(later);
  expect([requestEvents(alice), alice.execute('contacts', {}).length]).toEqual([1, 1]);
  alice.execute('remove', { contact: 'bob' });
  replays(later);
  expect(alice.execute('contacts', {})).toEqual([]);
  for (const link of [first, captured, later]) expect(link.heardOf(...spoken)).toEqual([]);
});

test('a captured request behind another gate is the same request', () => {
  const { world, alice, bob } = strangers(backend, 6);
  const of = new Puppet(world, bob);
  of.rooms.meeting.add(cardOf(alice, false), undefined);
  const link = new Stranger(world, alice).hello();
  const opening = openingOf(of, alice);
  link.send(of.gated(opening, undefined));
  expect(requestEvents(alice)).toBe(1);
  alice.execute('remove', { contact: 'bob' });
  link.send(of.gated(opening, undefined)); // Mined anew, with another solution: another frame.
  expect(alice.execute('contacts', {})).toEqual([]);
  // A fresh one of the same person is heard.
  link.send(of.gated(openingOf(of, alice), undefined));
  expect(contactOf(alice).state).toBe('incoming');
});

test('a token lets in one: the second holder is dropped in silence, also with the first gone', () => {
  const { world, alice, bob } = strangers(backend, 7);
  const card = cardOf(alice);
  const second = puppet(world, 'second').request(card);
  addCard(world, alice, bob, true); // Another card: tokens are told apart.
  bob.execute('remove', { contact: 'alice' });
  const link = new Stranger(world, alice).hello();
  const first = puppet(world, 'first');
  link.send(first.request(card));
  expect(alice.execute('contacts', {}).map((each) => each.name)).toEqual(['bob', 'first']);
  const heard = link.heardOf(...spoken).length;
  link.send(second);
  link.send(first.request(card));
  expect(alice.execute('contacts', {}).map((each) => each.name)).toEqual(['bob', 'first']);
  expect(link.heardOf(...spoken)).toHaveLength(heard);
  alice.execute('remove', { contact: 'first' });
  alice.restart();
  const later = new Stranger(world, alice).hello();
  later.send(second);
  expect(alice.execute('contacts', {}).map((each) => each.name)).toEqual(['bob']);
});

test('a token ends with its card', () => {
  const { world, alice } = strangers(backend, 8);
  const { card } = alice.execute('makeCard', { once: true, expiresInMs: minuteMs });
  const frame = puppet(world, 'late').request(card);
  world.run(minuteMs + 1);
  new Stranger(world, alice).hello().send(frame);
  expect(alice.execute('contacts', {})).toEqual([]);
});

test('crossed requests connect both, by plain and by one-time cards, in one conversation', () => {
  for (const once of [false, true]) {
    for (let seed = 10; seed < 16; seed++) {
      const { world, alice, bob } = strangers(backend, seed);
      const [ofAlice, ofBob] = [cardOf(alice, once), cardOf(bob, once)];
      alice.execute('add', { card: ofBob, name: undefined });
      bob.execute('add', { card: ofAlice, name: undefined });
      world.run(minuteMs);
      expect([contactOf(alice).state, contactOf(bob).state]).toEqual(['connected', 'connected']);
      const ids = [send(alice, 'bob', 'one'), send(bob, 'alice', 'two')];
      world.run(minuteMs);
      expect([stateOf(alice, ids[0]!), stateOf(bob, ids[1]!)]).toEqual(['delivered', 'delivered']);
      expect([received(alice, 'bob'), received(bob, 'alice')]).toEqual([['two'], ['one']]);
      expect([...notices(alice), ...notices(bob)]).toEqual([]);
      expect(alice.execute('status', {}).queued + bob.execute('status', {}).queued).toBe(0);
    }
  }
});

function openingOf(of: Puppet, owner: WorldNode): Parameters<Puppet['gated']>[0] {
  const frame = of.request(cardOf(owner, false));
  const tagEnd = 17;
  const gateEnd = tagEnd + 1 + 8;
  const nonceEnd = gateEnd + 24;
  return {
    tag: frame.slice(1, tagEnd),
    nonce: frame.slice(gateEnd, nonceEnd),
    sealed: frame.slice(nonceEnd),
  };
}
