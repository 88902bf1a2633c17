/**
 * Goal: a contact who breaks the rules harms nobody else and costs us no more than a named bound.
 * Method: a puppet (test/stranger.ts) holds the contact's own keys and says whatever it likes.
 */
import { expect, test } from 'vitest';
import { acquainted, cardOf, contactOf, notices, strangers } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { Puppet, Stranger } from '../../test/stranger.ts';
import type { ContactRow } from '../base/store.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import { decodeLink, encodeLink, makeCard } from '../crypto/card/card.ts';
import { intakeEnvelopeKey, intakeTag } from '../crypto/card/intake.ts';
import { decodeBundle } from '../crypto/handshake/bundle.ts';
import { type HandshakeSelf, initiate } from '../crypto/handshake/handshake.ts';
import { addDevice, createPerson, revokeDevice, rotateRoot } from '../crypto/identity/identity.ts';
import { personIdText } from '../crypto/identity/person-id.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { Miner } from '../protocol/meeting/gate.ts';
import { encodeContent } from '../wire/content.ts';
import { encodeFrame } from '../wire/frame.ts';
import { assemble } from './assemble.ts';
import { type Book, requestsMax } from './book.ts';
import { CardShelf } from './card-shelf.ts';
import { controlsWaitingMax } from './delivery.ts';
import { weekMs } from './own.ts';

const worldStartMs = 1_790_000_000_000;
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

/** A world whose machines count the handshakes they answer. */
function counting() {
  const seen = { handshakes: 0 };
  const counted: CryptoBackend = {
    ...backend,
    mlkem768Decapsulate(ciphertext, secretKey) {
      seen.handshakes += 1;
      return backend.mlkem768Decapsulate(ciphertext, secretKey);
    },
  };
  return { seen, counted };
}

/** Message 1 of `self` to a node whose link is known, as a request that paid with work. */
function request(
  link: string,
  self: HandshakeSelf,
  change: (message1: Uint8Array) => Uint8Array,
): Uint8Array {
  const crypto = { backend, keys: { bytes: (length: number) => backend.randomBytes(length) } };
  const decoded = decodeLink(backend, link);
  if (!decoded.ok || decoded.identity === undefined || decoded.bundle === undefined) throw new Error('link');
  const { card, identity } = decoded;
  const [device] = identity.devices;
  const bundle = decodeBundle(backend, decoded.bundle, device!.signingKey)!;
  const once = card.oneTimePrekey && { oneTimePrekey: card.oneTimePrekey };
  const content = encodeContent({
    type: 'request',
    id: backend.randomBytes(16),
    name: 'somebody else',
    greeting: '',
    card: new Uint8Array(0),
    mailboxes: [],
  });
  const started = initiate(crypto, { self, to: { identity, device: device!, bundle, ...once }, content });
  const week = Math.floor(worldStartMs / weekMs);
  const tag = intakeTag(backend, card.intakeSecret, week);
  const nonce = backend.randomBytes(24);
  const key = intakeEnvelopeKey(backend, card.intakeSecret, week);
  const sealed = backend.xchachaSeal(key, nonce, tag, change(started!.message1));
  const miner = new Miner(
    backend,
    { tag, nonce, sealed },
    { bits: bundle.difficulty, start: nonce.slice(0, 4) },
  );
  const solution = miner.step(2 ** 24)!;
  return encodeFrame({ type: 'request', tag, nonce, sealed, gate: { kind: 'work', solution } });
}

const asIs = (message1: Uint8Array): Uint8Array => message1;

function sessionsOf(node: WorldNode): number {
  return node.database.store.secretKeys().filter(({ kind }) => kind === 'session').length;
}

test('a request that failed behind its gate costs no second handshake, however often it comes', () => {
  const { seen, counted } = counting();
  const { world, alice, bob } = strangers(counted, 12);
  const { own } = new Puppet(world, bob).rooms;
  const damaged = request(cardOf(alice, false), own, (bytes) => {
    bytes[bytes.length - 1]! ^= 1;
    return bytes;
  });
  const link = new Stranger(world, alice).hello();
  seen.handshakes = 0;
  for (let sent = 0; sent < 5; sent++) link.send(damaged);
  expect(seen.handshakes).toBe(1);
  expect(alice.execute('contacts', {})).toEqual([]);
});

