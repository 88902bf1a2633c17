/**
 * Goal: whoever waits for a first contact is told how far it came, and by 15 seconds why it comes no further.
 * Method: the judgement by itself, over all combinations of facts; then each step and cause in a world of Peers.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addCard, cardOf, contactOf, type Pair, refusal, strangers } from '../../test/acquainted.ts';
import type { PeerWorld, WorldNode } from '../../test/peer-world.ts';
import { encodeLink } from '../crypto/card/card.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { assemble } from './assemble.ts';
import { meshSettingsDefaults } from './mesh.ts';
import { judgeReach, type ReachFacts, type ReachView } from './reach.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;
const namedByMs = 15_000;

const base: ReachFacts = {
  state: 'requested',
  linked: false,
  asked: false,
  progress: undefined,
  links: 1,
  lanOnly: false,
  nowMs: 100_000,
};
const dialling = {
  addresses: ['/ip4/203.0.113.1/tcp/1'],
  failures: 0,
  lastFailure: undefined,
  diallingSinceMs: undefined,
  answered: 'nobody',
} as const;

test('each step and cause follows from its facts', () => {
  const judge = (facts: Partial<ReachFacts>): [string, string | undefined] => {
    const { step, cause } = judgeReach({ ...base, ...facts });
    return [step, cause];
  };
  const tried = (progress: Partial<NonNullable<ReachFacts['progress']>>, more: Partial<ReachFacts> = {}) =>
    judge({ progress: { ...dialling, ...progress }, ...more });
  expect(judge({})).toEqual(['looking', 'no-address']);
  expect(judge({ links: 0 })).toEqual(['looking', 'offline-here']);
  expect(tried({})).toEqual(['dialling', undefined]);
  expect(tried({ diallingSinceMs: 99_999 })).toEqual(['dialling', undefined]);
  expect(tried({ diallingSinceMs: 95_000 })).toEqual(['dialling', 'no-answer']);
  expect(tried({ lastFailure: 'timeout' })).toEqual(['dialling', 'no-answer']);
  expect(tried({ lastFailure: 'refused' }, { links: 0 })).toEqual(['dialling', 'refused']);
  expect(tried({ lastFailure: 'unreachable' })).toEqual(['dialling', 'unreachable']);
  expect(tried({ lastFailure: 'unreachable' }, { links: 0 })).toEqual(['dialling', 'offline-here']);
  expect(tried({ lastFailure: 'other' })).toEqual(['dialling', 'unreachable']);
  expect(tried({ lastFailure: 'not-kith' })).toEqual(['dialling', 'not-kith']);
  expect(tried({ lastFailure: 'somebody-else' })).toEqual(['dialling', 'somebody-else']);
  expect(tried({ answered: 'somebody-else', lastFailure: 'refused' })).toEqual(['dialling', 'somebody-else']);
  expect(tried({ answered: 'maybe', lastFailure: 'refused' })).toEqual(['linked', undefined]);
  expect(tried({ lastFailure: 'refused' }, { lanOnly: true })).toEqual(['dialling', 'lan-only']);
  const near = ['/ip4/203.0.113.1/tcp/1', '/ip4/192.168.1.2/tcp/1'];
  expect(tried({ addresses: near, lastFailure: 'refused' }, { lanOnly: true })).toEqual([
    'dialling',
    'refused',
  ]);
  expect(judge({ linked: true })).toEqual(['linked', undefined]);
  expect(judge({ linked: true, asked: true })).toEqual(['asked', undefined]);
  expect(tried({ lastFailure: 'refused' }, { asked: true })).toEqual(['asked', 'refused']);
  expect(judge({ state: 'connected', links: 0 })).toEqual(['connected', undefined]);
  expect(judge({ state: 'incoming', links: 0 })).toEqual(['looking', undefined]);
});

test('whatever the facts: a link that stands or a contact that is made has no cause, and trouble has one', () => {
  const failure = fc.constantFrom(
    undefined,
    ...(['refused', 'timeout', 'unreachable', 'not-kith', 'other', 'somebody-else'] as const),
  );
  const progress = fc.record({
    addresses: fc.array(fc.constantFrom(...near(), 'nonsense'), { minLength: 1, maxLength: 8 }),
    failures: fc.nat(),
    lastFailure: failure,
    diallingSinceMs: fc.option(fc.nat(200_000), { nil: undefined }),
    answered: fc.constantFrom('nobody' as const, 'maybe' as const, 'somebody-else' as const),
  });
  const facts: fc.Arbitrary<ReachFacts> = fc.record({
    state: fc.constantFrom(
      'requested' as const,
      'incoming' as const,
      'connected' as const,
      'blocked' as const,
    ),
    linked: fc.boolean(),
    asked: fc.boolean(),
    progress: fc.option(progress, { nil: undefined }),
    links: fc.nat(3),
    lanOnly: fc.boolean(),
    nowMs: fc.constant(100_000),
  });
  fc.assert(
    fc.property(facts, (each) => {
      const { step, cause, addresses, failures } = judgeReach(each);
      expect(step === 'connected').toBe(each.state === 'connected');
      expect([addresses, failures]).toEqual([
        each.progress?.addresses.length ?? 0,
        each.progress?.failures ?? 0,
      ]);
      if (each.linked || each.state !== 'requested' || step === 'linked') expect(cause).toBeUndefined();
      else if (step === 'looking' || each.progress?.lastFailure !== undefined)
        expect(cause === undefined).toBe(each.progress?.answered === 'maybe');
    }),
    { numRuns: 2_000, verbose: true },
  );
});

function near(): string[] {
  return ['/ip4/203.0.113.1/tcp/1', '/ip4/192.168.1.2/tcp/1', '/dns4/example.org/tcp/1'];
}

/** A card of a node that names these places, made with its keys. */
function cardNaming(node: WorldNode, hints: string[]): string {
  const { own } = assemble(node.parts(), () => undefined);
  const card = own.card({ once: false, expiresInMs: 60 * minuteMs, hints });
  return encodeLink(backend, { card, identity: own.identity, bundle: undefined });
}

