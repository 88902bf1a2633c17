/** Goal: two people meet by any card that is good, whatever a peer calls itself or asks of us. */
import { expect, test } from 'vitest';
import { acquainted, addCard, cardOf, contactOf, printedCardOf } from '../../test/acquainted.ts';
import { received, send, strangers } from '../../test/acquainted.ts';
import type { PeerWorld, WorldNode } from '../../test/peer-world.ts';
import { Puppet, Stranger } from '../../test/stranger.ts';
import { decodeLink, encodeLink } from '../crypto/card/card.ts';
import { makeBundle } from '../crypto/handshake/bundle.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { greetingBytesMax } from '../wire/content.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

function puppet(world: PeerWorld, name: string): Puppet {
  return new Puppet(world, world.node(name));
}

/** Frames of a type that a node lets out from now on. */
function counted(world: PeerWorld, node: WorldNode, type: number): { count: number } {
  const seen = { count: 0 };
  world.watchers.push((from, output) => {
    if (from === node && output.type === 'send' && output.frame[0] === type) seen.count += 1;
  });
  return seen;
}

for (const once of [false, true]) {
  test(`a printed card${once ? ' for one' : ''}, without identity and bundle, is enough to meet on a LAN`, () => {
    const { world, alice, bob } = strangers(backend, 1);
    const card = printedCardOf(alice, once);
    const added = bob.execute('add', { card, name: 'Alice on paper' });
    expect(added.state).toBe('requested');
    const id = send(bob, added.id, 'found you');
    world.run(minuteMs);
    expect(contactOf(alice).state).toBe(once ? 'connected' : 'incoming');
    if (!once) alice.execute('accept', { contact: 'bob' });
    world.run(minuteMs);
    expect(contactOf(bob)).toMatchObject({ state: 'connected', name: 'Alice on paper' });
    expect(received(alice, 'bob')).toEqual(['found you']);
    expect(bob.execute('message', { id }).message.state).toBe('delivered');
  });
}

test('a printed card is kept through restarts until its owner is met', () => {
  const { world, alice, bob } = strangers(backend, 2);
  const card = printedCardOf(alice);
  alice.crash();
  bob.execute('add', { card, name: undefined });
  world.run(minuteMs);
  bob.restart();
  world.run(20 * dayMs);
  bob.restart();
  alice.start();
  world.announce();
  world.run(minuteMs);
  alice.execute('accept', { contact: 'bob' });
  world.run(minuteMs);
  expect(contactOf(bob).state).toBe('connected');
});

test('a bundle in the card that died long ago: the owner shows a fresh one, and a new request follows', () => {
  const { world, alice, bob } = strangers(backend, 3);
  const card = cardOf(alice, false);
  for (const node of [alice, bob]) node.crash();
  world.nowMs += 50 * dayMs;
  bob.start();
  bob.execute('add', { card, name: undefined });
  world.run(minuteMs);
  const [stale] = bob.database.store.outbox();
  expect(stale?.kind).toBe('request');
  alice.start();
  world.announce();
  world.run(minuteMs);
  expect(contactOf(alice).state).toBe('incoming');
  const [fresh] = bob.database.store.outbox();
  expect(fresh?.item).not.toBe(stale?.item);
  alice.execute('accept', { contact: 'bob' });
  world.run(minuteMs);
  expect(contactOf(bob).state).toBe('connected');
});

test('while the prekey lives a request is sent again with the same bytes, not made anew', () => {
  const { world, alice, bob } = strangers(backend, 4);
  addCard(world, alice, bob, false);
  const [first] = bob.database.store.outbox();
  bob.restart();
  alice.restart();
  world.announce();
  world.run(6 * dayMs);
  const [later] = bob.database.store.outbox();
  expect(later).toEqual(first);
});

test('an owner who shows ever newer bundles makes us ask a few times, then once a day', () => {
  const { world, alice, bob } = strangers(backend, 5);
  const card = cardOf(alice);
  bob.execute('add', { card, name: undefined });
  const owner = new Puppet(world, alice);
  world.run(100);
  const link = owner.connect(bob);
  const asked = counted(world, bob, 0x10);
  const offer = (seq: number): void => {
    const terms = { seq, notAfterWallMs: world.nowMs + dayMs, difficulty: 0 };
    const { bundle } = makeBundle(owner.rooms.crypto, owner.rooms.own.device, terms);
    const { head } = owner.rooms.own.identity;
    owner.rooms.neighbours.drive({ type: 'wake' });
    link.send(Uint8Array.of(0x05, ...head, ...bundle.bytes));
  };
  for (let n = 1; n <= 20; n++) offer(world.nowMs + n);
  expect(asked.count).toBe(3);
});

test('a difficulty above 24 bits is not worked for, and said in the log', () => {
  const { world, alice, bob } = strangers(backend, 6);
  const owner = new Puppet(world, alice);
  const plain = decodeLink(backend, owner.rooms.meeting.makeCard(false, undefined).card);
  if (!plain.ok) throw new Error('no card');
  const linkAt = (difficulty: number): string => {
    const terms = { seq: world.nowMs + difficulty, notAfterWallMs: world.nowMs + dayMs, difficulty };
    const { bundle } = makeBundle(owner.rooms.crypto, owner.rooms.own.device, terms);
    return encodeLink(backend, { card: plain.card, identity: plain.identity, bundle: bundle.bytes });
  };
  const logs: string[] = [];
  world.watchers.push((from, output) => {
    if (from === bob && output.type === 'log') logs.push(output.code);
  });
  bob.execute('add', { card: linkAt(25), name: undefined });
  world.run(minuteMs);
  expect(bob.database.store.outbox()).toEqual([]);
  expect(logs).toContain('request-too-dear');
  expect(contactOf(bob).state).toBe('requested');
  // What can be done is done: the test can see the difference.
  const carol = world.node('carol');
  carol.execute('add', { card: linkAt(4), name: undefined });
  world.run(minuteMs);
  expect(carol.database.store.outbox()).toMatchObject([{ kind: 'request' }]);
});

