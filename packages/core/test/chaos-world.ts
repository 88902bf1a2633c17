/**
 * One world in which two people meet and talk while links lose, repeat, reorder, damage and cut, and nodes lose
 * their power at any moment; then calm, in which everything has to end. All chance comes from the seed.
 */
import { seededRandom } from '../src/base/random.ts';
import type { CryptoBackend } from '../src/crypto/backend.ts';
import { Checkers, marker, watchNonces } from './peer-checkers.ts';
import { type Faults, noFaults, PeerWorld, type WorldNode } from './peer-world.ts';

const minuteMs = 60_000;
const steps = 40;
const calmRounds = 12;

export interface Chaos {
  seed: number;
  backend: CryptoBackend;
  /** Plants a bug, to see whether it is found. */
  sabotage?: PeerWorld['sabotage'];
}

/** @returns the kinds of outputs and states that occurred. @throws where a rule is broken. */
export function liveInChaos({ seed, backend, sabotage }: Chaos): Set<string> {
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
    if (random.next() < 0.1) by.cut();
    if (random.next() < 0.05 && by.up) by.crash();
    if (random.next() < 0.3) restartAll(world);
    world.run(random.next() < 0.1 ? 10 * minuteMs * random.next() : 2_000 * random.next());
    checkers.check();
  }
  world.faults = noFaults;
  world.tamper = undefined;
  for (let round = 0; round < calmRounds; round++) {
    restartAll(world);
    meet(world, alice, bob);
    world.announce();
    world.run(16 * minuteMs);
  }
  checkers.finish();
  const states = checkers.accepted.flatMap(({ by, id }) => by.execute('message', { id }).ledger);
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

function write(checkers: Checkers, by: WorldNode, to: WorldNode): void {
  // A command that crashed may have been stored: its text must not be used again.
  const text = `${marker} ${checkers.written.size} of ${by.name}`;
  checkers.written.add(text);
  attempt(() => {
    const [contact] = by.execute('contacts', {});
    if (contact === undefined) return;
    const lifetime = checkers.written.size % 7 === 0 ? 1_500 : undefined;
    const { id } = by.execute('send', { to: contact.id, text, ttlMs: lifetime });
    checkers.accepted.push({ by, to, id, text });
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
