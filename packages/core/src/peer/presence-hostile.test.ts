/** Goal: who is shut out finds us no more, and a contact cannot speak for another's device. */
import { describe, expect, test } from 'vitest';
import { at, keysOf, pair } from '../../test/presence-pair.ts';
import { type PresencePerson, PresenceWorld, startMs } from '../../test/presence-people.ts';
import { backend, cryptoOf } from '../../test/person-pieces.ts';
import { hex } from '../base/bytes.ts';
import { makePresence } from '../crypto/rendezvous/presence.ts';
import { decodeRendezvous, makeRendezvous, type RendezvousKeys } from '../crypto/rendezvous/rendezvous.ts';
import { revokeDevice } from '../crypto/identity/identity.ts';
import type { Presence } from './presence.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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

  test('who says all the time to be elsewhere does not have us knock everywhere', () => {
    const { world, alice, bob } = pair();
    const heard = new Set<string>();
    const say = (sequence: number): void => {
      const addresses = [1, 2, 3].map((port) => `/ip4/192.168.1.${sequence % 250}/tcp/${port}`);
      const told = {
        type: 'addresses',
        id: new Uint8Array(16),
        sequence: startMs + hourMs + sequence,
        addresses,
      };
      alice.inTurn(() =>
        alice.presence.onAddresses(bob.device, told as Parameters<Presence['onAddresses']>[1]),
      );
      for (const each of alice.addressesOf(bob)) if (each.includes('192.168.')) heard.add(each);
    };
    for (let sequence = 1; sequence <= 100; sequence++) {
      say(sequence);
      world.run(600);
    }
    expect(heard.size).toBeGreaterThan(0);
    expect(heard.size).toBeLessThanOrEqual(3 * 7);
    world.run(minuteMs);
    say(200);
    expect(alice.addressesOf(bob)[0], 'later it is believed again').toContain('192.168.1.200');
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
