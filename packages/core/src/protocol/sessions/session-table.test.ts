/**
 * Goal: both sides seal in the same session whatever order handshakes cross in, a device never has more than
 * four, and what changed is written once: no more, no less.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex, utf8 } from '../../base/bytes.ts';
import type { DeviceId, PersonId } from '../../base/ids.ts';
import { createNativeBackend } from '../../crypto/native/native-backend.ts';
import type { Session } from '../../crypto/ratchet/session.ts';
import { sessionPair } from '../../../test/session-pair.ts';
import {
  receivingMsMax,
  type SessionRecord,
  type SessionRows,
  sessionsPerDeviceMax,
  SessionTable,
} from './session-table.ts';

const backend = createNativeBackend();
const crypto = sessionPair(backend, 0).crypto;
const week = 2_900;
const device = 'd'.repeat(64) as DeviceId;
const person = 'kith1somebody' as PersonId;
const content = utf8('content');

/** Rows in memory that tell what was done with them. */
class Rows implements SessionRows {
  readonly held = new Map<string, Uint8Array>();
  readonly written: string[] = [];
  put(kind: string, key: string, plaintext: Uint8Array): void {
    this.held.set(`${kind} ${key}`, Uint8Array.from(plaintext));
    this.written.push(`put ${kind} ${key}`);
  }
  get(kind: string, key: string): Uint8Array | undefined {
    const row = this.held.get(`${kind} ${key}`);
    return row && Uint8Array.from(row);
  }
  remove(kind: string, key: string): void {
    this.held.delete(`${kind} ${key}`);
    this.written.push(`remove ${kind} ${key}`);
  }
  keys(kind: string, prefix: string): string[] {
    const start = `${kind} ${prefix}`;
    return [...this.held.keys()]
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(kind.length + 1));
  }
  list(kind: string, prefix: string): { key: string; plaintext: Uint8Array }[] {
    return this.keys(kind, prefix).map((key) => ({ key, plaintext: this.get(kind, key)! }));
  }
  take(): string[] {
    return this.written.splice(0);
  }
}

/** A table, and the far ends of its sessions. */
class Side {
  readonly rows = new Rows();
  readonly far = new Map<string, Session>();
  table: SessionTable = this.fresh();
  nowMs = 0;

  fresh(): SessionTable {
    return new SessionTable(crypto, this.rows, week);
  }

  /** Adds a session from a handshake; the far end is kept to seal and open on the other side. */
  add(seed: number, startedBySelf: boolean, of = device): string {
    const { initiator, responder } = sessionPair(backend, seed);
    const [near, far] = startedBySelf ? [initiator, responder] : [responder, initiator];
    // The initiator's first content travels in the handshake itself.
    const first = initiator.seal(crypto, content, week, 0);
    expect('content' in responder.open(crypto, first, week)).toBe(true);
    this.far.set(near.sid, far);
    this.table.add(near, { person, device: of, startedBySelf }, this.nowMs);
    return near.sid;
  }

  /** What the far end of a session seals. */
  fromFar(sid: string, of: Uint8Array = content, at: number = week): Uint8Array {
    return this.far.get(sid)!.seal(crypto, of, at, 0);
  }

  find(envelope: Uint8Array): SessionRecord | undefined {
    return this.table.byTag(hex(envelope.subarray(1, 17)));
  }

  open(envelope: Uint8Array): string {
    const record = this.find(envelope);
    if (record === undefined) return 'unknown';
    const opened = this.table.open(record, envelope);
    return 'failed' in opened ? opened.failed : 'opened';
  }

  restart(): void {
    this.table.flush();
    this.table = this.fresh();
  }
}

/** Every order of the steps in which each list keeps its own. */
function interleavings<Step>(a: Step[], b: Step[]): Step[][] {
  if (a.length === 0 || b.length === 0) return [[...a, ...b]];
  return [
    ...interleavings(a.slice(1), b).map((rest) => [a[0]!, ...rest]),
    ...interleavings(a, b.slice(1)).map((rest) => [b[0]!, ...rest]),
  ];
}

