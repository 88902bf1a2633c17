/** Goal: who two people are is compared by number or by code, and nothing but equal ones marks anybody as verified. */
import { expect, test } from 'vitest';
import { acquainted, addCard, cardOf, contactOf, type Pair, printedCardOf } from '../../test/acquainted.ts';
import { refusal, strangers } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import type { Commands } from './contract.ts';

const backend = createNativeBackend();

function verify(node: WorldNode, contact: string, given: object = {}): Commands['verify']['out'] {
  return node.execute('verify', { contact, ...given });
}

/** Sentence and code of a refusal. */
function refused(run: () => unknown): [string, string] {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return [error.message, String(error.cause)];
  }
  throw new Error('nothing was refused');
}

function isVerified(node: WorldNode): boolean {
  return contactOf(node).verified;
}

test('each scans the screen of the other, and both count as verified', () => {
  const { alice, bob } = acquainted(backend, 1);
  const [ofAlice, ofBob] = [verify(alice, 'bob'), verify(bob, 'alice')];
  expect(ofAlice.safetyNumber).toBe(ofBob.safetyNumber);
  expect(ofAlice.code).not.toBe(ofBob.code);
  expect(ofAlice.code).toMatch(/^KITHCODE1[0-9A-Z]{110}$/);
  expect([isVerified(alice), isVerified(bob)]).toEqual([false, false]);
  expect(verify(alice, 'bob', { scanned: ofBob.code }).verified).toBe(true);
  expect([isVerified(alice), isVerified(bob)]).toEqual([true, false]);
  expect(verify(bob, 'alice', { scanned: ` ${ofAlice.code.toLowerCase()}\n` }).verified).toBe(true);
  expect(isVerified(bob)).toBe(true);
  const event = alice.events.findLast((row) => row.event === 'contact');
  expect(JSON.parse(event?.data ?? '{}')).toMatchObject({ name: 'bob', verified: true });
});

test('a code of somebody else is a mismatch; what is no code of theirs is not: no alarm for a slip', () => {
  const { world, alice, bob } = acquainted(backend, 2);
  const carol = world.node('carol');
  world.announce();
  addCard(world, carol, alice);
  addCard(world, carol, bob);
  const before = alice.copyDisk();
  const scan = (scanned: string): [string, string] => refused(() => verify(alice, 'bob', { scanned }));
  // Carol stands between them: what bob sees is her code for him.
  expect(scan(verify(bob, 'carol').code)[0]).toBe('number-mismatch');
  expect(scan(verify(carol, 'bob').code)[0]).toBe('number-mismatch');
  expect(scan(verify(carol, 'alice').code)[0]).toBe('number-mismatch');
  expect(scan(verify(alice, 'bob').code)).toEqual([
    'usage',
    'This is the code on your own screen. Scan the one that theirs shows.',
  ]);
  expect(scan(verify(alice, 'carol').code)[1]).toContain('your own screen');
  const bobs = verify(bob, 'alice').code;
  for (const slip of [
    '',
    'https://example.org',
    cardOf(bob),
    printedCardOf(bob),
    bob.execute('status', {}).id,
    bobs.slice(1),
  ]) {
    const [code, sentence] = scan(slip);
    expect(code, slip).toBe('usage');
    expect(sentence).toContain('not a code to compare');
  }
  expect(scan('q'.repeat(1_024))[0]).toBe('usage');
  expect(alice.execute('contacts', {}).map((each) => each.verified)).toEqual([false, false]);
  expect(alice.copyDisk()).toEqual(before);
});

test('a number and a code are not given at once', () => {
  const { alice, bob } = acquainted(backend, 3);
  const { code, safetyNumber } = verify(bob, 'alice');
  const [refusedWith] = refused(() => verify(alice, 'bob', { matches: safetyNumber, scanned: code }));
  expect(refusedWith).toBe('usage');
  expect(isVerified(alice)).toBe(false);
});

test('what was compared is taken back, and stays so over a restart', () => {
  const { world, alice, bob } = acquainted(backend, 4);
  verify(alice, 'bob', { scanned: verify(bob, 'alice').code });
  expect(alice.execute('unverify', { contact: 'bob' }).verified).toBe(false);
  const events = alice.events.length;
  expect(alice.execute('unverify', { contact: 'bob' }).verified).toBe(false);
  expect(alice.events.length, 'nothing changed, nothing is told').toBe(events);
  alice.restart();
  world.announce();
  world.run(1_000);
  expect(isVerified(alice)).toBe(false);
  expect(verify(alice, 'bob', { matches: verify(bob, 'alice').safetyNumber }).verified).toBe(true);
  expect(refusal(() => alice.execute('unverify', { contact: 'nobody' }))).toBe('unknown-contact');
});

test('whose keys are not known yet cannot be compared', () => {
  const { alice, bob }: Pair = strangers(backend, 5);
  bob.crash();
  bob.start();
  const card = printedCardOf(bob);
  bob.crash();
  const { id } = alice.execute('add', { card, name: undefined });
  expect(refusal(() => verify(alice, id))).toBe('failed');
  expect(refusal(() => verify(alice, id, { scanned: 'x' }))).toBe('failed');
});
