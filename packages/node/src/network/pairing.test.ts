import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PeerId } from '@kith/core/base/ids';
import { linksJudgedMax, linksMax } from './limits.ts';
import { Pairing, type AttemptId, type PairingOutput } from './pairing.ts';

type Side = 0 | 1;
// What is under way on one stream.
type Wire = { type: 'greeting' | 'accept'; turn: number } | { type: 'refuse' } | { type: 'close' };

const lower = 'a-lower' as PeerId;

/** Two sides, any number of streams between them, each delivered when the schedule says so. */
class TwoSides {
  readonly pairings = [new Pairing('a-lower' as PeerId), new Pairing('b-higher' as PeerId)] as const;
  readonly links: [AttemptId | undefined, AttemptId | undefined] = [undefined, undefined];
  readonly attempts = new Map<AttemptId, { dialler: Side; to: [Wire[], Wire[]]; open: [boolean, boolean] }>();
  ups = 0;
  #last = 0;

  dial(side: Side): void {
    const attempt = ++this.#last;
    this.attempts.set(attempt, { dialler: side, to: [[], []], open: [true, true] });
    this.run(side, this.pairings[side].dialled(this.remote(side), attempt));
  }

  remote(side: Side): PeerId {
    return (side === 0 ? 'b-higher' : 'a-lower') as PeerId;
  }

  /** What lies in the pipes, as (attempt, receiving side). */
  waiting(): [AttemptId, Side][] {
    const waiting: [AttemptId, Side][] = [];
    for (const [attempt, { to }] of this.attempts) {
      for (const side of [0, 1] as const) if (to[side].length > 0) waiting.push([attempt, side]);
    }
    return waiting;
  }

  deliver(attempt: AttemptId, side: Side): void {
    const { to, open } = this.attempts.get(attempt)!;
    const wire = to[side].shift()!;
    if (!open[side]) return;
    const pairing = this.pairings[side];
    if (wire.type === 'greeting') this.run(side, pairing.greeted(this.remote(side), attempt, wire.turn));
    else if (wire.type === 'accept') this.run(side, pairing.accepted(this.remote(side), attempt, wire.turn));
    else this.close(side, attempt);
  }

  /** The cable of one stream breaks: what is under way is lost, both sides notice some time. */
  break(attempt: AttemptId): void {
    const { to } = this.attempts.get(attempt)!;
    for (const side of [0, 1] as const) to[side] = [{ type: 'close' }];
  }

  /** The Peer of one side ends its link: what it sent before still arrives. */
  end(side: Side): void {
    const link = this.links[side];
    if (link !== undefined) this.close(side, link);
  }

  close(side: Side, attempt: AttemptId): void {
    const { to, open } = this.attempts.get(attempt)!;
    if (!open[side]) return;
    open[side] = false;
    to[side === 0 ? 1 : 0].push({ type: 'close' });
    this.run(side, this.pairings[side].ended(this.remote(side), attempt, 'closed'));
  }

  run(side: Side, outputs: PairingOutput[]): void {
    for (const output of outputs) {
      const { attempt } = output;
      const there = this.attempts.get(attempt)!.to[side === 0 ? 1 : 0];
      if (output.type === 'greet') there.push({ type: 'greeting', turn: output.turn });
      if (output.type === 'accept') there.push({ type: 'accept', turn: output.turn });
      if (output.type === 'refuse') there.push({ type: 'refuse' });
      if (output.type === 'refuse' || output.type === 'drop') this.close(side, attempt);
      if (output.type === 'up') {
        expect(this.links[side], 'two links at once').toBeUndefined();
        this.links[side] = attempt;
        this.ups++;
      }
      if (output.type === 'down') {
        expect(this.links[side], 'an end of something else').toBe(attempt);
        this.links[side] = undefined;
      }
    }
  }
}

const sideStep = (type: 'dial' | 'end'): fc.Arbitrary<{ type: 'dial' | 'end'; side: Side }> =>
  fc.record({ type: fc.constant(type), side: fc.constantFrom<Side>(0, 1) });
const choiceStep = (type: 'deliver' | 'break'): fc.Arbitrary<{ type: 'deliver' | 'break'; choice: number }> =>
  fc.record({ type: fc.constant(type), choice: fc.nat() });