const orders = interleavings(['a starts', 'a hears'], ['b starts', 'b hears']).filter(
  (order) =>
    // A handshake is heard after it was made, and both started before they heard: at once.
    order.indexOf('b hears') > order.indexOf('a starts') &&
    order.indexOf('a hears') > order.indexOf('b starts'),
);

test('crossing handshakes: both choose the lower sid, in every order and across restarts', () => {
  expect(orders.length).toBe(4);
  for (const order of orders) {
    for (const seeds of [
      [1, 2],
      [2, 1],
      [3, 4],
      [4, 3],
    ] as const) {
      for (const restarts of [0, 1, 2, 3]) {
        const [a, b] = [new Side(), new Side()];
        const [mine, theirs] = seeds;
        for (const [index, step] of order.entries()) {
          if (step === 'a starts') a.add(mine, true);
          if (step === 'b starts') b.add(theirs, true);
          if (step === 'a hears') a.add(theirs, false);
          if (step === 'b hears') b.add(mine, false);
          if (index === restarts) for (const side of [a, b]) side.restart();
        }
        const chosen = [a, b].map((side) => side.table.sending(device)?.sid);
        const lower = [mine, theirs].map((seed) => sessionPair(backend, seed).initiator.sid).sort()[0];
        expect(chosen, `${order.join()} ${seeds.join()}`).toEqual([lower, lower]);
        for (const side of [a, b]) side.restart();
        expect([a, b].map((side) => side.table.sending(device)?.sid)).toEqual([lower, lower]);
      }
    }
  }
});

test('what crossed and does not send still opens what comes', () => {
  const a = new Side();
  const sids = [a.add(1, true), a.add(2, false)];
  for (const sid of sids) expect(a.open(a.fromFar(sid))).toBe('opened');
  expect(a.table.size).toBe(2);
});

test('their handshake replaces an answered session at once, and the person is told', () => {
  const a = new Side();
  const first = a.add(1, true);
  expect(a.open(a.fromFar(first))).toBe('opened');
  const { responder } = sessionPair(backend, 2);
  expect(a.table.add(responder, { person, device, startedBySelf: false }, 0)).toBe(true);
  expect(a.table.sending(device)?.sid).toBe(responder.sid);
  // One of ours that nobody answered is no loss.
  const b = new Side();
  b.add(3, true);
  const own = sessionPair(backend, 4).initiator;
  expect(b.table.add(own, { person, device, startedBySelf: true }, 0)).toBe(false);
  expect(b.table.sending(device)?.sid).toBe(own.sid);
});

test('a fifth session drops the oldest that does not send, with its rows and its tags', () => {
  const a = new Side();
  const first = a.add(1, false);
  const envelopes = ['one', 'two', 'three'].map((text) => a.fromFar(first, utf8(text)));
  expect(a.open(envelopes[2]!)).toBe('opened'); // Two skipped keys are kept.
  a.table.flush();
  expect(a.rows.keys('skipped', `${first}/`)).toHaveLength(2);
  for (let seed = 2; seed <= sessionsPerDeviceMax; seed++) a.add(seed, false);
  expect(a.table.size).toBe(sessionsPerDeviceMax);
  const last = a.add(9, false);
  expect(a.table.size).toBe(sessionsPerDeviceMax);
  expect(a.table.sending(device)?.sid).toBe(last);
  expect(a.open(envelopes[0]!)).toBe('unknown');
  a.table.flush();
  expect([...a.rows.held.keys()].filter((key) => key.includes(first))).toEqual([]);
});

