/** Goal: what was accepted ends exactly once, with its reason; retries change nothing; only its device answers. */
import { expect, test } from 'vitest';
import { hex } from '../base/bytes.ts';
import { idBytes } from '../base/ids.ts';
import type { PeerOutput } from './contract.ts';
import { acquainted, addCard, contactOf, notices, type Pair, received } from '../../test/acquainted.ts';
import { refusal, send, stateOf } from '../../test/acquainted.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { Puppet } from '../../test/stranger.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { outboxDefaults } from '../protocol/outbox/outbox.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const envelopeType = 0x12;
const handshakeType = 0x11;

/** Envelopes that a node lets out from now on, in hex. */
function envelopesOf({ world }: Pair, node: WorldNode, type = envelopeType): string[] {
  const seen: string[] = [];
  world.watchers.push((from, output) => {
    if (from === node && output.type === 'send' && output.frame[0] === type) seen.push(hex(output.frame));
  });
  return seen;
}

function ledgerOf(node: WorldNode, id: string): (string | undefined)[] {
  return node.execute('message', { id }).ledger.map((each) => each.state);
}

test('a message expires with its reason while its reader is away, and never arrives later', () => {
  const pair = acquainted(backend, 1);
  const { world, alice, bob } = pair;
  bob.crash();
  world.run(100); // The link is noticed to be gone.
  const id = send(alice, 'bob', 'good for an hour', hourMs);
  const lasting = send(alice, 'bob', 'good for ever');
  world.run(hourMs - 1_000);
  expect(stateOf(alice, id)).toBe('stored');
  world.run(2_000);
  const { message } = alice.execute('message', { id });
  expect(message).toMatchObject({ state: 'expired', reason: 'lifetime ended' });
  expect(ledgerOf(alice, id)).toEqual(['stored', 'expired']);
  bob.start();
  world.announce();
  world.run(60_000);
  expect(received(bob, 'alice')).toEqual(['good for ever']);
  expect(stateOf(alice, lasting)).toBe('delivered');
});

test('a lifetime that ends while the node is off is told at its next start', () => {
  const pair = acquainted(backend, 2);
  const { world, alice, bob } = pair;
  bob.crash();
  const id = send(alice, 'bob', 'good for an hour', hourMs);
  alice.crash();
  world.nowMs += 2 * hourMs;
  alice.start();
  world.run(1_000);
  expect(alice.execute('message', { id }).message).toMatchObject({ state: 'expired' });
  expect(ledgerOf(alice, id)).toEqual(['stored', 'expired']);
  expect(alice.execute('status', {}).queued).toBe(0);
});

test('what was sent and not answered expires too; an answer after that changes nothing', () => {
  const pair = acquainted(backend, 3);
  const { world, alice, bob } = pair;
  const kept: [Uint8Array, WorldNode][] = [];
  world.tamper = (frame, from) => {
    if (from !== bob || frame[0] !== envelopeType) return [frame];
    kept.push([frame, alice]);
    return [];
  };
  const id = send(alice, 'bob', 'unanswered', hourMs);
  world.run(hourMs + 1_000);
  expect(received(bob, 'alice')).toEqual(['unanswered']);
  expect(ledgerOf(alice, id)).toEqual(['stored', 'sent', 'expired']);
  for (const [frame] of kept) {
    for (const { id: link } of alice.links()) alice.input({ type: 'frame', link, frame });
  }
  expect(ledgerOf(alice, id)).toEqual(['stored', 'sent', 'expired']);
  expect(kept.length).toBeGreaterThan(0);
});

for (const how of ['block', 'remove'] as const) {
  test(`${how} ends what waits, with a reason, and keeps the history readable by id`, () => {
    const pair = acquainted(backend, 4);
    const { world, alice, bob } = pair;
    const delivered = send(alice, 'bob', 'arrived');
    world.run(1_000);
    bob.crash();
    const id = send(alice, 'bob', 'waits');
    const { id: person, conversation } = contactOf(alice);
    alice.execute(how, { contact: 'bob' });
    const reason = how === 'block' ? 'blocked' : 'contact removed';
    expect(alice.execute('message', { id }).message).toMatchObject({ state: 'failed', reason });
    expect(stateOf(alice, delivered)).toBe('delivered');
    expect(alice.execute('status', {}).queued).toBe(0);
    bob.start();
    world.announce();
    world.run(hourMs);
    expect(received(bob, 'alice')).toEqual(['arrived']);
    for (const selector of [person, conversation]) {
      const history = alice.execute('history', { conversation: selector, limit: 10, before: undefined });
      expect(history.map((each) => each.text)).toEqual(['arrived', 'waits']);
    }
  });
}

test('a removed contact who is added again is talked to in the same conversation', () => {
  // Whether the session of the request or that of the renewal wins depends on their ids: both have to occur.
  for (let seed = 0; seed < 8; seed++) {
    const { world, alice, bob } = acquainted(backend, seed);
    send(bob, 'alice', 'first');
    world.run(1_000);
    const { conversation } = contactOf(alice);
    alice.execute('remove', { contact: 'bob' });
    const lost = send(bob, 'alice', 'to one who removed me');
    world.run(60_000);
    expect(stateOf(bob, lost)).not.toBe('delivered');
    addCard(world, bob, alice);
    world.run(5 * 60_000);
    expect(contactOf(alice)).toMatchObject({ state: 'connected', conversation });
    expect(received(alice, 'bob')).toEqual(['first', 'to one who removed me']);
    expect(stateOf(bob, lost)).toBe('delivered');
  }
});

