/**
 * Goal: sealed rows open under the key of their generation alone; every rotation reseals or removes each of
 * them; a crash between the commit and the keychain costs nothing, a wrong key costs the sessions and no more.
 */
import { expect, test } from 'vitest';
import { acquainted, contactOf, notices, received, send, stateOf, strangers } from '../../test/acquainted.ts';
import { createMemoryStore, type MemoryDatabase } from '../base/memory-store.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { utf8 } from '../base/bytes.ts';
import type { SecretRow } from '../base/store.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { nextStorageKey } from '../crypto/vault/vault.ts';
import { seededKeys } from '../../test/session-pair.ts';
import { Peer } from './peer.ts';
import type { PeerOutput } from './contract.ts';
import { SealedRows, type StorageKeys } from './sealed-rows.ts';
import { Turn } from './turn.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const profileKey = new Uint8Array(32).fill(1);
const text = utf8('secret of a row');

/** Sealed rows over a database, opened with what the keychain holds. */
class Bench {
  readonly database: MemoryDatabase = createMemoryStore();
  keys: StorageKeys = { profileKey, storageKey: new Uint8Array(32).fill(2), generation: 50 };
  turn = new Turn(0);
  rows: SealedRows = this.open();

  open(keys: StorageKeys = this.keys): SealedRows {
    this.turn = new Turn(0);
    const crypto = { backend, keys: seededKeys(1) };
    this.rows = new SealedRows({ crypto, store: this.database.store, turn: this.turn, keys });
    return this.rows;
  }

  /** Commits what was written. `keychain` false: the power went before the keychain was reached. */
  commit(keychain = true): void {
    this.database.begin();
    const outputs = this.turn.take();
    for (const output of outputs) if (output.type === 'store') this.database.apply(output.write);
    this.database.commit();
    for (const output of outputs) if (keychain && output.type === 'storageKey') this.keep(output);
  }

  keep({ key, generation }: Extract<PeerOutput, { type: 'storageKey' }>): void {
    this.keys = { ...this.keys, storageKey: Uint8Array.from(key), generation };
  }

  /** One row of each kind. */
  fill(): void {
    for (const kind of ['session', 'skipped', 'prekey', 'identity', 'intake', 'card'] as const) {
      this.rows.put(kind, `${kind}/1`, text);
    }
    this.commit();
    this.rows.rotate();
    this.commit();
  }

  rowsOnDisk(): SecretRow[] {
    const { store } = this.database;
    return store.secretKeys().map(({ kind, key }) => store.secret(kind, key)!);
  }

  readable(): string[] {
    return this.rowsOnDisk()
      .filter(({ kind, key }) => this.rows.get(kind, key) !== undefined)
      .map((row) => row.kind)
      .sort();
  }
}

const every = ['card', 'identity', 'intake', 'prekey', 'session', 'skipped'];
const fixed = ['card', 'identity', 'intake'];

function filled(): Bench {
  const bench = new Bench();
  bench.commit();
  bench.fill();
  return bench;
}

test('a rotation reseals every moving row, and leaves none of an older generation', () => {
  const bench = filled();
  for (let day = 0; day < 3; day++) {
    const { generation } = bench.keys;
    const before = bench.rowsOnDisk();
    bench.open();
    expect(bench.rows.agreement).toBe('agreed');
    expect(bench.rows.rotate()).toEqual([]);
    bench.commit();
    expect(bench.keys.generation).toBe(generation + 1);
    expect(bench.readable()).toEqual(every);
    for (const [index, row] of bench.rowsOnDisk().entries()) {
      const moves = !fixed.includes(row.kind);
      expect(row.generation).toBe(moves ? generation + 1 : 0);
      if (moves) expect(row.sealed).not.toEqual(before[index]!.sealed);
    }
  }
});

test('the key of yesterday opens nothing of today', () => {
  const bench = filled();
  const yesterday = bench.keys;
  bench.rows.rotate();
  bench.commit();
  bench.open({ ...yesterday, generation: bench.keys.generation });
  expect(bench.readable()).toEqual(fixed);
});

test('crashes between the commit and the keychain: up to eight generations open', () => {
  const bench = filled();
  for (let behind = 1; behind <= 8; behind++) {
    bench.rows.rotate();
    bench.commit(false);
    bench.open();
    expect(bench.rows.agreement, `${behind} behind`).toBe('agreed');
    expect(bench.readable()).toEqual(every);
  }
  bench.rows.rotate();
  bench.commit(false);
  bench.open();
  expect(bench.rows.agreement).toBe('ahead');
  expect(bench.readable()).toEqual(fixed);
});

test('a crash before the commit: the old generation opens as if nothing had been', () => {
  const bench = filled();
  bench.rows.rotate();
  bench.turn.take(); // Neither disk nor keychain hear of it.
  bench.open();
  expect([bench.rows.agreement, bench.readable()]).toEqual(['agreed', every]);
});

