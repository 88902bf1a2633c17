/**
 * Goal: two ends stay in step whatever the network and crashes do, and refuse everything else without a trace.
 * Method: thousands of short random schedules of sealing, loss, repeats, reordering, damage and restarts from what was
 * stored, beside a model that knows only who sealed what. fast-check prints seed and path of a failure.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, readU32be, u32be } from '../../base/bytes.ts';
import { sessionPair } from '../../../test/session-pair.ts';
import { createNativeBackend } from '../native/native-backend.ts';
import type { Crypto } from '../crypto.ts';
import { Mailbox } from './mailbox.ts';
import { Session } from './session.ts';
import { decodeState, encodeState } from './session-state.ts';

const backend = createNativeBackend();
/** Only for hanging: a busy machine or many cases are no failure. */
const timeout = 3_600_000;
const runs = Number(process.env['PROPERTY_RUNS'] ?? 1_500);
const dayMs = 86_400_000;
const weekOf = (nowMs: number): number => Math.floor(nowMs / (7 * dayMs));

interface Sealed {
  id: number;
  by: number;
  envelope: Uint8Array;
  week: number;
}

/** One device: a session, and what its store holds of it. */
class End {
  session: Session;
  #state: Uint8Array;
  #rows = new Map<string, Uint8Array>();

  constructor(session: Session) {
    this.session = session;
    this.#state = session.encode();
    this.restart();
  }

  commit(): void {
    this.#state = this.session.encode();
    const { put, removed } = this.session.takeSkipped();
    for (const { key, value } of put) this.#rows.set(key, value);
    for (const key of removed) expect(this.#rows.delete(key)).toBe(true);
  }

  /** What the process had not committed is gone. */
  restart(): void {
    this.session.release();
    this.session = this.#decode(this.#rows);
    expect(this.session.encode()).toEqual(this.#state);
  }

  /** What a thief of the disk holds. */
  copy(): Session {
    return this.#decode(new Map(this.#rows));
  }

  #decode(rows: Map<string, Uint8Array>): Session {
    return Session.decode(backend, this.#state, (key) => rows.get(key)?.slice())!;
  }

  get state(): Uint8Array {
    return this.#state;
  }
}

/** `inside`: a bit flipped below the envelope, as only the other end or a thief of EX can. */
type Harm = 'flip' | 'inside' | 'cut' | 'grow' | 'reflect' | 'other-session' | 'old-week';

type Step =
  | { do: 'seal'; by: number; burst: number; lost: boolean; days: number }
  | { do: 'deliver'; pick: number; again: boolean; late: boolean }
  | { do: 'harm'; pick: number; how: Harm; at: number }
  | { do: 'restart'; of: number; after: 'commit' | 'seal' | 'open' };

const end = fc.constantFrom(0, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('seal' as const),
      by: end,
      burst: fc.constantFrom(1, 1, 1, 2, 4, 30),
      lost: fc.constantFrom(false, false, false, true),
      days: fc.constantFrom(0, 0, 0, 0, 1, 3),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      pick: fc.nat(999),
      again: fc.boolean(),
      late: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('harm' as const),
      pick: fc.nat(999),
      how: fc.constantFrom<Harm>(
        'flip',
        'inside',
        'inside',
        'cut',
        'grow',
        'reflect',
        'other-session',
        'old-week',
      ),
      at: fc.nat(100_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('restart' as const),
      of: end,
      after: fc.constantFrom('commit', 'seal', 'open'),
    }),
  },
);

class World {
  readonly crypto: Crypto;
  readonly ends: [End, End];
  readonly underway: Sealed[] = [];
  readonly opened = new Map<number, Sealed>();
  readonly seen = { opened: 0, refused: 0, repeats: 0, restarts: 0 };
  nowMs = 1_700_000_000_000;
  #next = 0;
  #strangers: Session;
  #exporter: Uint8Array;

  constructor(seed: number) {
    const { crypto, initiator, responder, start } = sessionPair(backend, seed);
    this.crypto = crypto;
    this.#exporter = start.exporter;
    this.ends = [new End(initiator), new End(responder)];
    this.#strangers = sessionPair(backend, seed + 1).initiator;
    this.deliver(this.seal(0)); // As message 1 does.
  }

  seal(by: number): Sealed {
    const id = this.#next++;
    const { session } = this.ends[by]!;
    const week = weekOf(this.nowMs);
    const envelope = session.seal(this.crypto, u32be(id), week, this.nowMs);
    this.ends[by]!.commit();
    return { id, by, envelope, week };
  }

  /** Opens it for the first time, or refuses the repeat. */
  deliver(sealed: Sealed): void {
    const to = this.ends[1 - sealed.by]!;
    if (this.opened.has(sealed.id)) {
      this.refuse(to, sealed.envelope, sealed.week);
      this.seen.repeats++;
      return;
    }
    const got = to.session.open(this.crypto, sealed.envelope, sealed.week);
    if (!('content' in got)) throw new Error(`message ${sealed.id} was refused: ${got.failed}`);
    expect(readU32be(got.content, 0)).toBe(sealed.id);
    to.commit();
    this.opened.set(sealed.id, sealed);
    this.seen.opened++;
  }

  refuse(to: End, envelope: Uint8Array, week: number): void {
    const before = to.session.encode();
    expect(to.session.open(this.crypto, envelope, week)).toHaveProperty('failed');
    expect(to.session.encode()).toEqual(before);
    expect(to.session.takeSkipped()).toEqual({ put: [], removed: [] });
    this.seen.refused++;
  }

