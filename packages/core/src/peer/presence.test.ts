/** Goal: contacts who moved find each other again, by a word over a link or in the key space, and nobody else does. */
import { describe, expect, test } from 'vitest';
import { type PresencePerson, PresenceWorld, startMs } from '../../test/presence-people.ts';
import { backend, cryptoOf } from '../../test/person-pieces.ts';
import { hex } from '../base/bytes.ts';
import { makePresence, presenceSlot } from '../crypto/rendezvous/presence.ts';
import {
  decodeRendezvous,
  makeRendezvous,
  openRendezvous,
  type RendezvousKeys,
  rendezvousKeys,
} from '../crypto/rendezvous/rendezvous.ts';
import { revokeDevice } from '../crypto/identity/identity.ts';
import { weekMs } from './own.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const at = (last: number): string => `/ip4/192.0.2.${last}/tcp/4001`;

/** Alice and Bob, contacts with a link between them for a while. */
function pair(): { world: PresenceWorld; alice: PresencePerson; bob: PresencePerson } {
  const world = new PresenceWorld();
  const [alice, bob] = [world.person('alice'), world.person('bob')];
  alice.listen(at(1));
  bob.listen(at(2));
  world.befriend(alice, bob);
  world.link(alice, bob);
  world.run(minuteMs);
  return { world, alice, bob };
}

function keysOf(person: PresencePerson, secret: Uint8Array, wallMs: number): RendezvousKeys {
  const week = Math.floor(wallMs / weekMs);
  return rendezvousKeys(backend, secret, { slot: presenceSlot(person.device), week });
}

describe('over a link', () => {
  test('contacts tell each other where they are, and again when that changes', () => {
    const { world, alice, bob } = pair();
    expect([alice.addressesOf(bob), bob.addressesOf(alice)]).toEqual([[at(2)], [at(1)]]);
    bob.listen(at(3));
    world.run(2 * minuteMs);
    expect(alice.addressesOf(bob)).toEqual([at(3), at(2)]);
  });

  test('nothing is said twice: not on the next link, not after a restart', () => {
    const { world, alice, bob } = pair();
    world.link(alice, bob, false);
    world.run(minuteMs);
    alice.start();
    world.link(alice, bob);
    world.run(minuteMs);
    expect(alice.toldTo(bob, 'presence')).toHaveLength(1);
    expect(bob.toldTo(alice, 'presence')).toHaveLength(1);
    expect(bob.toldTo(alice, 'addresses')).toHaveLength(1);
  });

  test('who lost the session may have lost the secret, and is told again', () => {
    const { world, alice, bob } = pair();
    alice.sids.set(bob.device, 'another');
    alice.presence.changed();
    world.run(minuteMs);
    expect(alice.toldTo(bob, 'presence').map(({ secret }) => secret)).toEqual([
      alice.own.presence,
      alice.own.presence,
    ]);
  });

  test('addresses that flap are told once they stand, and once a minute at most', () => {
    const { world, alice, bob } = pair();
    world.run(5 * minuteMs);
    const before = bob.toldTo(alice, 'addresses').length;
    for (let step = 0; step < 60; step++) {
      bob.listen(at(10 + (step % 2)));
      world.run(2_000);
    }
    world.run(2 * minuteMs);
    expect(bob.toldTo(alice, 'addresses').length - before).toBeLessThanOrEqual(4);
    expect(alice.addressesOf(bob)[0]).toBe(at(11));
  });

  test('loopback is neither told nor believed; a site keeps a place beside many global addresses', () => {
    const { world, alice, bob } = pair();
    const site = '/ip4/192.168.1.2/tcp/4001';
    bob.listen(
      '/ip4/127.0.0.1/tcp/4001',
      site,
      '/ip6zone/eth0/ip6/fe80::1/tcp/1',
      at(5),
      at(6),
      at(7),
      at(8),
    );
    world.run(2 * minuteMs);
    expect(bob.toldTo(alice, 'addresses').at(-1)!.addresses).toEqual([at(5), at(6), at(7), site]);
    const sequence = Number.MAX_SAFE_INTEGER;
    const id = new Uint8Array(16);
    alice.hear(bob, { type: 'addresses', id, sequence, addresses: ['/ip4/127.0.0.1/tcp/22'] });
    expect(alice.addressesOf(bob)).not.toContain('/ip4/127.0.0.1/tcp/22');
  });

  test('an address we reached them at is kept beside those they tell', () => {
    const { world, alice, bob } = pair();
    const reached = '/ip4/198.51.100.1/tcp/1';
    alice.book.keepAddress(bob.device, reached);
    bob.listen(at(5), at(6), at(7), at(8));
    world.run(2 * minuteMs);
    expect(alice.addressesOf(bob)).toEqual([at(5), at(6), at(7), reached]);
  });

  test('an older word changes nothing', () => {
    const { alice, bob } = pair();
    const id = new Uint8Array(16);
    alice.hear(bob, { type: 'addresses', id, sequence: startMs + hourMs, addresses: [at(20)] });
    alice.hear(bob, { type: 'addresses', id, sequence: startMs + hourMs - 1, addresses: [at(21)] });
    expect(alice.addressesOf(bob)[0]).toBe(at(20));
  });
});

