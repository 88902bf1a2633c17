/** Goal: each checker finds the bug it is there for, planted in a node of a world, and nothing in a world without one. */
import type { PeerInput, PeerOutput } from '@kith/core/peer/contract';
import { expect, test } from 'vitest';
import { acquaint, say } from '../scenarios/acquaint.ts';
import type { SimNode } from '../world/sim-node.ts';
import { createWorld, type World } from '../world/world.ts';
import { talkKinds } from './coverage.ts';
import { Judges } from './judges.ts';
import { idOf } from './topic-sets.ts';

type Sabotage = (outputs: PeerOutput[], input: PeerInput | undefined) => PeerOutput[];

interface Stage {
  world: World;
  judges: Judges;
  alice: SimNode;
  bob: SimNode;
}

/** Two friends; alice's Peer says what `sabotage` makes of it. */
async function stage(sabotage?: Sabotage): Promise<Stage> {
  const world = await createWorld({ seed: 7 });
  const judges = new Judges(world);
  const alice = world.addNode({ name: 'alice', lan: 'home', sabotage });
  const bob = world.addNode({ name: 'bob', lan: 'home' });
  await world.runFor(2_000);
  acquaint(alice, bob);
  await world.runFor(3_000);
  return { world, judges, alice, bob };
}

const found = ({ world }: Stage): string[] => [...new Set(world.violations.map(({ checker }) => checker))];

async function talk({ world, alice, bob }: Stage): Promise<void> {
  for (const text of ['one', 'two', 'three']) say(alice, { to: 'bob', text });
  say(bob, { to: 'alice', text: 'four' });
  await world.runFor(120_000);
}

test('a world without a bug has no violations', async () => {
  const on = await stage();
  await talk(on);
  on.judges.finish(talkKinds);
  expect(on.world.violations).toEqual([]);
  expect(on.judges.fate.count('delivered')).toBe(4);
});

test('message-fate: an outbox that forgets', async () => {
  const on = await stage((outputs) =>
    outputs.filter((output) => output.type !== 'send' || output.class !== 'message'),
  );
  await talk(on);
  on.judges.finish([]);
  expect(found(on)).toEqual(['message-fate']);
});

test('message-fate: a message that ends twice', async () => {
  const on = await stage((outputs) =>
    outputs.flatMap((output) =>
      output.type === 'store' && output.write.op === 'addLedger' && output.write.row.state === 'delivered'
        ? [output, output]
        : [output],
    ),
  );
  await talk(on);
  expect(found(on)).toEqual(['message-fate']);
});

test('message-fate: delivered, as its sender believes without an acknowledgement', async () => {
  const on = await stage((outputs) =>
    outputs.map(
      (output): PeerOutput =>
        output.type === 'store' && output.write.op === 'addLedger' && output.write.row.state === 'sent'
          ? { type: 'store', write: { op: 'addLedger', row: { ...output.write.row, state: 'delivered' } } }
          : output,
    ),
  );
  on.bob.crash();
  on.bob.start();
  on.world.internet.weather = { ...on.world.internet.weather, lose: 1 };
  await talk(on);
  expect(found(on)).toEqual(['message-fate']);
  expect(on.world.violations[0]?.detail).toContain('acknowledged nothing');
});

test('message-fate: a disk that lies about what it wrote', async () => {
  const on = await stage();
  on.alice.disk.liesAbout = 8;
  on.bob.crash();
  say(on.alice, { to: 'bob', text: 'on paper only' });
  await on.world.runFor(1_000);
  on.alice.crash('goes');
  on.alice.start();
  on.bob.start();
  await on.world.runFor(120_000);
  on.judges.finish([]);
  expect(found(on)).toEqual(['message-fate']);
  expect(on.world.violations[0]?.detail).toContain('accepted and is gone');
});

test('message-fate: the same words twice, and words that nobody wrote', async () => {
  let twice = false;
  const on = await stage((outputs) =>
    outputs.flatMap((output) => {
      if (output.type !== 'store' || output.write.op !== 'putMessage') return [output];
      if (output.write.row.direction !== 'in') return [output];
      const { row } = output.write;
      const id = `${row.id.slice(0, -1)}${row.id.endsWith('0') ? '1' : '0'}` as typeof row.id;
      const text = twice ? row.text : 'forged';
      return [output, { type: 'store', write: { op: 'putMessage', row: { ...row, id, text } } }];
    }),
  );
  say(on.bob, { to: 'alice', text: 'first' });
  await on.world.runFor(5_000);
  expect(on.world.violations.map(({ detail }) => detail)).toEqual([
    'alice read "forged", which nobody wrote',
  ]);
  twice = true;
  say(on.bob, { to: 'alice', text: 'second' });
  await on.world.runFor(5_000);
  expect(on.world.violations.at(-1)?.detail).toBe('alice read "second" twice');
});