test('more requests than are worked for at once: each gets its turn', () => {
  const { world, bob } = strangers(backend, 7);
  const people = Array.from({ length: 11 }, (_, n) => world.node(`owner ${n}`));
  for (const owner of people) {
    bob.execute('add', { card: cardOf(owner, false), name: owner.name });
  }
  for (const owner of people) owner.crash();
  bob.execute('block', { contact: 'owner 0' });
  bob.execute('remove', { contact: 'owner 10' });
  world.run(minuteMs);
  expect(bob.database.store.outbox().map((row) => row.kind)).toEqual(Array(9).fill('request'));
});

test('what strangers call themselves is shown without what could mislead', () => {
  const { world, alice } = strangers(backend, 8);
  const names: [string, string][] = [
    ['two\nlines', 'twolines'],
    ['bell\u0007 escape\u001b[31m', 'bell escape[31m'],
    ['evil\u202egnp.exe', 'evilgnp.exe'],
    ['zero\u200bwidth\u2060', 'zerowidth'],
    ['z\u0301\u0302\u0303\u0304\u0305\u0306algo', '\u017a\u0302\u0303\u0304algo'],
    ['x'.repeat(80), 'x'.repeat(64)],
    ['  wide   space  ', 'wide space'],
    ['', ''],
    ['\u200b\u202e', ''],
  ];
  const link = new Stranger(world, alice).hello();
  for (const [index, [name, shown]] of names.entries()) {
    const of = puppet(world, `stranger ${index}`);
    link.send(of.request(cardOf(alice), { name }));
    const id = of.rooms.own.identity.person;
    const contact = alice.execute('contacts', {}).find((each) => each.id === id);
    const expected = shown === '' ? `kith ${id.slice(5, 11)}` : shown.normalize('NFC');
    expect(contact?.name, JSON.stringify(name)).toBe(expected);
  }
});

test('nobody takes the name of a contact, nor its id, also later', () => {
  const { world, alice, bob } = acquainted(backend, 9);
  const { id: real, conversation } = contactOf(alice);
  const link = new Stranger(world, alice).hello();
  const claims = ['bob', 'BOB', 'ｂｏｂ', real, conversation];
  for (const [index, name] of claims.entries()) {
    link.send(puppet(world, `twin ${index}`).request(cardOf(alice), { name }));
  }
  expect(alice.execute('contacts', {})).toHaveLength(6);
  send(alice, 'bob', 'to the real one');
  send(alice, real, 'by id');
  send(alice, conversation, 'by conversation');
  world.run(minuteMs);
  expect(received(bob, 'alice')).toHaveLength(3);
  // With the real one gone, its id finds nobody else.
  alice.execute('remove', { contact: real });
  for (const to of [real, conversation]) {
    expect(() => alice.execute('rename', { contact: to, name: 'x' })).toThrow('unknown-contact');
    const history = alice.execute('history', { conversation: to, limit: 10, before: undefined });
    expect(history.map((each) => each.text)).toContain('by id');
  }
  // A contact that renames itself gets no further than a stranger.
  const carol = world.node('carol');
  addCard(world, alice, carol);
  carol.execute('setName', { name: 'twin 0' });
  world.run(minuteMs);
  addCard(world, bob, alice);
  carol.execute('setName', { name: 'Bob' });
  world.run(minuteMs);
  const named = alice.execute('contacts', {}).filter((each) => each.name.toLowerCase() === 'bob');
  expect(named.map((each) => each.id)).toEqual([real]);
});

test('greetings: text of at most 4,096 bytes, or the request is dropped', () => {
  const { world, alice } = strangers(backend, 10);
  const link = new Stranger(world, alice).hello();
  const contacts = (): number => alice.execute('contacts', {}).length;
  const greet = (name: string, greeting: string): void =>
    link.send(puppet(world, name).request(cardOf(alice), { greeting }));
  greet('too long', 'x'.repeat(greetingBytesMax + 1));
  greet('control', 'hello\u001b[2J');
  expect(contacts()).toBe(0);
  const longest = 'é'.repeat(greetingBytesMax / 2);
  greet('longest', longest);
  expect(contactOf(alice).greeting).toBe(longest);
});

test('an address that no card can hold is left out of it', () => {
  const { alice, bob } = strangers(backend, 11);
  const addresses = [
    `/dns4/${'long'.repeat(40)}/tcp/1`,
    '/ip4/192.0.2.7/tcp/4001',
    '/with space',
    '/a',
    '/b',
  ];
  alice.input({ type: 'listening', self: alice.peerId, addresses });
  const link = decodeLink(backend, cardOf(alice));
  expect(link.ok && link.card.hints).toEqual(['/ip4/192.0.2.7/tcp/4001', '/a']);
  expect(bob.execute('add', { card: cardOf(alice), name: undefined }).state).toBe('requested');
});
