/**
 * Goal: no bytes of a neighbour make the Peer throw, change what is stored, or cost without bound, at any
 * state of a link; and afterwards it works as before.
 * Method: frames that two nodes really exchanged, damaged (test/damaged-bytes.ts), and planted ones.
 * More cases: FUZZ_CASES.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acquainted, addCard, cardOf, contactOf, type Pair, received } from '../../test/acquainted.ts';
import { send, stateOf, strangers } from '../../test/acquainted.ts';
import { damagedBytes, fuzzCases } from '../../test/damaged-bytes.ts';
import type { WorldNode } from '../../test/peer-world.ts';
import { Puppet, Stranger } from '../../test/stranger.ts';
import { concat, hex, utf8 } from '../base/bytes.ts';
import { idBytes } from '../base/ids.ts';
import { encodeCbor } from '../base/cbor.ts';
import { createNativeBackend } from '../crypto/native/native-backend.ts';
import { frameBytesMax, frameTypes } from '../wire/frame-type.ts';
import { encodeFrame, type Frame } from '../wire/frame.ts';

const backend = createNativeBackend();
const minuteMs = 60_000;

/** Every frame that was sent while two people met, talked and lost a session. */
function conversation(seed: number): Pair & { frames: Uint8Array[] } {
  const pair = strangers(backend, seed);
  const { world, alice, bob } = pair;
  const frames: Uint8Array[] = rareFrames();
  world.watchers.push((_, output) => {
    if (output.type === 'send') frames.push(concat(output.frame));
  });
  for (const node of [alice, bob]) node.restart();
  alice.execute('setSettings', { lanVisible: true });
  world.announce();
  addCard(world, alice, bob, false);
  alice.execute('accept', { contact: 'bob' });
  world.run(minuteMs);
  send(alice, 'bob', 'hello');
  send(bob, 'alice', 'hello too');
  for (const node of [alice, bob]) node.execute('follow', { topic: '5a'.repeat(16), peers: [] });
  world.run(minuteMs);
  bob.execute('publish', { topic: '5a'.repeat(16), body: utf8('to all who follow') });
  bob.crash();
  bob.keys = { ...bob.keys, generation: bob.keys.generation + 1 };
  bob.start();
  world.announce();
  world.run(5 * minuteMs);
  expect(new Set(frames.map((frame) => frame[0]!))).toEqual(
    new Set(Object.values(frameTypes).filter((type) => type !== frameTypes.goodbye)),
  );
  return { ...pair, frames: onePerKind(frames) };
}

/** Such as two nodes alone have no reason to send. */
function rareFrames(): Uint8Array[] {
  const [topic, key] = [new Uint8Array(16).fill(0x5a), new Uint8Array(32).fill(7)];
  const ids = [{ handle: key.subarray(0, 8), sequence: 9, run: 3 }];
  const entry = { hops: 1, remainingSeconds: 60, record: utf8('no record at all') };
  const value = utf8('no value at all');
  const frames: Frame[] = [
    { type: 'ping', token: 1 },
    { type: 'pong', token: 1 },
    { type: 'walk', topic: new Uint8Array(16), hopsLeft: 6, newcomer: entry },
    { type: 'shuffled', topic: new Uint8Array(16), records: [entry] },
    { type: 'digest', topic, ids },
    { type: 'want', topic, ids },
    { type: 'prune', topic, ids },
    { type: 'dontWant', topic, ids },
    { type: 'find', question: 1, wanted: 20, key, records: [entry] },
    { type: 'found', question: 1, value, records: [entry] },
    { type: 'keep', question: 1, value },
    { type: 'kept', question: 1, outcome: 'kept' },
  ];
  return frames.map(encodeFrame);
}

/** Small and large of each type: more would only repeat themselves. */
function onePerKind(frames: Uint8Array[]): Uint8Array[] {
  const kinds = new Map<string, Uint8Array>();
  for (const frame of frames) kinds.set(`${frame[0]} ${frame.length}`, frame);
  return [...kinds.values(), Uint8Array.of(frameTypes.goodbye, 1)];
}

/** Counts writes but those of who is linked to us, which is no claim of a peer. */
function writesOf({ world }: Pair, node: WorldNode): { count: number } {
  const seen = { count: 0 };
  world.watchers.push((from, output) => {
    if (from !== node || output.type !== 'store') return;
    const { write } = output;
    if (write.op === 'addEvent' && (write.row.event === 'peer' || write.row.event === 'contact')) return;
    seen.count += 1;
  });
  return seen;
}

