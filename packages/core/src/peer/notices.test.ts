/**
 * Goal: every notice names its kind and the contact, so that whoever shows it can word it in any language; the list says
 * the same; and changed keys are cleared by comparing, by number or by code, and by nothing else.
 */
import { expect, test } from 'vitest';
import { acquainted, contactOf, notices, type Pair, received, send, stateOf } from '../../test/acquainted.ts';
import { refusal } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { Puppet } from '../../test/stranger.ts';
import { encodeSecrets, rotateRoot } from '../crypto/identity/identity.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import type { EventData } from './contract.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;

/** Bob's root key is another from his next start on. `salt` makes two successors differ. */
function rotates({ world, bob }: Pair, salt = 0): void {
  const puppet = new Puppet(world, bob);
  const { own, rows, crypto } = puppet.rooms;
  crypto.keys.bytes(1 + salt);
  const recovery = Uint8Array.from(own.root.recovery);
  const keep = [own.device.device];
  const { identity, root } = rotateRoot(crypto, {
    identity: own.identity,
    recovery,
    keep,
    seq: 1_790_000_000_002,
  })!;
  rows.put('identity', 'secrets', encodeSecrets({ root, device: own.device }));
  rows.put('identity', 'identity', identity.bytes);
  puppet.commit();
}

/** Bob starts, believes his sessions lost, and so shows himself anew. */
function shows({ world, alice, bob }: Pair): void {
  bob.keys = { ...bob.keys, generation: bob.keys.generation + 1 };
  if (bob.up) bob.crash();
  bob.start();
  world.announce();
  world.run(5 * minuteMs);
  expect(contactOf(alice).reachable).toBe(true);
}

function told(node: WorldNode): EventData['contact'] | undefined {
  const row = node.events.findLast((each) => each.event === 'contact');
  return row && (JSON.parse(row.data) as EventData['contact']);
}

function changed(seed: number): Pair & { old: EventData['contact'] | undefined; oldCode: string } {
  const pair = acquainted(backend, seed);
  const { alice, bob } = pair;
  const oldCode = bob.execute('verify', { contact: 'alice' }).code;
  expect(alice.execute('verify', { contact: 'bob', scanned: oldCode }).verified).toBe(true);
  const old = told(alice);
  rotates(pair);
  shows(pair);
  return { ...pair, old, oldCode };
}

test('a changed key: the notice and the list name whose it is', () => {
  const { alice, old } = changed(1);
  const { id } = contactOf(alice);
  const [notice] = notices(alice).filter((each) => each.kind === 'key-changed');
  expect(notice).toMatchObject({ kind: 'key-changed', contact: id, device: null });
  expect(old).toMatchObject({ id, verified: true, keyChanged: false });
  expect(told(alice)).toMatchObject({ id, verified: false, keyChanged: true });
});

test('changed keys of somebody whom nobody compared yet are told as well', () => {
  const pair = acquainted(backend, 7);
  rotates(pair);
  shows(pair);
  expect(told(pair.alice)).toMatchObject({ verified: false, keyChanged: true });
});

test('changed keys are cleared by the code that their screen shows now, and by no other', () => {
  const { world, alice, bob, oldCode } = changed(2);
  expect(refusal(() => send(alice, 'bob', 'not yet'))).toBe('key-changed');
  const scan = (scanned: string): string =>
    refusal(() => alice.execute('verify', { contact: 'bob', scanned }));
  expect(scan(oldCode)).toBe('number-mismatch');
  expect(scan(alice.execute('verify', { contact: 'bob' }).code)).toBe('usage');
  expect(contactOf(alice)).toMatchObject({ keyChanged: true, verified: false });
  alice.execute('unverify', { contact: 'bob' });
  expect(contactOf(alice), 'taking back is no comparing').toMatchObject({
    keyChanged: true,
    verified: false,
  });
  const { code } = bob.execute('verify', { contact: 'alice' });
  expect(alice.execute('verify', { contact: 'bob', scanned: code }).verified).toBe(true);
  expect(told(alice)).toMatchObject({ keyChanged: false, verified: true });
  const id = send(alice, 'bob', 'now');
  world.run(minuteMs);
  expect(stateOf(alice, id)).toBe('delivered');
  expect(received(bob, 'alice')).toEqual(['now']);
});