test('a one-time prekey opens one session, whatever gate that came through', () => {
  const { world, alice, bob } = strangers(backend, 13);
  const { own } = new Puppet(world, bob).rooms;
  const card = cardOf(alice);
  const link = new Stranger(world, alice).hello();
  link.send(request(card, own, asIs));
  const kept = alice.database.store.secretKeys().filter(({ key }) => /^(once|token)\//.test(key));
  expect(alice.execute('contacts', {})).toHaveLength(1);
  expect(kept).toEqual([]);
  link.send(request(card, own, asIs));
  expect(sessionsOf(alice)).toBe(1);
});

test('while the request box is full a stranger costs no handshake, and is heard once there is room', () => {
  const { seen, counted } = counting();
  const { world, alice, bob } = strangers(counted, 17);
  const { own } = new Puppet(world, bob).rooms;
  const asked = request(cardOf(alice, false), own, asIs);
  alice.crash();
  const { book, turn } = assemble(alice.parts(), () => undefined);
  turn.take();
  for (let index = 0; index < requestsMax; index++) book.put(waiting(book, index));
  alice.database.begin();
  for (const output of turn.take()) if (output.type === 'store') alice.database.apply(output.write);
  alice.database.commit();
  alice.start();
  const link = new Stranger(world, alice).hello();
  seen.handshakes = 0;
  link.send(asked);
  expect(seen.handshakes).toBe(0);
  const [first] = alice.execute('contacts', {});
  alice.execute('remove', { contact: first!.id });
  link.send(asked);
  expect(alice.execute('contacts', {}).map(({ name }) => name)).toContain('somebody else');
});

function waiting(book: Book, index: number): ContactRow {
  const person = personIdText(new Uint8Array(32).fill(index + 1));
  return {
    person,
    name: `waiting ${index}`,
    claimedName: '',
    hue: undefined,
    state: 'incoming',
    stateBeforeBlock: undefined,
    verified: false,
    keyChanged: false,
    identity: new Uint8Array(0),
    greeting: '',
    conversation: book.conversationWith(person),
    createdMs: worldStartMs,
    lastSeenWallMs: undefined,
  };
}

test('a revoked device with an identity from before gets no session and changes nothing', () => {
  const { world, alice, bob } = acquainted(backend, 14);
  const card = cardOf(alice, false);
  const { rooms } = new Puppet(world, bob);
  const crypto = { backend, keys: { bytes: (length: number) => backend.randomBytes(length) } };
  const { root, identity } = rooms.own;
  const seq = worldStartMs;
  const added = addDevice(crypto, { identity, root, deviceName: 'lost', seq })!;
  const { device } = added.device;
  const revoked = revokeDevice(backend, { identity: added.identity, root, device, cutoff: 0, seq })!;
  const aliceRooms = assemble(alice.parts(), () => undefined);
  aliceRooms.book.put({ ...aliceRooms.book.get(identity.person)!, identity: revoked.bytes });
  const write = aliceRooms.turn.take().find((each) => each.type === 'store');
  alice.crash();
  alice.database.begin();
  alice.database.apply(write!.write);
  alice.database.commit();
  alice.start();

  const before = sessionsOf(alice);
  const link = new Stranger(world, alice).hello();
  link.send(request(card, { device: added.device, identity: added.identity }, asIs));
  expect(sessionsOf(alice)).toBe(before);
  expect(contactOf(alice).claimedName).toBe('bob');
  // The same from a device that stands is heard.
  link.send(request(card, rooms.own, asIs));
  expect(sessionsOf(alice)).toBe(before + 1);
});

test('sessions that one device starts are bounded in time', () => {
  const { seen, counted } = counting();
  const { world, alice, bob } = acquainted(counted, 15);
  const puppet = new Puppet(world, bob);
  const { book, cards, own } = { ...puppet.rooms, cards: new CardShelf(backend, puppet.rooms.rows) };
  const { person } = book.list()[0]!;
  const { device } = book.liveDevices(person)[0]!;
  const link = puppet.connect(alice);
  seen.handshakes = 0;
  for (let sent = 0; sent < 30; sent++) {
    const content = encodeContent({
      type: 'hello',
      id: backend.randomBytes(16),
      head: own.identity.head,
      reset: true,
    });
    const opening = puppet.openings.start({ person, device, card: cards.get(person)! }, content);
    link.send(encodeFrame({ type: 'handshake', ...opening! }));
  }
  expect(seen.handshakes).toBe(8);
  expect(notices(alice).filter(({ kind }) => kind === 'session-reset')).toHaveLength(8);
});

test('an identity with an older root chain than its card is not taken', () => {
  const { alice } = strangers(backend, 16);
  const crypto = { backend, keys: { bytes: (length: number) => backend.randomBytes(length) } };
  const carol = createPerson(crypto, { seq: 1, deviceName: 'one' });
  const words = Uint8Array.from(carol.root.recovery);
  const keep = [carol.device.device];
  const rotated = rotateRoot(crypto, { identity: carol.identity, recovery: words, keep, seq: 2 })!;
  const { person } = carol.identity;
  const card = makeCard(backend, rotated.root, {
    person,
    chain: rotated.identity.chain,
    intakeSecret: backend.randomBytes(32),
    expiresWallMs: worldStartMs * 2,
    hints: [],
    token: undefined,
    oneTimePrekey: undefined,
  });
  alice.execute('add', {
    card: encodeLink(backend, { card, identity: undefined, bundle: undefined }),
    name: undefined,
  });
  const { book, meeting } = assemble(alice.parts(), () => undefined);
  meeting.takeIdentity(person, carol.identity.bytes);
  expect(book.identity(person)).toBeUndefined();
  meeting.takeIdentity(person, rotated.identity.bytes);
  expect(book.identity(person)?.rootKey).toEqual(rotated.identity.rootKey);
});