/** Alice adds a card of Bob, who is not there yet unless `isUp`; nobody is told of anybody. */
function adding(seed: number, hints: string[], isUp = false): Pair & { view: () => ReachView } {
  const pair = apart(seed);
  const { world, alice, bob } = pair;
  const card = cardNaming(bob, hints);
  if (!isUp) bob.crash();
  world.run(1_000);
  alice.execute('add', { card, name: 'Bob' });
  return { ...pair, view: () => alice.execute('reach', { contact: 'Bob' }) };
}

/** Two nodes without links. */
function apart(seed: number): Pair {
  const pair = strangers(backend, seed);
  pair.world.parted.add('bob');
  pair.alice.cut();
  for (const [from, to] of [
    [pair.alice, pair.bob],
    [pair.bob, pair.alice],
  ] as const)
    from.input({ type: 'lanLost', remote: to.peerId });
  pair.world.run(1_000);
  expect(pair.alice.links()).toEqual([]);
  pair.world.parted.clear();
  return pair;
}

/** What `view` says from now on until something has a cause, at most as long as people may wait. */
function causeOf(world: PeerWorld, view: () => ReachView): ReachView {
  for (let waitedMs = 0; waitedMs <= namedByMs; waitedMs += 1_000) {
    const seen = view();
    if (seen.cause !== undefined) return seen;
    world.run(1_000);
  }
  throw new Error('no cause was named in time');
}

test('nobody knows where they are: first it is this node that is alone, then the others do not know', () => {
  const { world, alice, view } = adding(1, []);
  expect(view()).toEqual({ step: 'looking', addresses: 0, failures: 0, cause: 'offline-here' });
  world.link(alice, world.node('carol'));
  world.run(1_000);
  expect(view()).toEqual({ step: 'looking', addresses: 0, failures: 0, cause: 'no-address' });
});