const states: Record<string, (pair: Pair) => Stranger> = {
  'before hello': ({ world, alice }) => new Stranger(world, alice),
  'after hello': ({ world, alice }) => new Stranger(world, alice).hello(),
};

for (const [state, open] of Object.entries(states)) {
  test(`damaged frames ${state}: no throw, nothing stored, and the node works on`, () => {
    const pair = conversation(1);
    const { world, alice, bob, frames } = pair;
    const seen = writesOf(pair, alice);
    let far = open(pair);
    let closed = 0;
    fc.assert(
      fc.property(fc.array(damagedBytes(frames), { minLength: 1, maxLength: 3 }), (batch) => {
        for (const frame of batch) {
          far.send(frame);
          if (!far.closed) continue;
          closed += 1;
          far.leave();
          far = open(pair);
        }
      }),
      { numRuns: Math.ceil(fuzzCases / 10) },
    );
    expect(seen.count).toBe(0);
    expect(closed).toBeGreaterThan(0);
    far.leave();
    const id = send(alice, 'bob', 'still here');
    world.announce();
    world.run(5 * minuteMs);
    expect(stateOf(alice, id)).toBe('delivered');
    expect(received(bob, 'alice')).toContain('still here');
  });
}

test('damaged frames of a contact on its own link: no throw, nothing stored, and talk goes on', () => {
  const pair = conversation(2);
  const { world, alice, bob, frames } = pair;
  const damaged = frames.filter((frame) => frame[0]! >= frameTypes.request);
  const puppet = new Puppet(world, bob);
  let link = puppet.connect(alice);
  world.run(1_000);
  const before = rows(alice.copyDisk());
  const handshakes = new Set<string>();
  world.watchers.push((from, output) => {
    const sent = from === alice && output.type === 'send' && output.frame[0] === frameTypes.handshake;
    if (sent) handshakes.add(hex(output.frame));
  });
  fc.assert(
    fc.property(damagedBytes(damaged), (frame) => {
      link.send(frame);
      if (!link.closed) return;
      link.leave();
      link = puppet.connect(alice);
    }),
    { numRuns: Math.ceil(fuzzCases / 10) },
  );
  // A tag that nobody knows makes the session look lost: that is answered once a minute, and no time went by.
  expect(handshakes.size).toBeLessThanOrEqual(1);
  const after = rows(alice.copyDisk());
  for (const table of ['settings', 'messages', 'ledger', 'received', 'acks', 'replays'] as const) {
    expect(after[table], table).toEqual(before[table]);
  }
  expect(withoutSeen(after.contacts)).toEqual(withoutSeen(before.contacts));
  link.leave();
  bob.start();
  world.announce();
  const id = send(alice, 'bob', 'still here');
  world.run(20 * minuteMs);
  expect(stateOf(alice, id)).toBe('delivered');
});

test('frames that are too long, empty, or of no type end the link and nothing else', () => {
  const { world, alice } = acquainted(backend, 3);
  const before = alice.copyDisk();
  const planted = [
    new Uint8Array(0),
    Uint8Array.of(0),
    Uint8Array.of(0xff),
    Uint8Array.of(0x0a),
    new Uint8Array(frameBytesMax + 1).fill(frameTypes.envelope),
    new Uint8Array(frameBytesMax).fill(frameTypes.request),
    Uint8Array.of(frameTypes.envelope, ...new Uint8Array(16)),
  ];
  for (const frame of planted) {
    const far = new Stranger(world, alice).hello();
    far.send(frame);
    expect(far.closed, `${frame.length} bytes of type ${frame[0]}`).toBe(true);
    far.leave();
  }
  expect(rows(alice.copyDisk())).toEqual(rows(before));
});

test('a flood of unknown tags from a contact renews the session at most once a minute, and fills nothing', () => {
  const { world, alice, bob } = acquainted(backend, 4);
  const puppet = new Puppet(world, bob);
  world.run(100);
  let handshakes = 0;
  world.watchers.push((from, output) => {
    const sent = from === alice && output.type === 'send' && output.frame[0] === frameTypes.handshake;
    if (sent) handshakes += 1;
  });
  const minutes = 10;
  const counts = (): [number, number] => [
    alice.database.store.outbox().length,
    alice.database.store.secretKeys().filter(({ kind }) => kind === 'session').length,
  ];
  for (let minute = 0; minute < minutes; minute++) {
    let link = puppet.connect(alice);
    for (let n = 0; n < 200; n++) {
      const random = backend.randomBytes(300);
      link.send(Uint8Array.of(frameTypes.envelope, 1, ...random));
    }
    expect(link.reason).toBe('');
    world.run(minuteMs / 2);
    link.leave();
    world.run(minuteMs / 2);
    const [items, sessions] = counts();
    expect(items).toBeLessThanOrEqual(2);
    expect(sessions).toBeLessThanOrEqual(4);
  }
  expect(handshakes).toBeGreaterThan(0);
  // Each handshake may be sent again over a new link, but not without end.
  expect(handshakes).toBeLessThanOrEqual(minutes * 5);
});

