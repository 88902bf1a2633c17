/**
 * One world in which two people meet and talk while links lose, repeat, reorder, damage and cut, and nodes lose
 * their power at any moment; then calm, in which everything has to end. All chance comes from the seed.
 */
import { type Random, seededRandom } from '../src/base/random.ts';
import type { CryptoBackend } from '../src/crypto/backend.ts';
import type { MessageId } from '../src/base/ids.ts';
import type { ContactView } from '../src/peer/contract.ts';
import { Checkers, marker, watchNonces } from './peer-checkers.ts';
import { type Faults, noFaults, PeerWorld, type WorldNode } from './peer-world.ts';

const minuteMs = 60_000;
const steps = 40;
const calmRounds = 12;

export interface Chaos {
  seed: number;
  backend: CryptoBackend;
  /** People change their minds too, and older copies of their disks are put back. */
  turbulent?: boolean;
  /** Plants a bug, to see whether it is found. */
  sabotage?: PeerWorld['sabotage'];
}

/** @returns the kinds of outputs and states that occurred. @throws where a rule is broken. */
export function liveInChaos({ seed, backend, sabotage, turbulent }: Chaos): Set<string> {
  const world = new PeerWorld(watchNonces(backend), seed);
  const checkers = new Checkers(world);
  world.sabotage = sabotage;
  const { random } = world;
  const [alice, bob] = [world.node('alice'), world.node('bob')];
  world.faults = faultsOf(random.next());
  world.tamper = damaging(seed);
  world.announce();
  world.run(2_000);
  meet(world, alice, bob);
  for (let step = 0; step < steps; step++) {
    const [by, to] = random.next() < 0.5 ? [alice, bob] : [bob, alice];
    if (random.next() < 0.7) write(checkers, by, to);
    if (random.next() < 0.5) change(checkers, by, random);
    if (random.next() < 0.1) by.cut();
    if (random.next() < 0.05 && by.up) by.crash();
    if (random.next() < 0.3) restartAll(world);
    if (turbulent === true && random.next() < 0.2) disturb(checkers, by, random.next());
    world.run(random.next() < 0.1 ? 10 * minuteMs * random.next() : 2_000 * random.next());
    checkers.check();
  }
  world.faults = noFaults;
  world.tamper = undefined;
  for (let round = 0; round < calmRounds; round++) {
    restartAll(world);
    for (const node of [alice, bob]) reconcile(node);
    meet(world, alice, bob);
    world.announce();
    world.run(16 * minuteMs);
  }
  checkers.finish();
  if (turbulent !== true) checkers.converged();
  const states = checkers.accepted.flatMap(({ by, id }) => {
    const { store } = by.database;
    return store.messagesById(id as MessageId).flatMap((row) => store.ledger(row.conversation, row.id));
  });
  return new Set([...alice.kinds, ...bob.kinds, ...states.map((each) => `state/${each.state}`)]);
}

function faultsOf(draw: number): Faults {
  const hard = draw < 0.5;
  return {
    lose: hard ? 0.2 : 0.02,
    repeat: hard ? 0.2 : 0.02,
    jitterMs: hard ? 400 : 30,
    crash: hard ? 0.01 : 0.003,
  };
}

/** Now and then a damaged copy arrives before the frame itself. Control frames keep their link alive. */
function damaging(seed: number): PeerWorld['tamper'] {
  const random = seededRandom(seed + 1);
  return (frame) => {
    if (frame[0]! < 0x10 || random.next() > 0.05) return [frame];
    const damaged = Uint8Array.from(frame);
    damaged[1 + Math.floor(random.next() * (frame.length - 1))]! ^= 1 << Math.floor(random.next() * 8);
    return [damaged, frame];
  };
}

function restartAll(world: PeerWorld): void {
  for (const node of world.nodes.values()) if (!node.up) node.start();
  world.announce();
}

/** What a person, or a backup program, does now and then. */
function disturb(checkers: Checkers, node: WorldNode, draw: number): void {
  const [contact] = node.up ? contactsOf(node) : [];
  if (draw < 0.3) checkers.putBack(node);
  else if (draw < 0.5) checkers.copyDisk(node);
  else if (contact === undefined) return;
  else if (draw < 0.65) attempt(() => node.execute('block', { contact: contact.id }));
  else if (draw < 0.8) reconcile(node);
  else if (draw < 0.9) attempt(() => node.execute('remove', { contact: contact.id }));
  else attempt(() => node.execute('setName', { name: `${node.name} ${draw}` }));
}

function reconcile(node: WorldNode): void {
  for (const { id, state } of node.up ? contactsOf(node) : []) {
    if (state === 'blocked') attempt(() => node.execute('unblock', { contact: id }));
    if (state === 'incoming') attempt(() => node.execute('accept', { contact: id }));
  }
}

function contactsOf(node: WorldNode): ContactView[] {
  let contacts: ContactView[] = [];
  attempt(() => {
    contacts = node.execute('contacts', {});
  });
  return contacts;
}

/** Both add each other now and then, so that requests cross. Repeating it does no harm. */
function meet(world: PeerWorld, alice: WorldNode, bob: WorldNode): void {
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    if (!one.up || !other.up || connected(one)) continue;
    attempt(() => {
      const { card } = other.execute('makeCard', { once: true, expiresInMs: undefined });
      one.execute('add', { card, name: other.name });
    });
    if (world.random.next() < 0.5) world.run(500);
  }
}

function connected(node: WorldNode): boolean {
  return contactsOf(node)[0]?.state === 'connected';
}

function write(checkers: Checkers, by: WorldNode, to: WorldNode): void {
  // A command that crashed may have been stored: its text must not be used again.
  const text = `${marker} ${checkers.written.size} of ${by.name}`;
  checkers.written.add(text);
  attempt(() => {
    const [contact] = by.execute('contacts', {});
    if (contact === undefined || contact.state === 'blocked') return;
    const lifetime = checkers.written.size % 7 === 0 ? 1_500 : undefined;
    const { id } = by.execute('send', { to: contact.id, text, ttlMs: lifetime });
    checkers.accepted.push({ by, to, id, text });
  });
}

const emoji = ['👍', '❤️', '👩🏽‍🚀'];

/** Somebody edits, deletes, reacts to or reads one of the newest messages, often before it has arrived. */
function change(checkers: Checkers, by: WorldNode, random: Random): void {
  attempt(() => {
    const [contact] = by.execute('contacts', {});
    if (contact === undefined || contact.state === 'blocked') return;
    const conversation = contact.id;
    const newest = by.execute('history', { conversation, limit: 8, before: undefined });
    const message = newest[Math.floor(random.next() * newest.length)];
    if (message === undefined || message.deleted) return;
    const { id } = message;
    const draw = random.next();
    if (draw < 0.2) {
      by.execute('markRead', { conversation, upTo: id });
    } else if (draw < 0.5 || message.direction === 'in') {
      const each = emoji[Math.floor(random.next() * emoji.length)]!;
      by.execute('react', { conversation, id, emoji: each, on: random.next() < 0.7 });
    } else if (draw < 0.85) {
      const text = `${marker} ${checkers.written.size} of ${by.name}, edited`;
      checkers.written.add(text);
      by.execute('edit', { conversation, id, text });
    } else by.execute('erase', { conversation, id });
  });
}

/** A node may lose its power in the middle of a command: then nobody was told that it was done. */
function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'crashed') throw error;
  }
}