test.each([
  ['refused', 'refused'],
  ['timeout', 'no-answer'],
  ['not-kith', 'not-kith'],
  ['unreachable', 'unreachable'],
  ['other', 'unreachable'],
  ['silence', 'no-answer'],
] as const)('a dial that ends in %s is named %s by 15 seconds, and goes on', (failing, cause) => {
  const { world, alice, bob, view } = adding(2, ['/memory/bob']);
  world.link(alice, world.node('carol'));
  world.failing = failing;
  expect(view()).toMatchObject({ step: 'dialling', addresses: 1, cause: undefined });
  expect(causeOf(world, view)).toMatchObject({ step: 'dialling', addresses: 1, cause });
  world.run(5 * minuteMs);
  expect(view()).toMatchObject({ step: 'dialling', cause });
  expect(view().failures).toBeGreaterThan(1);
  // They come: the same wait ends well.
  bob.start();
  world.run(15 * minuteMs);
  expect(view()).toMatchObject({ step: 'asked', cause: undefined });
});

test('without any link it is rather this machine that reaches nobody', () => {
  const { world, view } = adding(3, ['/memory/bob']);
  expect(causeOf(world, view)).toMatchObject({ step: 'dialling', cause: 'offline-here' });
  world.failing = 'refused'; // But a machine that refuses is there.
  world.run(minuteMs);
  expect(view().cause).toBe('refused');
});

test('another node has their address by now', () => {
  const { world, view } = adding(4, ['/memory/carol']);
  world.node('carol');
  world.run(2_000);
  expect(view()).toMatchObject({ step: 'linked', cause: undefined });
  expect(causeOf(world, view)).toMatchObject({ step: 'dialling', cause: 'somebody-else' });
  world.run(10 * minuteMs);
  expect(view()).toMatchObject({ step: 'dialling', cause: 'somebody-else' });
});

test('their addresses are beyond the local network, where this node may not go', () => {
  const { world, alice, bob } = apart(5);
  const card = cardNaming(bob, ['/ip4/203.0.113.5/tcp/4001', '/dns4/example.org/tcp/4001']);
  alice.mesh = { ...meshSettingsDefaults, lanOnly: true };
  alice.restart();
  alice.execute('add', { card, name: 'Bob' });
  expect(alice.execute('reach', { contact: 'Bob' })).toMatchObject({ step: 'dialling', cause: 'lan-only' });
  world.run(1_000);
});

test('from the dial to the contact, step by step', () => {
  const { world, alice, bob, view } = adding(6, ['/memory/bob'], true);
  const steps = new Set<string>();
  const look = (): void => {
    for (let step = 0; step < 200; step++) {
      world.run(10);
      const seen = view();
      steps.add(seen.step);
      expect(seen.cause).toBeUndefined();
    }
  };
  steps.add(view().step);
  look();
  expect([...steps]).toEqual(['dialling', 'linked', 'asked']);
  world.run(minuteMs);
  expect(view(), 'their node took it in; the person has yet to look').toMatchObject({
    step: 'asked',
    failures: 0,
  });
  // They go away: what they have they have, and where we look is told beside it.
  bob.crash();
  world.failing = 'refused';
  world.run(minuteMs);
  expect(view()).toMatchObject({ step: 'asked', cause: 'refused' });
  bob.start();
  world.run(20 * minuteMs);
  bob.execute('accept', { contact: 'alice' });
  world.run(1_000);
  expect(view()).toMatchObject({ step: 'connected', cause: undefined });
  bob.crash();
  world.run(minuteMs);
  expect(view(), 'a contact that is away is no first contact').toMatchObject({
    step: 'connected',
    cause: undefined,
  });
  expect(contactOf(alice).state).toBe('connected');
});

test('a card for one leads to the contact without a wait', () => {
  const pair = strangers(backend, 7);
  addCard(pair.world, pair.bob, pair.alice);
  expect(pair.alice.execute('reach', { contact: 'bob' })).toMatchObject({
    step: 'connected',
    cause: undefined,
  });
});

test('who asked us is not waited for; whom nobody knows is unknown', () => {
  const { world, alice, bob } = strangers(backend, 8);
  alice.execute('add', { card: cardOf(bob, false), name: undefined });
  world.run(minuteMs);
  expect(bob.execute('reach', { contact: 'alice' }).cause).toBeUndefined();
  expect(refusal(() => bob.execute('reach', { contact: 'nobody' }))).toBe('unknown-contact');
});