test('a flood of requests without a valid gate changes nothing and is answered by nothing', () => {
  const { world, alice, bob } = strangers(backend, 5);
  const request = new Puppet(world, bob).request(cardOf(alice, false));
  const before = rows(alice.copyDisk());
  const link = new Stranger(world, alice).hello();
  const heard = link.heard.length;
  for (let n = 0; n < 500; n++) {
    const copy = Uint8Array.from(request);
    copy[18 + (n % 8)]! ^= 1 + (n >> 3); // The solution of the proof of work.
    link.send(copy);
  }
  expect(rows(alice.copyDisk())).toEqual(before);
  expect(link.heard.length).toBe(heard);
  link.send(request);
  expect(contactOf(alice).state).toBe('incoming');
});

test('contents that are none: dropped, not acknowledged, and the session goes on', () => {
  const { world, alice, bob } = acquainted(backend, 6);
  const puppet = new Puppet(world, bob);
  const device = puppet.deviceOf('alice');
  const link = puppet.connect(alice);
  const id = backend.randomBytes(16);
  const planted = [
    encodeCbor([99, id]),
    encodeCbor([1, id, 1, 'x'.repeat(28_001), null]),
    encodeCbor([1, id, 1, 'bell\u0007', null]),
    encodeCbor([1, id, 1, '\u001b]0;title\u0007', null]),
    encodeCbor([2, Array.from({ length: 49 }, (_, n) => new Uint8Array(16).fill(n)), []]),
    encodeCbor([6, id, backend.randomBytes(16_385)]),
    utf8('no cbor'),
    new Uint8Array(0),
    backend.randomBytes(28_600),
  ];
  const heard = link.heardOf('envelope').length;
  const events = alice.events.length;
  for (const content of planted) link.send(puppet.envelope(device, content));
  expect(link.heardOf('envelope')).toHaveLength(heard);
  expect(alice.events).toHaveLength(events);
  expect(link.closed).toBe(false);
  // An identity that is somebody else's, or noise, is acknowledged and ignored.
  const before = alice.database.store.contacts();
  for (const identity of [backend.randomBytes(300), alice.database.store.contacts()[0]!.identity.slice(1)]) {
    link.send(puppet.envelope(device, { type: 'identity', id: backend.randomBytes(16), identity }));
  }
  expect(alice.database.store.contacts()).toEqual(before);
  const text = 'after all that';
  link.send(
    puppet.envelope(device, {
      type: 'message',
      id,
      sentWallMs: 1,
      text,
      ttlMs: undefined,
      replyTo: undefined,
    }),
  );
  expect(received(alice, 'bob')).toEqual([text]);
});

test('a message comes once, also in other words: the first text under an id stands', () => {
  const { world, alice, bob } = acquainted(backend, 7);
  const puppet = new Puppet(world, bob);
  const device = puppet.deviceOf('alice');
  const link = puppet.connect(alice);
  const own = send(alice, 'bob', 'mine');
  const id = backend.randomBytes(16);
  const say = (text: string, as: Uint8Array): void =>
    link.send(
      puppet.envelope(device, {
        type: 'message',
        id: as,
        sentWallMs: 1,
        text,
        ttlMs: undefined,
        replyTo: undefined,
      }),
    );
  say('first', id);
  say('second', id);
  expect(received(alice, 'bob')).toEqual(['first']);
  // Nor does a contact put words into our mouth by the id of our own message.
  say('not mine', idBytes(own)!);
  expect(alice.execute('message', { id: own }).message.text).toBe('mine');
});

/** What a disk holds, without the events of links that came and went. */
function rows({ tables }: ReturnType<WorldNode['copyDisk']>): Omit<typeof tables, 'events' | 'counters'> {
  const { events: _, counters: __, ...others } = tables;
  return others;
}

/** That somebody was here is written down when the last link of theirs ends. */
function withoutSeen(contacts: ReturnType<typeof rows>['contacts']): object[] {
  return [...contacts.values()].map((row) => ({ ...row, lastSeenWallMs: undefined }));
}
