/** Goal: contacts who moved find each other again, by a word over a link or in the key space, and nobody else does. */
import { describe, expect, test } from 'vitest';
import { at, keysOf, pair } from '../../test/presence-pair.ts';
import { PresenceWorld, startMs } from '../../test/presence-people.ts';
import { backend } from '../../test/person-pieces.ts';
import { hex } from '../base/bytes.ts';
import type { PeerId } from '../base/ids.ts';
import { openRendezvous } from '../crypto/rendezvous/rendezvous.ts';
import { weekMs } from './own.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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
    for (let step = 0; step < 150; step++) {
      bob.listen(at(10 + step));
      world.run(2_000);
    }
    const during = bob.toldTo(alice, 'addresses').length - before;
    expect(during).toBeGreaterThanOrEqual(4);
    expect(during).toBeLessThanOrEqual(6);
    world.run(2 * minuteMs);
    expect(alice.addressesOf(bob)[0]).toBe(at(159));
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

  test('a node whose id names no key leaves its addresses all the same', () => {
    const { world, alice, bob } = pair();
    bob.inTurn(() => bob.presence.listening('a name' as PeerId, [at(12)]));
    world.link(alice, bob, false);
    world.run(30 * minuteMs);
    expect(alice.addressesOf(bob)[0]).toBe(at(12));
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

  test('near the end of a week both weeks are left, each at a time of its own', () => {
    const { world, bob } = pair();
    world.people.splice(0, world.people.length, bob);
    const end = (Math.floor(startMs / weekMs) + 1) * weekMs;
    world.run(end - 13 * hourMs - world.nowMs);
    const placesIn = (fromMs: number): string[] => [
      ...new Set(world.left.filter(({ atMs }) => atMs >= fromMs).map(({ place }) => place)),
    ];
    expect(placesIn(world.nowMs - 2 * hourMs)).toHaveLength(1);
    world.run(2 * hourMs);
    const places = placesIn(world.nowMs - hourMs);
    expect(places).toHaveLength(2);
    world.run(12 * hourMs);
    expect(placesIn(world.nowMs - hourMs).sort()).toEqual(places.sort());
    world.run(12 * hourMs);
    expect(placesIn(world.nowMs - hourMs)).toHaveLength(1);
    const times = world.left.map(({ atMs }) => atMs);
    expect(new Set(times).size).toBe(times.length);
  });

  test.each([
    ['a day', 24],
    ['a year', 365 * 24],
  ])(
    'who was handed a card good for %s finds its maker, for 30 days at most and where all can dial',
    (_, hours) => {
      const world = new PresenceWorld();
      const [alice, bob] = [world.person('alice'), world.person('bob')];
      const life = hours * hourMs;
      alice.inTurn(() => {
        const card = { once: false, expiresInMs: life, hints: [], handedOut: true };
        bob.cards.set(alice.id, alice.own.card(card));
      });
      bob.meet(alice);
      bob.setState(alice, 'requested');
      alice.listen(at(1), '/ip4/192.168.1.2/tcp/4001');
      alice.start();
      alice.listen(at(1), '/ip4/192.168.1.2/tcp/4001');
      world.run(hourMs);
      expect(bob.addressesOf(alice)).toEqual([at(1)]);
      world.run(Math.min(life, 30 * 24 * hourMs));
      world.left.splice(0);
      world.run(6 * hourMs);
      expect(world.left).toEqual([]);
    },
  );

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
