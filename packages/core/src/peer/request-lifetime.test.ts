/**
 * Goal: a request that nobody answers ends after 30 days, whatever happened meanwhile, and what waited for the
 * answer ends with it, aloud.
 */
import { expect, test } from 'vitest';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { cardOf, contactOf, printedCardOf, send, strangers } from '../../test/acquainted.ts';

const backend = createNativeBackend();
const dayMs = 86_400_000;

/** Bob asks alice, who is never seen again, and writes to her. */
function asked(seed: number, printed: boolean) {
  const { world, alice, bob } = strangers(backend, seed);
  const card = printed ? printedCardOf(alice) : cardOf(alice);
  alice.crash();
  bob.execute('add', { card, name: undefined });
  const id = send(bob, contactOf(bob).id, 'hello?');
  world.run(5_000);
  const messages = (): unknown => bob.execute('message', { id }).message;
  return { world, bob, messages, card };
}

const failed = { state: 'failed', reason: 'request not answered' };

for (const printed of [false, true]) {
  const which = printed ? 'whose owner was never met' : 'that was sent';

  test(`a request ${which} ends after 30 days, and what waited with it`, () => {
    const { world, bob, messages } = asked(1, printed);
    world.run(29 * dayMs);
    expect(contactOf(bob).state).toBe('requested');
    expect(messages()).toMatchObject({ state: 'stored' });
    world.run(2 * dayMs);
    expect(bob.execute('contacts', {})).toEqual([]);
    expect(messages()).toMatchObject(failed);
    expect(bob.execute('status', {}).queued).toBe(0);
    const removed = bob.events.findLast((row) => row.event === 'contact');
    expect(removed?.data).toContain('"state":"removed"');
  });

  test(`a request ${which} and ended while the node was off is told at the next start`, () => {
    const { world, bob, messages } = asked(2, printed);
    bob.crash();
    world.nowMs += 31 * dayMs;
    bob.start();
    world.run(1_000);
    expect(bob.execute('contacts', {})).toEqual([]);
    expect(messages()).toMatchObject(failed);
  });
}

test('adding the card again asks anew: 30 days from then', () => {
  const { world, bob, messages, card } = asked(3, false);
  world.run(6 * dayMs);
  bob.execute('add', { card, name: undefined });
  world.run(25 * dayMs);
  expect(contactOf(bob).state).toBe('requested');
  expect(messages()).toMatchObject({ state: 'stored' });
  world.run(6 * dayMs);
  expect(messages()).toMatchObject(failed);
});