test('silence: a node that goes on talking to whom it blocked', async () => {
  const kept: PeerOutput[] = [];
  let isBlocked = false;
  const on = await stage((outputs) => {
    for (const output of outputs) if (output.type === 'send' && output.class === 'message') kept.push(output);
    return isBlocked ? [...outputs, ...kept.splice(0)] : outputs;
  });
  await talk(on);
  on.alice.command('block', { contact: 'bob' });
  await on.world.runFor(1_000);
  expect(on.world.violations).toEqual([]);
  isBlocked = true;
  await on.world.runFor(120_000);
  expect(found(on)).toEqual(['silence']);
  expect(on.judges.silence.looked).toBeGreaterThan(0);
});

test('bounds: a table beyond its cap, and one without a documented cap', async () => {
  const on = await stage();
  const sizes = on.alice.peer!.sizes();
  on.alice.peer!.sizes = () => ({ ...sizes, 'request box': 101, surprises: 1 });
  on.judges.bounds.check();
  expect(on.world.violations.map(({ detail }) => detail)).toEqual([
    'alice: 101 of request box, at most 100 are documented',
    'no cap is documented for surprises',
  ]);
});

test('bounds: more on the disk than is documented', async () => {
  const on = await stage((outputs, input) =>
    input?.type !== 'wake'
      ? outputs
      : outputs.flatMap((output) => {
          if (output.type !== 'store' || output.write.op !== 'putSetting') return [output];
          const tokens = Array.from({ length: 101 }, (_, index): PeerOutput => {
            const row = {
              kind: 'intake',
              key: `token/${index}`,
              generation: 0,
              sealed: new Uint8Array(40),
            } as const;
            return { type: 'store', write: { op: 'putSecret', row } };
          });
          return [output, ...tokens];
        }),
  );
  on.judges.bounds.check();
  expect(found(on)).toEqual(['bounds']);
});

test('hostile-bytes: a Peer that throws, and one that stores what it should refuse', async () => {
  const on = await stage((outputs, input) => {
    if (input?.type === 'frame' && input.frame.length === 3) throw new TypeError('planted');
    if (input?.type !== 'frame' || input.frame.length < 5) return outputs;
    // What hangs on links may be stored where the link is closed for the frame, and only then.
    const isClosing = input.frame.length >= 7;
    const key = input.frame.length === 5 || input.frame.length === 8 ? 'x' : 'mesh';
    const kept = isClosing ? outputs : outputs.filter(({ type }) => type !== 'close');
    return [...kept, { type: 'store', write: { op: 'putSetting', key, value: input.frame } }];
  });
  const shout = async (length: number): Promise<void> => {
    const link = on.bob.network!.linkTo(on.alice.peerId!)!;
    on.bob.network!.send(link, 'control', on.judges.junk.mark(new Uint8Array(length).fill(0xee)), undefined);
    await on.world.runFor(30_000);
  };
  await shout(4);
  expect(on.judges.bytes.refused).toBe(1);
  expect(on.world.violations).toEqual([]);
  await shout(3);
  expect(on.world.violations.map(({ detail }) => detail)).toEqual(['alice failed in a batch: TypeError']);
  for (const [length, violations] of [
    [5, 2],
    [6, 3],
    [7, 3],
    [8, 4],
  ] as const) {
    await shout(length);
    expect(on.world.violations.length, `${length} bytes`).toBe(violations);
  }
  expect(on.world.violations.at(-1)?.detail).toContain('stored (putSetting)');
});

test('topic-sets: a broadcast that is missed, comes twice, or was never published', async () => {
  const { world, judges, alice, bob } = await stage();
  const topic = '00'.repeat(16);
  const [watch] = world.observers.filter(({ broadcast }) => broadcast !== undefined);
  const id = { author: alice.networkKey!.publicKey, sequence: 1 };
  const follow = (node: SimNode): void =>
    watch?.answered?.(node, { name: 'follow', input: { topic }, out: {} });
  const arrive = (sequence: number): void =>
    watch?.broadcast?.(bob, {
      type: 'broadcast',
      topic: new Uint8Array(16),
      ...id,
      sequence,
      body: new Uint8Array(1),
    });
  follow(alice);
  follow(bob);
  watch?.answered?.(alice, { name: 'publish', input: { topic }, out: id });
  judges.topics.finish();
  expect(world.violations.map(({ detail }) => detail)).toEqual([`bob misses 1 of 1 broadcasts of ${topic}`]);
  arrive(1);
  expect(world.violations).toHaveLength(1);
  judges.topics.finish();
  expect(world.violations).toHaveLength(1);
  expect(judges.topics.arrivals(topic, idOf(id.author, 1))).toHaveLength(2);
  arrive(1);
  expect(world.violations.at(-1)?.detail).toContain('twice');
  arrive(2);
  expect(world.violations.at(-1)?.detail).toContain('nobody published');
});

test('coverage: what never occurred', async () => {
  const on = await stage();
  on.judges.finish(['out/send', 'event/notice']);
  expect(on.world.violations).toMatchObject([{ checker: 'coverage', detail: 'event/notice never occurred' }]);
});