  run(each: Step): void {
    switch (each.do) {
      case 'seal':
        this.nowMs += each.days * dayMs;
        for (let count = 0; count < each.burst; count++) {
          const sealed = this.seal(each.by);
          if (!each.lost) this.underway.push(sealed);
        }
        break;
      case 'deliver': {
        if (this.underway.length === 0) break;
        const index = each.pick % this.underway.length;
        const sealed = this.underway[index]!;
        this.deliver(each.late ? { ...sealed, week: sealed.week + 1 } : sealed);
        if (!each.again) this.underway.splice(index, 1);
        break;
      }
      case 'harm':
        if (this.underway.length > 0) this.#harm(each);
        break;
      case 'restart': {
        const restarted = this.ends[each.of]!;
        const sealed = this.underway.find((candidate) => candidate.by !== each.of);
        // Done, but not committed: nothing of it left the process.
        if (each.after === 'seal') restarted.session.seal(this.crypto, Uint8Array.of(9), 1, this.nowMs);
        if (each.after === 'open' && sealed) {
          restarted.session.open(this.crypto, sealed.envelope, sealed.week);
        }
        restarted.restart();
        this.seen.restarts++;
      }
    }
  }

  #harm({ pick, how, at }: Extract<Step, { do: 'harm' }>): void {
    const { by, envelope, week } = this.underway[pick % this.underway.length]!;
    const receiver = this.ends[1 - by]!;
    const flipped = Uint8Array.from(envelope);
    flipped[at % envelope.length]! ^= 1 << (at % 8);
    switch (how) {
      case 'flip':
        return this.refuse(receiver, flipped, week);
      case 'inside': {
        const [sender, reader] = [by === 0, by !== 0].map(
          (side) => new Mailbox(backend, this.#exporter, side),
        );
        const frame = reader!.open(envelope, week)!;
        frame[at % frame.length]! ^= 1 << (at % 8);
        this.refuse(receiver, sender!.seal(frame, week), week);
        for (const mailbox of [sender, reader]) mailbox!.release();
        return;
      }
      case 'cut':
        return this.refuse(receiver, envelope.subarray(0, at % envelope.length), week);
      case 'grow':
        return this.refuse(receiver, concat(envelope, Uint8Array.of(at & 255)), week);
      case 'reflect':
        return this.refuse(this.ends[by]!, envelope, week);
      case 'other-session': {
        const foreign = this.#strangers.seal(this.crypto, Uint8Array.of(1), week);
        // Even under a tag we would look at.
        foreign.set(envelope.subarray(0, 17));
        return this.refuse(receiver, foreign, week);
      }
      case 'old-week':
        return this.refuse(receiver, envelope, week + 2);
    }
  }

  finish(): void {
    // What is still under way comes at last, newest first.
    while (this.underway.length > 0) this.deliver(this.underway.pop()!);
    for (const { session } of this.ends) session.release();
    this.#strangers.release();
  }
}

const schedule = fc.array(step, { minLength: 5, maxLength: 30, size: 'max' });

test(
  'every message that arrives is opened exactly once, everything else leaves no trace',
  { timeout },
  () => {
    const seen = { opened: 0, refused: 0, repeats: 0, restarts: 0 };
    fc.assert(
      fc.property(fc.nat(), schedule, (seed, steps) => {
        const world = new World(seed);
        for (const each of steps) world.run(each);
        world.finish();
        for (const kind of Object.keys(seen) as (keyof typeof seen)[]) seen[kind] += world.seen[kind];
      }),
      { numRuns: runs },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs / 4);
  },
);

/** A thief of the sender's state who reads along: the sender's chain, seen from the other side. */
function mirror(end: End): Session | undefined {
  const { state } = decodeState(backend, end.state)!;
  if (!state.sending) return undefined;
  state.initiator = !state.initiator;
  state.receivingKey.set(state.sendingKey);
  Object.assign(state, { receiving: true, theirs: state.own, receiveNext: state.sendNext });
  Object.assign(state, { sending: false, own: undefined, answer: undefined, offer: undefined });
  return Session.decode(backend, encodeState(state, []));
}

test('a stolen state opens nothing earlier, and nothing later after a round trip', { timeout }, () => {
  const seen = { earlier: 0, before: 0, after: 0 };
  fc.assert(
    fc.property(fc.nat(), schedule, schedule, end, (seed, first, second, victim) => {
      const world = new World(seed);
      for (const each of first) world.run(each);
      const stolen = world.ends[victim]!;
      for (const { by, envelope, week } of world.opened.values()) {
        const thief = by === victim ? mirror(stolen) : stolen.copy();
        if (thief === undefined) continue;
        expect(thief.open(world.crypto, envelope, week)).toHaveProperty('failed');
        thief.release();
        seen.earlier++;
      }

      const reader = stolen.copy();
      const listener = mirror(stolen);
      const rob = (sealed: Sealed): boolean => {
        const thief = sealed.by === victim ? listener : reader;
        const got = thief?.open(world.crypto, sealed.envelope, sealed.week);
        return got !== undefined && 'content' in got;
      };
      const sendThrough = (by: number): void => {
        const sealed = world.seal(by);
        if (rob(sealed)) seen.before++;
        world.deliver(sealed);
      };
      // What goes on in the chains of the theft is lost; then each side makes one key of its own.
      sendThrough(victim);
      sendThrough(1 - victim);
      sendThrough(victim);
      sendThrough(1 - victim);
      const healed = world.underway.length;
      for (const each of second) {
        world.run(each);
        for (const sealed of world.underway.slice(healed)) {
          expect(rob(sealed)).toBe(false);
          seen.after++;
        }
        if (world.underway.length < healed) break;
      }
      world.finish();
      reader.release();
      listener?.release();
    }),
    { numRuns: Math.ceil(runs / 3) },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs / 20);
});