describe('in the key space', () => {
  test('two who both moved while apart find each other', () => {
    const { world, alice, bob } = pair();
    world.link(alice, bob, false);
    world.run(10 * minuteMs);
    alice.start();
    alice.listen(at(11));
    bob.start();
    bob.listen(at(12));
    world.run(15 * minuteMs);
    expect(alice.addressesOf(bob)[0]).toBe(at(12));
    expect(bob.addressesOf(alice)[0]).toBe(at(11));
  });

  test('nobody looks for those who are reachable', () => {
    const { world } = pair();
    world.run(24 * hourMs);
    expect(world.lookups).toHaveLength(0);
  });

  test('what is left never expires while its owner is there, and is new soon after a change', () => {
    const { world, bob } = pair();
    const open = (): Uint8Array => {
      const keys = keysOf(bob, bob.own.presence, world.nowMs);
      return openRendezvous(backend, keys, world.find(hex(keys.place))!)!.content;
    };
    for (let hours = 0; hours < 8; hours++) {
      world.run(hourMs);
      expect(open().length).toBeGreaterThan(100);
    }
    const before = open();
    bob.listen(at(30));
    world.run(2 * minuteMs);
    expect(hex(open())).not.toBe(hex(before));
  });

  // The middle of a week, and 20 minutes before and after its end.
  const moments = [weekMs / 2, weekMs - 20 * minuteMs, 20 * minuteMs];
  test.each([-30, -11, 0, 11, 30].flatMap((hours) => moments.map((into) => [hours, into] as const)))(
    'a clock that is %d hours wrong is no obstacle, %d ms into a week',
    (hours, into) => {
      const world = new PresenceWorld();
      world.nowMs = Math.floor(startMs / weekMs) * weekMs + into;
      const [alice, bob] = [world.person('alice'), world.person('bob')];
      alice.skewMs = hours * hourMs;
      alice.listen(at(1));
      bob.listen(at(2));
      world.befriend(alice, bob);
      world.link(alice, bob);
      world.link(alice, bob, false);
      bob.listen(at(3));
      alice.listen(at(4));
      world.run(2 * hourMs);
      expect([alice.addressesOf(bob)[0], bob.addressesOf(alice)[0]]).toEqual([at(3), at(4)]);
    },
  );

  test('those who stay away are looked for less and less, a few at a time', () => {
    const world = new PresenceWorld();
    const alice = world.person('alice');
    const others = Array.from({ length: 20 }, (_, index) => world.person(`contact ${index}`));
    for (const other of others) {
      world.befriend(alice, other);
      world.link(alice, other);
      world.link(alice, other, false);
    }
    world.people.splice(0, world.people.length, alice);
    world.run(48 * hourMs);
    const first = world.lookups.filter(({ atMs }) => atMs < startMs + hourMs).length / others.length;
    const last = world.lookups.filter(({ atMs }) => atMs > startMs + 24 * hourMs).length / others.length;
    expect(first).toBeGreaterThan(2);
    expect(first).toBeLessThan(7);
    expect(last).toBeGreaterThan(2);
    expect(last).toBeLessThan(7);
    for (const [index, { atMs }] of world.lookups.entries()) {
      // One look may ask for two weeks.
      const next = world.lookups[index + 2]?.atMs ?? Infinity;
      expect(next - atMs).toBeGreaterThanOrEqual(world.config.gapMs);
    }
  });

  test('a key space that never answers holds no lookup for ever, nor more than a few', () => {
    const { world, alice, bob } = pair();
    world.keySpace = false;
    world.link(alice, bob, false);
    bob.listen(at(12));
    world.run(6 * hourMs);
    const asked = world.lookups.filter(({ by }) => by === alice).length;
    expect(asked).toBeGreaterThan(3);
    world.keySpace = true;
    world.run(6 * hourMs);
    expect(alice.addressesOf(bob)[0]).toBe(at(12));
  });

  test('after a move of our own those we miss are looked for anew', () => {
    const { world, alice, bob } = pair();
    world.link(alice, bob, false);
    bob.listen();
    world.run(48 * hourMs);
    bob.listen(at(12));
    alice.listen(at(11));
    world.run(10 * minuteMs);
    expect(alice.addressesOf(bob)[0]).toBe(at(12));
  });

  test('who is written to is looked for at once, and not again and again', () => {
    const { world, alice, bob } = pair();
    world.link(alice, bob, false);
    world.run(12 * hourMs);
    world.lookups.splice(0);
    alice.presence.urge(bob.id);
    world.run(5_000);
    expect(world.lookups.filter(({ by }) => by === alice)).toHaveLength(1);
    for (let times = 0; times < 10; times++) alice.presence.urge(bob.id);
    world.run(minuteMs);
    expect(world.lookups.filter(({ by }) => by === alice)).toHaveLength(1);
  });
});