const step = fc.oneof(
  { weight: 4, arbitrary: sideStep('dial') },
  { weight: 12, arbitrary: choiceStep('deliver') },
  { weight: 1, arbitrary: choiceStep('break') },
  { weight: 1, arbitrary: sideStep('end') },
);

function play(
  steps: (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
  breaks: boolean,
): TwoSides {
  const world = new TwoSides();
  for (const one of steps) {
    const waiting = world.waiting();
    if (one.type === 'dial') world.dial(one.side);
    if (one.type === 'deliver' && waiting.length > 0) world.deliver(...waiting[one.choice % waiting.length]!);
    if (one.type === 'end' && breaks) world.end(one.side);
    const attempts = [...world.attempts.keys()];
    if (one.type === 'break' && breaks && attempts.length > 0)
      world.break(attempts[one.choice % attempts.length]!);
  }
  for (let waiting = world.waiting(); waiting.length > 0; waiting = world.waiting())
    world.deliver(...waiting[0]!);
  return world;
}

test('whatever the schedule, both sides end on the same link or on none', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = play(steps, true);
      expect(world.links[0]).toBe(world.links[1]);
    }),
    { numRuns: 5_000 },
  );
});

test('as long as nothing breaks, one dial is enough', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = play(steps, false);
      const dialled = steps.some(({ type }) => type === 'dial');
      expect(world.links[0] !== undefined).toBe(dialled);
      expect(world.links[0]).toBe(world.links[1]);
      // Nobody saw a link go and come: the driver would have to do all its work twice.
      expect(world.ups).toBe(dialled ? 2 : 0);
    }),
    { numRuns: 5_000 },
  );
});

test('of two crossing greetings the one of the lower id stands', () => {
  const world = new TwoSides();
  world.dial(0);
  world.dial(1);
  for (let waiting = world.waiting(); waiting.length > 0; waiting = world.waiting())
    world.deliver(...waiting[0]!);
  expect(world.links).toEqual([1, 1]);
});

test('a greeting that was held is taken up when ours comes to nothing', () => {
  const pairing = new Pairing(lower);
  const other = 'b-higher' as PeerId;
  pairing.dialled(other, 1);
  expect(pairing.greeted(other, 2, 1)).toEqual([]);
  expect(pairing.ended(other, 1, 'no answer')).toMatchObject([
    { type: 'accept' },
    { type: 'up', attempt: 2 },
  ]);
});

test('a held greeting that is newer than the answer wins: its maker has ended that link again', () => {
  const pairing = new Pairing(lower);
  const other = 'b-higher' as PeerId;
  pairing.dialled(other, 1);
  pairing.greeted(other, 2, 8);
  expect(pairing.accepted(other, 1, 7)).toMatchObject([
    { type: 'drop', attempt: 1 },
    { type: 'accept' },
    { type: 'up', attempt: 2 },
  ]);
});

test('the 65th peer gets as far as the Peer, which alone knows whether a stranger must go for it', () => {
  const pairing = new Pairing(lower);
  for (let peer = 0; peer < linksMax; peer++) pairing.greeted(`peer${peer}` as PeerId, peer, 1);
  expect(pairing.greeted('contact' as PeerId, 999, 1).at(-1)).toMatchObject({ type: 'up' });
  expect(pairing.dialled('other contact' as PeerId, 1_000)).toMatchObject([{ type: 'greet' }]);
});

test('where the Peer does not keep up, the next is told that all places are taken', () => {
  const pairing = new Pairing(lower);
  for (let peer = 0; peer < linksJudgedMax; peer++) {
    expect(pairing.greeted(`peer${peer}` as PeerId, peer, 1).at(-1)).toMatchObject({ type: 'up' });
  }
  expect(pairing.greeted('late' as PeerId, 999, 1)).toEqual([
    { type: 'refuse', attempt: 999, reason: 'full' },
  ]);
  expect(pairing.dialled('later' as PeerId, 1_000)).toMatchObject([{ type: 'drop' }]);
  expect(pairing.links).toBe(linksJudgedMax);
  pairing.ended('peer0' as PeerId, 0, 'gone');
  expect(pairing.greeted('late' as PeerId, 1_001, 2).at(-1)).toMatchObject({ type: 'up' });
});
