/**
 * Goal: strangers on a local network cannot pose as somebody, cannot get in the way, and cannot make us work for nothing.
 * Method: strangers say what they like over links of their own; a puppet says it with the keys of a person.
 */
import { expect, test } from 'vitest';
import { addCard, strangers } from '../../test/acquainted.ts';
import type { PeerWorld, WorldNode } from '../../test/peer-world.ts';
import { Stranger } from '../../test/stranger.ts';
import { concat, hex } from '../base/bytes.ts';
import type { PeerId } from '../base/ids.ts';
import { type Card, makeCard } from '../crypto/card/card.ts';
import { signIntroduction } from '../crypto/card/introduction.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import { createPerson, type Identity, type OwnRoot } from '../crypto/identity/identity.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { seededKeySource, seededRandom } from '../base/random.ts';
import { decodeFrame, encodeFrame } from '../wire/frame.ts';
import { frameTypes } from '../wire/frame-type.ts';
import type { NearbyView } from './nearby.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;
const strangersNonce = new Uint8Array(32).fill(7);

function nearby(node: WorldNode): NearbyView[] {
  return node.execute('nearby', {});
}

interface Person {
  root: OwnRoot;
  identity: Identity;
}

/** Nobody of the world, which draws its keys from small seeds. */
function personOf(number: number): Person {
  const crypto = { backend, keys: seededKeySource(seededRandom(77_000 + number)) };
  return createPerson(crypto, { seq: 1, deviceName: 'first device' });
}

function plainCard({ root, identity }: Person, change: object = {}): Card {
  const { person, chain } = identity;
  const more = { token: undefined, oneTimePrekey: undefined, ...change };
  const rest = { intakeSecret: new Uint8Array(32), expiresWallMs: 2_000_000_000_000, hints: [] };
  return makeCard(backend, root, { person, chain, ...rest, ...more });
}

/** A stranger who knows what to sign, and signs with the keys of whoever it likes. */
class Visitor extends Stranger {
  #listener: WorldNode;
  #remote: PeerId;

  constructor(world: PeerWorld, node: WorldNode, remote: string) {
    super(world, node, remote);
    this.#listener = node;
    this.#remote = remote as PeerId;
    this.hello();
  }