test('ours wins one crossing; who starts again after that does not have it, and is followed', () => {
  const seeds = [1, 2, 3, 4];
  const bySid = seeds.map((seed) => ({ seed, sid: sessionPair(backend, seed).initiator.sid }));
  bySid.sort((one, other) => (one.sid < other.sid ? -1 : 1));
  const [ours, first, second] = bySid;
  const a = new Side();
  a.add(ours!.seed, true);
  a.add(first!.seed, false);
  expect(a.table.sending(device)?.sid).toBe(ours!.sid);
  a.add(second!.seed, false);
  expect(a.table.sending(device)?.sid).toBe(second!.sid);
  // What won stays open for what is still under way.
  expect(a.open(a.fromFar(ours!.sid))).toBe('opened');
});

test('what no longer sends is dropped after 41 days, with the next handshake', () => {
  const a = new Side();
  const old = a.add(1, false);
  a.nowMs = receivingMsMax - 1;
  a.add(2, false);
  expect(a.open(a.fromFar(old))).toBe('opened');
  a.nowMs = receivingMsMax + 1;
  a.add(3, false);
  expect(a.open(a.fromFar(old))).toBe('unknown');
  expect(a.table.size).toBe(2);
});

test('an envelope is found by its tag in its week, the one before and the one after', () => {
  for (const at of [week - 1, week, week + 1]) {
    const a = new Side();
    expect(a.open(a.fromFar(a.add(1, false), content, at))).toBe('opened');
  }
  for (const at of [week - 2, week + 2]) {
    const a = new Side();
    const envelope = a.fromFar(a.add(1, false), content, at);
    expect(a.open(envelope)).toBe('unknown');
    // Its week comes closer: the window moves, also after a restart.
    a.table.setWeek(at === week - 2 ? week - 1 : week + 1);
    expect(a.find(envelope)).toBeDefined();
    a.restart();
    expect(a.open(envelope)).toBe('unknown');
    a.table.setWeek(at);
    expect(a.find(envelope)).toBeDefined();
    a.table.setWeek(week);
    expect(a.find(envelope)).toBeUndefined();
    a.table.setWeek(at);
    expect(a.open(envelope)).toBe('opened');
  }
});

test('everything is restored from rows; a damaged row is a lost session and nothing more', () => {
  const a = new Side();
  const kept = a.add(1, false);
  const lost = a.add(2, false, 'e'.repeat(64) as DeviceId);
  const confirmed = { ...a.table.sending(device) };
  const [early, late] = [a.fromFar(kept, utf8('early')), a.fromFar(kept, utf8('late'))];
  expect(a.open(late)).toBe('opened');
  a.restart();
  expect(a.table.sending(device)).toEqual({ ...confirmed, confirmed: true });
  expect(a.open(early)).toBe('opened');
  expect(a.open(early)).toBe('old');
  a.table.flush();
  a.rows.held.set(`session ${lost}`, Uint8Array.of(1, 2, 3));
  a.restart();
  expect(a.table.has('e'.repeat(64) as DeviceId)).toBe(false);
  expect(a.table.seal('e'.repeat(64) as DeviceId, content, 0)).toBeUndefined();
  expect(a.open(a.fromFar(kept))).toBe('opened');
});