describe('who is shut out', () => {
  function three(): ReturnType<typeof pair> & { carol: PresencePerson } {
    const found = pair();
    const carol = found.world.person('carol');
    carol.listen(at(9));
    found.world.befriend(found.alice, carol);
    found.world.link(found.alice, carol);
    found.world.run(minuteMs);
    return { ...found, carol };
  }

  test.each(['blocked', 'removed', 'device revoked'] as const)('%s: knows no secret in use', (how) => {
    const { world, alice, bob, carol } = three();
    const before = alice.own.presence;
    if (how === 'blocked') alice.setState(bob, 'blocked');
    if (how === 'removed') alice.remove(bob);
    if (how === 'device revoked') {
      const { identity, root, device } = bob.own;
      const what = { identity, root, device: device.device, cutoff: 1, seq: startMs + 1 };
      const revoked = revokeDevice(backend, what)!;
      alice.book.put({ ...alice.book.get(bob.id)!, identity: revoked.bytes });
    }
    alice.presence.changed();
    world.link(alice, bob, false);
    world.run(minuteMs);
    expect(hex(alice.own.presence)).not.toBe(hex(before));
    expect(alice.toldTo(carol, 'presence').at(-1)!.secret).toEqual(alice.own.presence);
    expect(alice.toldTo(bob, 'presence')).toHaveLength(1);
    // What was left under the old one is not renewed, and Carol finds what is under the new one.
    world.run(3 * hourMs);
    const place = (secret: Uint8Array): string => hex(keysOf(alice, secret, world.nowMs).place);
    expect(world.find(place(before))).toBeUndefined();
    expect(world.find(place(alice.own.presence))).toBeDefined();
    world.link(alice, carol, false);
    alice.listen(at(40));
    world.run(hourMs);
    expect(carol.addressesOf(alice)[0]).toBe(at(40));
    expect(bob.addressesOf(alice)).not.toContain(at(40));
  });

  test('who comes back is told the secret of now', () => {
    const { world, alice, bob } = three();
    alice.setState(bob, 'blocked');
    world.run(minuteMs);
    alice.setState(bob, 'connected');
    world.run(minuteMs);
    expect(alice.toldTo(bob, 'presence').at(-1)!.secret).toEqual(alice.own.presence);
  });

  test('a restored copy takes a new secret: others may have been shut out since', () => {
    const { world, alice, bob } = three();
    const before = hex(alice.own.presence);
    alice.inTurn(() => alice.rows.rotate());
    alice.keys = { ...alice.keys, generation: 7 };
    alice.start();
    world.run(minuteMs);
    expect(alice.rows.agreement).toBe('restored');
    expect(hex(alice.own.presence)).not.toBe(before);
    expect(alice.toldTo(bob, 'presence')).toHaveLength(2);
  });

  test('many are told in several batches, and all are', () => {
    const world = new PresenceWorld({ tellPerBatchMax: 4 });
    const alice = world.person('alice');
    const others = Array.from({ length: 11 }, (_, index) => world.person(`contact ${index}`));
    for (const other of others) alice.meet(other);
    alice.turnOver();
    alice.presence.wake();
    alice.turnOver();
    expect(alice.told.filter(({ content }) => content.type === 'presence').length).toBeLessThanOrEqual(4);
    world.run(minuteMs);
    for (const other of others) expect(alice.toldTo(other, 'presence')).toHaveLength(1);
  });
});

