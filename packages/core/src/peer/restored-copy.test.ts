/**
 * Goal: an older copy of the database costs the sessions and nothing else: they are set up anew, what waits
 * still arrives, nothing is shown twice and no key seals twice.
 */
import { expect, test } from 'vitest';
import { acquainted, addCard, contactOf, notices, received, send, stateOf } from '../../test/acquainted.ts';
import { type Pair } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { strangers } from '../../test/acquainted.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;

/** Talk, then alice's disk goes back to a copy made before, while her keychain does not. */
function restored(seed: number, between?: (pair: Pair) => void): Pair {
  const pair = acquainted(backend, seed);
  const { world, alice, bob } = pair;
  send(alice, 'bob', 'before the copy');
  world.run(1_000);
  const copy = alice.copyDisk();
  // The daily rotation takes the keychain ahead of the copy.
  alice.restart();
  world.announce();
  world.run(2 * minuteMs);
  send(alice, 'bob', 'after the copy');
  send(bob, 'alice', 'from bob, after the copy');
  world.run(1_000);
  alice.crash();
  between?.(pair);
  alice.database.restore(copy);
  return pair;
}

function meetAgain({ world, alice }: Pair): void {
  alice.start();
  world.announce();
  world.run(5 * minuteMs);
}

const kinds = (node: WorldNode): string[] => notices(node).map((each) => each.kind);

test('every session and prekey of the copy dies before anything is sealed, and the person is told', () => {
  const pair = restored(1);
  const { alice } = pair;
  const moving = (): string[] =>
    alice.database.store
      .secretKeys()
      .filter(({ kind }) => kind === 'session' || kind === 'skipped' || kind === 'prekey')
      .map(({ kind, key }) => `${kind} ${key}`);
  const before = moving();
  expect(before.length).toBeGreaterThan(1);
  alice.start();
  expect(moving().filter((row) => before.includes(row))).toEqual([]);
  expect(kinds(alice)).toEqual(['restored-copy']);
  const checks = alice.execute('health', {}).checks;
  expect(checks.find((each) => each.name === 'restored copy')).toMatchObject({ status: 'warn' });
  // Once told is enough.
  alice.restart();
  expect(kinds(alice)).toEqual(['restored-copy']);
});

test('sessions are set up anew over a link, and messages flow both ways, each once', () => {
  const pair = restored(2);
  const { world, alice, bob } = pair;
  meetAgain(pair);
  expect(kinds(bob)).toContain('session-reset');
  const ids = [send(alice, 'bob', 'from the copy')];
  send(bob, 'alice', 'to the copy');
  world.run(minuteMs);
  expect(stateOf(alice, ids[0]!)).toBe('delivered');
  expect(received(bob, 'alice')).toEqual(['before the copy', 'after the copy', 'from the copy']);
  expect(received(alice, 'bob')).toEqual(['to the copy']);
});

test('what is written before anybody was met again waits for the new session', () => {
  const pair = restored(3);
  const { world, alice, bob } = pair;
  bob.crash();
  alice.start();
  const early = send(alice, 'bob', 'written alone');
  world.run(minuteMs);
  expect(stateOf(alice, early)).toBe('stored');
  bob.start();
  world.announce();
  world.run(5 * minuteMs);
  expect(stateOf(alice, early)).toBe('delivered');
  expect(received(bob, 'alice')).toContain('written alone');
});

test('what the other side wrote meanwhile arrives, once', () => {
  const pair = restored(4, ({ world, bob }) => {
    send(bob, 'alice', 'while alice was off');
    world.run(minuteMs);
  });
  meetAgain(pair);
  expect(received(pair.alice, 'bob')).toEqual(['while alice was off']);
  expect(pair.bob.execute('status', {}).queued).toBe(0);
});

test('a message that waited in the copy, and arrived after it was made, is shown once', () => {
  const pair = acquainted(backend, 5);
  const { world, alice, bob } = pair;
  bob.crash();
  const id = send(alice, 'bob', 'waits in the copy');
  world.run(1_000);
  const copy = alice.copyDisk();
  bob.start();
  alice.restart();
  world.announce();
  world.run(minuteMs);
  expect(received(bob, 'alice')).toEqual(['waits in the copy']);
  alice.crash();
  alice.database.restore(copy);
  meetAgain(pair);
  expect(stateOf(alice, id)).toBe('delivered');
  expect(received(bob, 'alice')).toEqual(['waits in the copy']);
});

test('a request that waited in the copy can still be accepted', () => {
  const pair = strangers(backend, 6);
  const { world, alice, bob } = pair;
  addCard(world, alice, bob, false);
  expect(contactOf(alice).state).toBe('incoming');
  const held = send(alice, 'bob', 'held until I accept');
  const copy = alice.copyDisk();
  alice.restart();
  world.run(minuteMs);
  alice.crash();
  alice.database.restore(copy);
  meetAgain(pair);
  alice.execute('accept', { contact: 'bob' });
  world.run(5 * minuteMs);
  expect(contactOf(bob).state).toBe('connected');
  expect(stateOf(alice, held)).toBe('delivered');
  const back = send(bob, 'alice', 'thanks');
  world.run(minuteMs);
  expect(stateOf(bob, back)).toBe('delivered');
});

test('both sides restored at once find each other again', () => {
  const pair = acquainted(backend, 7);
  const { world, alice, bob } = pair;
  const copies = [alice.copyDisk(), bob.copyDisk()] as const;
  alice.restart();
  bob.restart();
  world.run(minuteMs);
  alice.crash();
  bob.crash();
  alice.database.restore(copies[0]);
  bob.database.restore(copies[1]);
  bob.start();
  meetAgain(pair);
  const ids = [send(alice, 'bob', 'one'), send(bob, 'alice', 'two')];
  world.run(5 * minuteMs);
  expect([stateOf(alice, ids[0]!), stateOf(bob, ids[1]!)]).toEqual(['delivered', 'delivered']);
  expect([received(alice, 'bob'), received(bob, 'alice')]).toEqual([['two'], ['one']]);
});