test('an older copy, a foreign keychain and a wrong key: moving rows are removed, the others stay', () => {
  const older = filled();
  older.keys = { ...older.keys, storageKey: nextStorageKey(backend, older.keys.storageKey) };
  older.keys = { ...older.keys, generation: older.keys.generation + 1 };
  const foreign = filled();
  foreign.keys = { ...foreign.keys, generation: foreign.keys.generation - 9 };
  const wrong = filled();
  wrong.keys = { ...wrong.keys, storageKey: new Uint8Array(32).fill(9) };
  const cases = [
    [older, 'restored'],
    [foreign, 'ahead'],
    [wrong, 'ahead'],
  ] as const;
  for (const [bench, agreement] of cases) {
    bench.open();
    expect(bench.rows.agreement).toBe(agreement);
    expect(bench.readable()).toEqual(fixed);
    // What is sealed before the rotation belongs to this start and stays.
    bench.rows.put('prekey', 'fresh', text);
    bench.commit();
    const lost = bench.rows.rotate();
    expect(lost.map(({ kind }) => kind)).toEqual(['session', 'skipped', 'prekey']);
    bench.commit();
    expect(bench.rowsOnDisk().map((row) => row.kind)).toEqual(['identity', 'intake', 'card', 'prekey']);
    expect(bench.rows.get('prekey', 'fresh')).toEqual(text);
    bench.open();
    expect(bench.rows.agreement).toBe('agreed');
  }
});

test('one damaged row among many is removed alone', () => {
  const bench = filled();
  const damaged = bench.rowsOnDisk().find((row) => row.kind === 'session')!;
  damaged.sealed[30]! ^= 1;
  bench.database.begin();
  bench.database.apply({ op: 'putSecret', row: damaged });
  bench.database.commit();
  bench.open();
  expect(bench.rows.agreement).toBe('agreed');
  expect(bench.rows.rotate()).toEqual([{ kind: 'session', key: 'session/1' }]);
  bench.commit();
  expect(bench.readable()).toEqual(every.filter((kind) => kind !== 'session'));
});

function generations(node: WorldNode): number[] {
  const { store } = node.database;
  const moving = store.secretKeys().filter(({ kind }) => ['session', 'skipped', 'prekey'].includes(kind));
  return [...new Set(moving.map(({ kind, key }) => store.secret(kind, key)!.generation))];
}

test('a node rotates at start and every day, all rows with it', () => {
  const { world, alice } = acquainted(backend, 1);
  for (let day = 0; day < 3; day++) {
    const { generation } = alice.keys;
    world.run(dayMs);
    expect(alice.keys.generation).toBe(generation + 1);
    expect(generations(alice)).toEqual([generation + 1]);
  }
  const { generation } = alice.keys;
  alice.restart();
  expect(generations(alice)).toEqual([generation + 1]);
});

test('a power cut before the keychain was written: the sessions are as they were', () => {
  const { world, alice, bob } = acquainted(backend, 2);
  const behind = alice.keys;
  for (let start = 0; start < 8; start++) {
    alice.restart();
    alice.keys = behind;
  }
  alice.restart();
  world.announce();
  const id = send(alice, 'bob', 'as before');
  world.run(minuteMs);
  expect(stateOf(alice, id)).toBe('delivered');
  expect([...notices(alice), ...notices(bob)]).toEqual([]);
});

test('a wrong storage key costs the sessions, is told, and people talk on', () => {
  const { world, alice, bob } = acquainted(backend, 3);
  send(bob, 'alice', 'before');
  world.run(minuteMs);
  alice.crash();
  alice.keys = { ...alice.keys, storageKey: new Uint8Array(32).fill(3) };
  alice.start();
  world.announce();
  world.run(5 * minuteMs);
  expect(notices(alice).map((each) => each.kind)).toEqual(['restored-copy']);
  expect(contactOf(alice).name).toBe('bob');
  const ids = [send(alice, 'bob', 'one'), send(bob, 'alice', 'two')];
  world.run(minuteMs);
  expect([stateOf(alice, ids[0]!), stateOf(bob, ids[1]!)]).toEqual(['delivered', 'delivered']);
  expect(received(alice, 'bob')).toEqual(['before', 'two']);
});

test('a card made before the first wake of a restored copy is good', () => {
  const { world, alice, bob } = strangers(backend, 4);
  alice.crash();
  alice.keys = { ...alice.keys, generation: alice.keys.generation + 1 };
  const { database } = alice;
  const peer = new Peer(alice.parts());
  const handle = (input: Parameters<Peer['handle']>[0]): PeerOutput[] => {
    database.begin();
    const outputs = [...peer.handle(input, world.nowMs, world.nowMs)];
    outputs.push(...peer.settle(world.nowMs, world.nowMs));
    for (const output of outputs) if (output.type === 'store') database.apply(output.write);
    database.commit();
    for (const output of outputs) {
      if (output.type === 'storageKey')
        alice.keys = { ...alice.keys, storageKey: Uint8Array.from(output.key) };
      if (output.type === 'storageKey') alice.keys = { ...alice.keys, generation: output.generation };
    }
    return outputs;
  };
  const command = { name: 'makeCard', in: { once: true, expiresInMs: undefined } } as const;
  const answer = handle({ type: 'command', request: 1, command }).find((each) => each.type === 'answer');
  handle({ type: 'wake' });
  const card = answer?.answer.ok === true && 'card' in answer.answer.out ? answer.answer.out.card : '';
  alice.start();
  world.announce();
  bob.execute('add', { card, name: undefined });
  world.run(minuteMs);
  expect(contactOf(bob).state).toBe('connected');
});
