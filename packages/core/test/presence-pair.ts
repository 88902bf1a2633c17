/** The two of whom most tests of presence tell. */
import { presenceSlot } from '../src/crypto/rendezvous/presence.ts';
import { type RendezvousKeys, rendezvousKeys } from '../src/crypto/rendezvous/rendezvous.ts';
import { weekMs } from '../src/peer/own.ts';
import { backend } from './person-pieces.ts';
import { type PresencePerson, PresenceWorld } from './presence-people.ts';

export function at(last: number): string {
  return `/ip4/192.0.2.${last}/tcp/4001`;
}

/** Alice and Bob, contacts with a link between them for a while. */
export function pair(): { world: PresenceWorld; alice: PresencePerson; bob: PresencePerson } {
  const world = new PresenceWorld();
  const [alice, bob] = [world.person('alice'), world.person('bob')];
  alice.listen(at(1));
  bob.listen(at(2));
  world.befriend(alice, bob);
  world.link(alice, bob);
  world.run(60_000);
  return { world, alice, bob };
}

/** What a person's device leaves word under in that week, by a secret. */
export function keysOf(person: PresencePerson, secret: Uint8Array, wallMs: number): RendezvousKeys {
  const week = Math.floor(wallMs / weekMs);
  return rendezvousKeys(backend, secret, { slot: presenceSlot(person.device), week });
}