test('changed keys are cleared by the number that they read out', () => {
  const { alice, bob } = changed(3);
  const { safetyNumber } = bob.execute('verify', { contact: 'alice' });
  alice.execute('verify', { contact: 'bob', matches: safetyNumber });
  expect(told(alice)).toMatchObject({ keyChanged: false, verified: true });
});

test('what was compared is no longer compared at the other end either: they see that it was our keys that changed', () => {
  const { bob, alice } = changed(4);
  // Bob's own keys changed: what he shows for Alice is another code, and hers is read as such.
  const { code } = alice.execute('verify', { contact: 'bob' });
  expect(bob.execute('verify', { contact: 'alice', scanned: code }).verified).toBe(true);
});

test('a fork: the notice and the list name whose it is', () => {
  const pair = acquainted(backend, 5);
  const { alice, bob } = pair;
  const before = bob.copyDisk();
  rotates(pair, 1);
  shows(pair);
  alice.execute('verify', { contact: 'bob', scanned: bob.execute('verify', { contact: 'alice' }).code });
  bob.crash();
  bob.database.restore(before);
  rotates(pair, 2);
  shows(pair);
  const { id } = contactOf(alice);
  const [notice] = notices(alice).filter((each) => each.kind === 'identity-fork');
  expect(notice).toMatchObject({ contact: id, device: null });
  expect(told(alice)).toMatchObject({ id, keyChanged: true, verified: false });
});

/** Bob goes back to a copy of his disk: his sessions begin anew. */
function restores(seed: number): Pair {
  const pair = acquainted(backend, seed);
  const { world, alice, bob } = pair;
  send(alice, 'bob', 'so that the session is confirmed');
  world.run(1_000);
  const copy = bob.copyDisk();
  bob.restart(); // The keychain goes ahead of the copy.
  world.run(minuteMs);
  bob.crash();
  bob.database.restore(copy);
  bob.start();
  world.announce();
  world.run(5 * minuteMs);
  return pair;
}

/** What the list says of the only conversation of a node. */
function resetOf(node: WorldNode): number | undefined {
  return node.execute('conversations', {})[0]?.sessionResetWallMs;
}

function tellsOfNotes(node: WorldNode): number {
  return node.events.filter((each) => each.event === 'conversation' && each.data.includes('"notice"')).length;
}

test('a session that was set up anew is said in the conversation, after a restart too, until it was seen', () => {
  const { alice, bob, world } = restores(8);
  const { conversation } = contactOf(alice);
  expect(resetOf(alice)).toBeGreaterThan(0);
  expect(resetOf(bob)).toBeUndefined();
  expect(tellsOfNotes(alice)).toBe(1);
  alice.restart();
  world.run(1_000);
  expect(resetOf(alice)).toBeGreaterThan(0);
  expect(alice.execute('dismissReset', { conversation }).sessionResetWallMs).toBeUndefined();
  alice.execute('dismissReset', { conversation });
  expect(tellsOfNotes(alice)).toBe(2);
  alice.restart();
  expect(resetOf(alice)).toBeUndefined();
});

test('who compares numbers has seen that the session was set up anew', () => {
  const { alice, bob } = restores(9);
  const { safetyNumber } = bob.execute('verify', { contact: 'alice' });
  alice.execute('verify', { contact: 'bob' });
  expect(resetOf(alice)).toBeGreaterThan(0);
  alice.execute('verify', { contact: 'bob', matches: safetyNumber });
  expect(resetOf(alice)).toBeUndefined();
  expect(tellsOfNotes(alice)).toBe(2);
});

test('with the contact goes what was to be said of their session', () => {
  const { alice } = restores(10);
  alice.execute('remove', { contact: 'bob' });
  expect(alice.execute('conversations', {})[0]).toMatchObject({
    contact: undefined,
    sessionResetWallMs: undefined,
  });
});

test('a session that was set up anew names the contact; an own copy names nobody', () => {
  const { alice, bob } = restores(6);
  expect(notices(alice)).toMatchObject([
    { kind: 'session-reset', contact: contactOf(alice).id, device: null },
  ]);
  expect(notices(bob)).toMatchObject([{ kind: 'restored-copy', contact: null, device: null }]);
  expect(contactOf(alice)).toMatchObject({ keyChanged: false });
});