test('what a contact wrote while blocked opens when it comes again, in the same session', () => {
  const { world, alice, bob } = acquainted(backend, 10);
  alice.execute('block', { contact: 'bob' });
  const ids = ['one', 'two'].map((text) => send(bob, 'alice', text));
  world.run(3_000);
  expect(received(alice, 'bob')).toEqual([]);
  alice.execute('unblock', { contact: 'bob' });
  world.run(minuteMs);
  // Each is sent again in its own time.
  expect(received(alice, 'bob').toSorted()).toEqual(['one', 'two']);
  expect(ids.map((id) => stateOf(bob, id))).toEqual(['delivered', 'delivered']);
  expect(notices(alice)).toEqual([]);
});

test('who never answers is offered fresh sessions less and less often', () => {
  const pair = acquainted(backend, 11);
  const { world, alice } = pair;
  // Bob hears nothing of ours and acknowledges nothing, on a link that stands.
  world.tamper = (frame, from) => (from === alice && frame[0]! >= envelopeType - 1 ? [] : [frame]);
  const handshakes = envelopesOf(pair, alice, handshakeType);
  send(alice, 'bob', 'anybody there?');
  world.run(24 * hourMs);
  expect(new Set(handshakes).size).toBeGreaterThan(5);
  expect(new Set(handshakes).size).toBeLessThan(16);
  world.tamper = undefined;
  world.run(12 * hourMs);
  expect(received(pair.bob, 'alice')).toEqual(['anybody there?']);
});

test('a retry sends the same bytes; the answer to a repeat is the same bytes too', () => {
  const pair = acquainted(backend, 6);
  const { world, alice, bob } = pair;
  let lose = true;
  world.tamper = (frame, from) => (lose && from === bob && frame[0] === envelopeType ? [] : [frame]);
  const sent = envelopesOf(pair, alice);
  const answers = envelopesOf(pair, bob);
  const id = send(alice, 'bob', 'once more');
  world.run(2_500); // Before the session is believed lost.
  lose = false;
  world.run(60_000);
  expect(stateOf(alice, id)).toBe('delivered');
  expect(received(bob, 'alice')).toEqual(['once more']);
  expect(sent.length).toBeGreaterThan(1);
  expect(new Set(sent).size).toBe(1);
  expect(answers.length).toBe(sent.length);
  expect(new Set(answers).size).toBe(1);
});

test('a lost session: what waits is sealed anew, in its order, with its ids, and read once', () => {
  const pair = acquainted(backend, 7);
  const { world, alice, bob } = pair;
  const first = send(alice, 'bob', 'answered by nobody');
  world.tamper = (frame, from) => (from === bob && frame[0] === envelopeType ? [] : [frame]);
  world.run(100);
  const handshakes = envelopesOf(pair, alice, handshakeType);
  const ids = [first, ...['two', 'three', 'four'].map((text) => send(alice, 'bob', text))];
  world.run(60_000); // Four sends in vain: the session is believed lost.
  expect(handshakes.length).toBeGreaterThan(0);
  world.tamper = undefined;
  world.run(5 * 60_000);
  expect(received(bob, 'alice')).toEqual(['answered by nobody', 'two', 'three', 'four']);
  expect(ids.map((id) => stateOf(alice, id))).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
  expect(notices(bob).map((each) => each.kind)).toContain('session-reset');
});

test('only the device a message was sent to can acknowledge it', () => {
  const pair = acquainted(backend, 8);
  const { world, alice, bob } = pair;
  const carol = world.node('carol');
  world.announce();
  world.run(1_000);
  addCard(world, alice, carol);
  bob.crash();
  const id = send(alice, 'bob', 'for bob alone');
  const waiting = alice.database.store.outbox();
  expect(waiting).toHaveLength(1);
  const puppet = new Puppet(world, carol);
  const ids = [idBytes(id)!];
  puppet.connect(alice).send(puppet.envelope(puppet.deviceOf('alice'), { type: 'ack', ids, tokens: [] }));
  expect(stateOf(alice, id)).not.toBe('delivered');
  expect(alice.database.store.outbox()).toEqual(waiting);
  // The same words of the device it was sent to are believed: the test can see the difference.
  const own = new Puppet(world, bob);
  own.connect(alice).send(own.envelope(own.deviceOf('alice'), { type: 'ack', ids, tokens: [] }));
  expect(stateOf(alice, id)).toBe('delivered');
});

test('a full queue refuses aloud and changes nothing; a new session still takes all that waits', () => {
  const pair = acquainted(backend, 9);
  const { world, alice, bob } = pair;
  bob.crash();
  world.run(1_000);
  const deviceItemsMax = 20;
  alice.outbox = { ...outboxDefaults, deviceItemsMax };
  alice.restart();
  for (let n = 0; n < deviceItemsMax; n++) send(alice, 'bob', `message ${n}`);
  const before = alice.copyDisk();
  const outputs: PeerOutput[] = [];
  world.watchers.push((_, output) => outputs.push(output));
  expect(refusal(() => send(alice, 'bob', 'one too many'))).toBe('full');
  expect(outputs.filter((each) => each.type !== 'answer')).toEqual([]);
  expect(alice.copyDisk()).toEqual(before);
  expect(alice.execute('status', {}).queued).toBe(deviceItemsMax);

  // Bob's disk has gone back in time: every session is new, and its opening needs a place as well.
  bob.keys = { ...bob.keys, generation: bob.keys.generation + 1 };
  bob.start();
  world.announce();
  world.run(5 * 60_000);
  expect(notices(bob).map((each) => each.kind)).toContain('restored-copy');
  expect(alice.execute('status', {}).queued).toBe(0);
  expect(received(bob, 'alice')).toEqual(Array.from({ length: deviceItemsMax }, (_, n) => `message ${n}`));
});
