/** Goal: the invariants at the head of session-table.ts. Rows stand in a map; sessions are made without a handshake. */
import { expect, test } from 'vitest';
import { sessionPair, type SessionPair } from '../../../test/session-pair.ts';
import { hex, utf8, utf8Decode } from '../../base/bytes.ts';
import type { DeviceId, PersonId } from '../../base/ids.ts';
import { createNativeBackend } from '../../crypto/native/native-backend.ts';
import { receivingMsMax, type SessionRows, SessionTable, sessionsPerDeviceMax } from './session-table.ts';

const backend = createNativeBackend();
const week = 2_900;
const person = 'kith1somebody' as PersonId;
const device = 'device' as DeviceId;
const own = { person, device, startedBySelf: true };
const theirs = { person, device, startedBySelf: false };

class Rows implements SessionRows {
  kept = new Map<string, Uint8Array>();

  put(kind: 'session' | 'skipped', key: string, plaintext: Uint8Array): void {
    this.kept.set(`${kind}:${key}`, Uint8Array.from(plaintext));
  }
  get(kind: 'session' | 'skipped', key: string): Uint8Array | undefined {
    const row = this.kept.get(`${kind}:${key}`);
    return row && Uint8Array.from(row);
  }
  remove(kind: 'session' | 'skipped', key: string): void {
    this.kept.delete(`${kind}:${key}`);
  }
  list(kind: 'session', prefix: string): { key: string; plaintext: Uint8Array }[] {
    return this.keysOf(kind, prefix).map((key) => ({ key, plaintext: this.get(kind, key)! }));
  }
  keys(kind: 'skipped', prefix: string): string[] {
    return this.keysOf(kind, prefix);
  }
  private keysOf(kind: string, prefix: string): string[] {
    const start = `${kind}:`;
    return [...this.kept.keys()]
      .filter((key) => key.startsWith(start + prefix))
      .map((key) => key.slice(start.length));
  }
}

function tableOn(rows: Rows, { crypto }: SessionPair): SessionTable {
  return new SessionTable(crypto, rows, week);
}

test('the newest session sends, four are kept, and the oldest that does not send goes with its row', () => {
  const pairs = Array.from({ length: sessionsPerDeviceMax + 2 }, (_, seed) => sessionPair(backend, seed));
  const rows = new Rows();
  const table = tableOn(rows, pairs[0]!);
  const sids: string[] = [];
  for (const { responder } of pairs) {
    table.add(responder, theirs, 0);
    table.flush();
    sids.push(responder.sid);
    expect(table.sending(device)?.sid).toBe(responder.sid);
    expect(table.size).toBe(Math.min(sids.length, sessionsPerDeviceMax));
  }
  const left = sids.slice(-sessionsPerDeviceMax).map((sid) => `session:${sid}`);
  expect([...rows.kept.keys()].toSorted()).toEqual(left.toSorted());
});

test('a session that receives alone is dropped after its time, the one that sends never', () => {
  const [first, second, third] = [sessionPair(backend, 1), sessionPair(backend, 2), sessionPair(backend, 3)];
  const table = tableOn(new Rows(), first);
  table.add(first.responder, theirs, 0);
  table.add(second.responder, theirs, receivingMsMax);
  expect(table.size).toBe(2);
  table.add(third.responder, theirs, receivingMsMax + 1);
  expect(table.size).toBe(2);
  expect(table.sending(device)?.sid).toBe(third.responder.sid);
});

test('both started at once: both sides send in the session with the lower sid, and still open the other', () => {
  const lower = new Set<boolean>();
  for (let seed = 0; seed < 20; seed++) {
    const [one, two] = [sessionPair(backend, seed), sessionPair(backend, seed + 1_000)];
    const [ann, ben] = [tableOn(new Rows(), one), tableOn(new Rows(), two)];
    ann.add(one.initiator, own, 0);
    ben.add(two.initiator, own, 0);
    // Sealed before either heard of the other's start.
    const early = ann.seal(device, utf8('early'), 0)!;
    ann.add(two.responder, theirs, 0);
    ben.add(one.responder, theirs, 0);
    const least = [one.initiator.sid, two.initiator.sid].toSorted()[0];
    lower.add(least === one.initiator.sid);
    expect([ann.sending(device)?.sid, ben.sending(device)?.sid]).toEqual([least, least]);
    const record = ben.byTag(hex(early.subarray(1, 17)))!;
    const opened = ben.open(record, early);
    expect('content' in opened && utf8Decode(opened.content)).toBe('early');
  }
  expect(lower.size, 'both cases occurred').toBe(2);
});

test('theirs replaces a session that was confirmed, and that is said', () => {
  const [first, second] = [sessionPair(backend, 1), sessionPair(backend, 2)];
  const table = tableOn(new Rows(), first);
  expect(table.add(first.responder, theirs, 0)).toBe(false);
  expect(table.add(second.responder, theirs, 0)).toBe(true);
});

test('what changed is written at the flush and not before, and a restart goes on from there', () => {
  const pair = sessionPair(backend, 7);
  const [annRows, benRows] = [new Rows(), new Rows()];
  const [ann, ben] = [tableOn(annRows, pair), tableOn(benRows, pair)];
  ann.add(pair.initiator, own, 0);
  ben.add(pair.responder, theirs, 0);
  ann.flush();
  ben.flush();
  const before = [...annRows.kept.values()].map(hex);
  const envelope = ann.seal(device, utf8('one'), 0)!;
  expect([...annRows.kept.values()].map(hex)).toEqual(before);
  ann.flush();
  expect([...annRows.kept.values()].map(hex)).not.toEqual(before);

  const again = tableOn(benRows, pair);
  const record = again.byTag(hex(envelope.subarray(1, 17)))!;
  expect(record.person).toBe(person);
  expect(again.open(record, envelope)).toHaveProperty('content');
  expect(again.open(record, envelope)).toHaveProperty('failed');
  again.flush();
  // A table restored from what was flushed knows that it was opened.
  const third = tableOn(benRows, pair);
  expect(third.open(record, envelope)).toEqual({ failed: 'old' });
});

test('a removed device leaves no row, no tag and no session', () => {
  const pair = sessionPair(backend, 9);
  const rows = new Rows();
  const table = tableOn(rows, pair);
  table.add(pair.responder, theirs, 0);
  table.flush();
  table.removeDevice(device);
  table.flush();
  expect([rows.kept.size, table.size, table.has(device)]).toEqual([0, 0, false]);
  expect(table.seal(device, utf8('x'), 0)).toBeUndefined();
});

test('a damaged row is a lost session, not a crash', () => {
  const pair = sessionPair(backend, 11);
  const rows = new Rows();
  rows.put('session', 'damaged', Uint8Array.of(1, 2, 3));
  expect(tableOn(rows, pair).size).toBe(0);
});