  introduce(
    person: Person,
    {
      name = 'visitor',
      card = plainCard(person),
      ...change
    }: { name?: string; card?: Card } & Record<string, unknown> = {},
  ): void {
    const hello = this.heard.find((frame) => frame.type === 'hello');
    if (hello === undefined || hello.type !== 'hello') throw new Error('the node said no hello');
    const said = { hue: 3, name, card: card.bytes };
    const direction = { speaker: this.#remote, listener: this.#listener.peerId };
    const nonces = { speakerNonce: strangersNonce, listenerNonce: hello.nonce };
    const signature = signIntroduction(backend, person.root, { ...direction, ...nonces, ...said, ...change });
    this.send(encodeFrame({ type: 'introduction', shown: { ...said, signature } }));
  }
}

test('an introduction that was heard says nothing on another link, nor does the card in it', () => {
  const { world, alice, bob } = strangers(backend, 1);
  alice.execute('setSettings', { lanVisible: true });
  world.run(1_000);
  const frame = alice.sentFrames.find((each) => each[0] === frameTypes.introduction)!;
  expect(nearby(bob)).toHaveLength(1);
  alice.cut();
  world.parted.add('alice');
  world.run(1_000);
  // The same bytes by another node; the same card under a signature of its own; the same node on a new link.
  const replaying = new Visitor(world, bob, 'peer-a');
  replaying.send(concat(frame));
  expect(nearby(bob)).toEqual([]);
  const shown = decodeFrame(frame);
  if (shown?.type !== 'introduction' || shown.shown === undefined) throw new Error('no introduction');
  const { card } = shown.shown;
  const thief = personOf(1);
  replaying.introduce(thief, { card: { ...plainCard(thief), bytes: Uint8Array.from(card) } });
  expect(nearby(bob)).toEqual([]);
  const again = new Visitor(world, bob, alice.peerId);
  again.send(concat(frame));
  expect(nearby(bob)).toEqual([]);
  expect([replaying.closed, again.closed], 'silence tells nothing').toEqual([false, false]);
});

test('a node in the middle cannot hand an introduction on', () => {
  const { world, alice, bob } = strangers(backend, 2);
  const middle = world.node('middle');
  alice.cut();
  world.parted.add('alice');
  const heard: Uint8Array[] = [];
  world.parted.clear();
  world.tamper = (frame, from) => {
    if (from === alice && frame[0] === frameTypes.introduction) heard.push(concat(frame));
    return [frame];
  };
  world.link(alice, middle);
  world.link(middle, bob);
  alice.execute('setSettings', { lanVisible: true });
  world.run(1_000);
  expect(nearby(middle).map((each) => each.name)).toEqual(['alice']);
  const way = bob.links().find(({ other }) => other === middle)!;
  for (const frame of heard) bob.arrive(way.id, frame);
  expect(heard.length).toBeGreaterThan(0);
  expect(nearby(bob).filter((each) => each.name === 'alice').length).toBe(
    bob.links().some(({ other }) => other === alice) ? 1 : 0,
  );
});

test('what is signed is all of it: other ends, nonces, names and cards are refused in silence', () => {
  const { world, bob } = strangers(backend, 3);
  const person = personOf(2);
  const visitor = new Visitor(world, bob, 'peer-v');
  visitor.introduce(person);
  expect(nearby(bob)).toEqual([
    { id: person.identity.person, name: 'visitor', hue: 3, card: expect.any(String) as string },
  ]);
  const wrong: Record<string, unknown>[] = [
    { speaker: 'peer-w' },
    { listener: 'peer-v' },
    { listenerNonce: strangersNonce },
    { speakerNonce: new Uint8Array(32) },
    { hue: 4 },
  ];
  for (const [index, change] of wrong.entries()) {
    const other = new Visitor(world, bob, `peer-${index}`);
    other.introduce(personOf(10 + index), change);
    expect(nearby(bob), JSON.stringify(change)).toHaveLength(1);
  }
  // A card for one is for one.
  const once = {
    token: new Uint8Array(32),
    oneTimePrekey: { id: new Uint8Array(8), publicKey: new Uint8Array(32) },
  };
  const lavish = new Visitor(world, bob, 'peer-once');
  lavish.introduce(personOf(30), { card: plainCard(personOf(30), once) });
  const late = new Visitor(world, bob, 'peer-late');
  late.introduce(personOf(31), { card: plainCard(personOf(31), { expiresWallMs: 1 }) });
  // Whoever adds it must be led to this link, and not be made to knock at others.
  const far = new Visitor(world, bob, 'peer-far');
  far.introduce(personOf(32), { card: plainCard(personOf(32), { hints: ['/ip4/192.0.2.7/tcp/4001'] }) });
  expect(nearby(bob)).toHaveLength(1);
  // What does not verify takes the place of what did: only the newest word counts.
  visitor.introduce(person, { hue: 4 });
  expect(nearby(bob)).toEqual([]);
});

test('names: nothing hidden, nothing that reads like a contact, us, an id, or one another', () => {
  const { world, alice, bob } = strangers(backend, 4);
  addCard(world, alice, bob);
  const claims = [
    'ALICE', // A contact.
    'bob', // Us.
    '\u202eecila',
    'a\u200blice',
    `kith1${'q'.repeat(58)}`,
    'x'.repeat(256),
    `Z${'\u0301'.repeat(60)}`,
    'twin',
    'twin',
    '\u200b',
  ];
  const visitors = claims.map((name, index) => {
    const visitor = new Visitor(world, bob, `peer-${index}`);
    visitor.introduce(personOf(100 + index), { name });
    return personOf(100 + index).identity.person;
  });
  const shown = new Map(nearby(bob).map((each) => [each.id, each.name]));
  const name = (index: number): string => shown.get(visitors[index]!) ?? '';
  const mark = (index: number): string => visitors[index]!.slice(5, 11);
  expect(shown.size).toBe(claims.length);
  expect(name(0)).toBe(`ALICE (${mark(0)})`);
  expect(name(1)).toBe(`bob (${mark(1)})`);
  expect(name(2)).toBe('ecila');
  expect(name(3)).toBe(`alice (${mark(3)})`);
  expect(name(4)).toContain(mark(4));
  expect(name(5)).toBe('x'.repeat(64));
  expect(name(6)).toBe('\u0179\u0301\u0301\u0301'); // NFC, then three marks at most.
  expect([name(7), name(8)]).toEqual([`twin (${mark(7)})`, `twin (${mark(8)})`]);
  expect(name(9)).toBe(`kith ${mark(9)}`);
  expect(new Set(shown.values()).size).toBe(claims.length);
});

test('a flood: few are verified, then nobody is shown, then the link ends', () => {
  let verified = 0;
  const counting: CryptoBackend = Object.assign(Object.create(backend) as CryptoBackend, {
    ed25519Verify: (...args: Parameters<CryptoBackend['ed25519Verify']>) => {
      verified++;
      return backend.ed25519Verify(...args);
    },
  });
  const { world, bob } = strangers(counting, 5);
  const visitor = new Visitor(world, bob, 'peer-v');
  const person = personOf(3);
  verified = 0;
  for (let time = 0; time < 20; time++) visitor.introduce(person, { name: `visitor ${time}` });
  expect(verified).toBeLessThanOrEqual(6 * 2);
  expect(nearby(bob), 'the newest word was not looked at: nothing old stands for it').toEqual([]);
  world.run(minuteMs);
  visitor.introduce(person);
  expect(nearby(bob)).toHaveLength(1);
  for (let time = 0; time < 100; time++) visitor.introduce(person);
  expect(visitor.closed).toBe(true);
  expect(nearby(bob)).toEqual([]);
});

test('many: no more are kept than there are links', () => {
  const { world, bob } = strangers(backend, 6);
  for (let index = 0; index < 80; index++) {
    const visitor = new Visitor(world, bob, `peer-${index}`);
    if (!visitor.closed) visitor.introduce(personOf(1_000 + index), { name: `visitor ${index}` });
  }
  expect(nearby(bob).length).toBeGreaterThan(32);
  expect(nearby(bob).length).toBeLessThanOrEqual(64);
});

test('one person on two links is one, as last said; ourselves we never meet', () => {
  const { world, bob } = strangers(backend, 7);
  const person = personOf(4);
  new Visitor(world, bob, 'peer-1').introduce(person, { name: 'first' });
  new Visitor(world, bob, 'peer-2').introduce(person, { name: 'second' });
  expect(nearby(bob).map((each) => each.name)).toEqual(['second']);
});

test('before a hello, and on a link for a question, it breaks the rules; an older node hears nothing', () => {
  const { world, alice, bob } = strangers(backend, 8);
  alice.crash();
  const frame = encodeFrame({ type: 'introduction', shown: undefined });
  const early = new Stranger(world, bob, 'peer-early');
  early.send(frame);
  expect([early.closed, early.reason]).toEqual([true, 'order']);
  const asking = new Stranger(world, bob, 'peer-asking');
  const hello = { type: 'hello', major: 1, nonce: strangersNonce } as const;
  asking.send(encodeFrame({ ...hello, minor: 2, purpose: 'question' }));
  asking.send(frame);
  expect([asking.closed, asking.reason]).toEqual([true, 'order']);
  bob.execute('setSettings', { lanVisible: true });
  const older = new Stranger(world, bob, 'peer-older');
  older.send(encodeFrame({ ...hello, minor: 1, purpose: 'neighbour' }));
  const newer = new Stranger(world, bob, 'peer-newer');
  newer.send(encodeFrame({ ...hello, minor: 2, purpose: 'neighbour' }));
  expect(older.heardOf('introduction')).toEqual([]);
  expect(newer.heardOf('introduction')).toHaveLength(1);
});

test('nothing that a stranger says of themselves is stored or told as an event', () => {
  const { world, bob } = strangers(backend, 9);
  const before = hexOf(bob);
  const events = bob.events.length;
  new Visitor(world, bob, 'peer-v').introduce(personOf(5));
  expect(nearby(bob)).toHaveLength(1);
  expect(bob.events.slice(events).filter((row) => row.event !== 'peer')).toEqual([]);
  expect(hexOf(bob)).toEqual(before);
});

function hexOf(node: WorldNode): string[] {
  return node.database.store.contacts().map((row) => hex(row.identity));
}