test('flush writes exactly what changed', () => {
  const a = new Side();
  const [one, two] = [a.add(1, false), a.add(2, false, 'e'.repeat(64) as DeviceId)];
  a.table.flush();
  expect(a.rows.take()).toEqual([`put session ${one}`, `put session ${two}`]);
  a.table.flush();
  expect(a.rows.take()).toEqual([]);

  a.table.seal(device, content, 0);
  a.table.seal(device, content, 0);
  a.table.flush();
  expect(a.rows.take()).toEqual([`put session ${one}`]);

  const [skipped, next] = [a.fromFar(two), a.fromFar(two)];
  expect(a.open(next)).toBe('opened');
  a.table.flush();
  const written = a.rows.take();
  expect(written[0]).toBe(`put session ${two}`);
  expect(written[1]).toMatch(new RegExp(`^put skipped ${two}/`, 'u'));
  expect(written).toHaveLength(2);

  // What does not open changes nothing, so nothing is written.
  const forged = Uint8Array.from(skipped);
  forged[forged.length - 1]! ^= 1;
  expect(a.open(forged)).toBe('envelope');
  expect(a.open(next)).toBe('old');
  a.table.flush();
  expect(a.rows.take()).toEqual([]);

  expect(a.open(skipped)).toBe('opened');
  a.table.flush();
  expect(a.rows.take()).toEqual([`put session ${two}`, written[1]!.replace('put', 'remove')]);

  // A crossed handshake moves both.
  const [own, theirs] = [sessionPair(backend, 5), sessionPair(backend, 6)];
  const of = 'f'.repeat(64) as DeviceId;
  const [lower, higher] = [own, theirs].sort((x, y) => (x.initiator.sid < y.initiator.sid ? -1 : 1));
  a.table.add(lower!.initiator, { person, device: of, startedBySelf: true }, 0);
  a.table.flush();
  a.rows.take();
  a.table.add(higher!.responder, { person, device: of, startedBySelf: false }, 0);
  a.table.flush();
  expect(a.rows.take().sort()).toEqual(
    [lower!, higher!].map(({ initiator }) => `put session ${initiator.sid}`).sort(),
  );

  a.table.removeDevice(device);
  expect(a.rows.take()).toEqual([`remove session ${one}`]);
  a.table.flush();
  expect(a.rows.take()).toEqual([]);
});

test('more sessions than stay open in memory: each still opens and seals, with the state it was left in', () => {
  const a = new Side();
  const devices = Array.from({ length: 300 }, (_, n) => n.toString(16).padStart(64, '0') as DeviceId);
  const sids = devices.map((each, n) => a.add(1_000 + n, false, each));
  for (let round = 0; round < 2; round++) {
    for (const [n, each] of devices.entries()) {
      expect(a.open(a.fromFar(sids[n]!))).toBe('opened');
      const sealed = a.table.seal(each, content, 0)!;
      expect('content' in a.far.get(sids[n]!)!.open(crypto, sealed, week)).toBe(true);
    }
    // Within one batch: what is not written yet may not be closed.
    a.table.setWeek(week + 1 - round);
    a.table.flush();
  }
});

type Step = { do: 'start' | 'hear' | 'answer' | 'restart' | 'remove' | 'seal'; of: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    do: fc.constantFrom('start', 'hear', 'hear', 'answer', 'answer', 'restart', 'remove', 'seal'),
    of: fc.nat(1),
  }),
  { maxLength: 25 },
);

test('whatever happens: at most four a device, one of them sends, and tags lead to what is held alone', () => {
  let seed = 10_000;
  fc.assert(
    fc.property(steps, (plan) => {
      const a = new Side();
      const devices = ['d', 'e'].map((each) => each.repeat(64) as DeviceId);
      const added: { sid: string; of: number }[] = [];
      for (const { do: what, of } of plan) {
        const to = devices[of]!;
        if (what === 'start' || what === 'hear') added.push({ sid: a.add(seed++, what === 'start', to), of });
        if (what === 'answer') {
          const last = added.findLast((each) => each.of === of);
          if (last !== undefined) a.open(a.fromFar(last.sid));
        }
        if (what === 'seal') expect(a.table.seal(to, content, 0) !== undefined).toBe(a.table.has(to));
        if (what === 'restart') a.restart();
        if (what === 'remove') a.table.removeDevice(to);

        let held = 0;
        for (const [index, each] of devices.entries()) {
          // `find` tells which of all that were ever added are held.
          const live = added.filter((one) => one.of === index && a.find(a.fromFar(one.sid)) !== undefined);
          expect(live.length).toBeLessThanOrEqual(sessionsPerDeviceMax);
          expect(a.table.has(each)).toBe(live.length > 0);
          const sending = a.table.sending(each);
          expect(live.some(({ sid }) => sid === sending?.sid)).toBe(live.length > 0);
          held += live.length;
        }
        expect(a.table.size).toBe(held);
      }
      a.table.flush();
      const rows = a.rows.keys('session', '');
      expect(rows).toHaveLength(a.table.size);
    }),
    { numRuns: 60 },
  );
});