describe('a hostile contact', () => {
  /** Bob is away; Mallory knows his secret too, and writes into his place. */
  function attacked(content: (keys: RendezvousKeys, bob: PresencePerson) => Uint8Array): {
    alice: PresencePerson;
    bob: PresencePerson;
  } {
    const { world, alice, bob } = pair();
    world.link(alice, bob, false);
    world.people.splice(world.people.indexOf(bob), 1);
    const keys = keysOf(bob, bob.own.presence, world.nowMs);
    const value = { sequence: startMs + hourMs, ttlMs: 2 * hourMs, content: content(keys, bob) };
    const bytes = makeRendezvous(cryptoOf(66), keys, value);
    expect(decodeRendezvous(backend, bytes)).toBeDefined();
    expect(world.keep(bytes)).toBeGreaterThan(0);
    world.people.push(bob);
    world.run(30 * minuteMs);
    expect(world.lookups.some(({ by, place }) => by === alice && place === hex(keys.place))).toBe(true);
    return { alice, bob };
  }

  test('does not pass for the device', () => {
    const { alice, bob } = attacked((keys, { device }) => {
      const signing = backend.ed25519KeyPair(new Uint8Array(32).fill(66));
      const facts = { peer: undefined, addresses: [at(66)], sequence: startMs + hourMs, place: keys.place };
      return makePresence(backend, { device, signing }, facts);
    });
    expect(alice.addressesOf(bob)).toEqual([at(2)]);
  });

  test('does not bring back where it was before', () => {
    const { alice, bob } = attacked((keys, { own }) =>
      makePresence(backend, own.device, {
        peer: undefined,
        addresses: [at(1)],
        sequence: 5,
        place: keys.place,
      }),
    );
    expect(alice.addressesOf(bob)).toEqual([at(2)]);
  });

  test('the same value, signed by the device and new, is believed: the tests above can fail', () => {
    const { alice, bob } = attacked((keys, { own }) =>
      makePresence(backend, own.device, {
        peer: undefined,
        addresses: [at(50)],
        sequence: startMs + hourMs,
        place: keys.place,
      }),
    );
    expect(alice.addressesOf(bob)[0]).toBe(at(50));
  });
});
