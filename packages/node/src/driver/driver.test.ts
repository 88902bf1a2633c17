/** Goal: the invariants of driver.ts, with faults planted in the database and in the Peer. */
import { KithError } from '@kith/core/base/errors';
import type { PeerId } from '@kith/core/base/ids';
import { describe, expect, test } from 'vitest';
import {
  addEvent,
  answerAll,
  ask,
  full,
  link,
  nothing,
  ok,
  outcome,
  put,
  started,
  World,
  type Handler,
} from '../../test/driver-world.ts';
import { batchMax } from './driver.ts';
import { commandsMax, framesPerLinkMax } from './input-queue.ts';
import { idleMs } from './upkeep.ts';

describe('batches', () => {
  test('outputs are let out in order, after one commit for the whole batch', async () => {
    const world = await started((input) =>
      input.type === 'frame'
        ? [
            { type: 'send', link: input.link, class: 'control', frame: input.frame, receipt: undefined },
            put('a'),
            { type: 'log', level: 'info', code: 'seen', detail: {} },
            { type: 'close', link: input.link, reason: 'bye' },
            { type: 'dial', dial: 1, remote: undefined, addresses: [], why: 'bootstrap' },
          ]
        : [],
    );
    world.settles = [put('settled')];
    world.events?.frame(link(1), Uint8Array.of(1));
    world.events?.frame(link(2), Uint8Array.of(1));
    expect(world.take()).toEqual([]);
    world.clock.drain();
    const released = (n: number): string[] => [`send ${n} control`, 'log seen', `close ${n} bye`, 'dial 1'];
    expect(world.take()).toEqual([
      'begin',
      'apply putSetting',
      'apply putSetting',
      'settle',
      'apply putSetting',
      'apply putSetting', // machine-time
      'commit',
      ...released(1),
      ...released(2),
    ]);
  });

  test('a batch that stores nothing touches no disk', async () => {
    const world = await started((input) =>
      input.type === 'frame'
        ? [{ type: 'send', link: input.link, class: 'bulk', frame: input.frame, receipt: undefined }]
        : [],
    );
    world.events?.frame(link(1), Uint8Array.of(1));
    world.clock.drain();
    expect(world.take()).toEqual(['settle', 'send 1 bulk']);
  });

  test('a batch is bounded, and a flood of frames does not starve commands', async () => {
    const world = await started(answerAll);
    for (let count = 0; count < framesPerLinkMax; count++) world.events?.frame(link(1), Uint8Array.of(1));
    const answered = outcome(world.driver.execute('contacts', {}));
    world.clock.drain();
    expect(await answered).toBe('done');
    const inputs = world.handled[0] ?? [];
    expect(inputs).toHaveLength(1 + 1 + framesPerLinkMax);
    expect(inputs.findIndex((input) => input.type === 'command')).toBe(1);
    expect(world.trace.filter((line) => line === 'settle')).toHaveLength(
      Math.ceil((1 + framesPerLinkMax) / batchMax),
    );
  });

  test('commands are answered with what the Peer said', async () => {
    const world = await started((input) =>
      input.type === 'command'
        ? [{ type: 'answer', request: input.request, answer: { ok: false, code: 'blocked', detail: 'who' } }]
        : [],
    );
    const asked = world.driver.execute('contacts', {});
    world.clock.drain();
    await expect(asked).rejects.toMatchObject({ code: 'blocked', message: 'who' });
  });

  test('a submitted command is answered within the turn of its commit, with no promise between', async () => {
    const world = await started(answerAll);
    const told: string[] = [];
    world.driver.submit('contacts', {}, (outcome) => told.push(outcome.ok ? 'done' : outcome.error.code));
    expect(told).toEqual([]);
    world.clock.drain();
    expect(told).toEqual(['done']);
    await world.driver.stop();
    world.driver.submit('contacts', {}, (outcome) => told.push(outcome.ok ? 'done' : outcome.error.code));
    expect(told).toEqual(['done', 'no-node']);
  });
});

describe('bounds', () => {
  test('commands beyond the bound are refused busy, those before it are answered', async () => {
    const world = await started(answerAll);
    const asked = Array.from({ length: commandsMax + 2 }, () =>
      outcome(world.driver.execute('contacts', {})),
    );
    world.clock.drain();
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((each) => each === 'done')).toHaveLength(commandsMax);
    expect(outcomes.slice(commandsMax)).toEqual(['busy', 'busy']);
  });

  test('a link that sends faster than we read is closed once; other links go on', async () => {
    const world = await started(nothing);
    const send = (from: number): void => world.events?.frame(link(from), Uint8Array.of(1));
    const framesHandled = (): number =>
      (world.handled[0] ?? []).filter((input) => input.type === 'frame').length;
    for (let count = 0; count < framesPerLinkMax + 10; count++) send(1);
    send(2);
    expect(world.take()).toEqual(['log link-overflow', 'close 1 too many frames at once']);
    world.clock.drain();
    expect(framesHandled()).toBe(framesPerLinkMax + 1);
    send(1); // Was still under way.
    world.clock.drain();
    expect(framesHandled()).toBe(framesPerLinkMax + 1);
    world.events?.linkDown(link(1), 'closed');
    for (let count = 0; count < framesPerLinkMax; count++) send(2);
    world.clock.drain();
    expect(framesHandled()).toBe(2 * framesPerLinkMax + 1); // What was handled made room.
    expect(world.trace.filter((line) => line.startsWith('close'))).toEqual([]);
  });
});

describe('a failed commit', () => {
  const busy: Handler = (input) => {
    if (input.type === 'command') return [put('a'), ...addEvent(1), ok(input.request)];
    if (input.type !== 'frame') return [];
    return [
      put('b'),
      { type: 'send', link: input.link, class: 'control', frame: input.frame, receipt: undefined },
      { type: 'storageKey', generation: 2, key: new Uint8Array(32).fill(2) },
      { type: 'log', level: 'info', code: 'secret', detail: {} },
    ];
  };

  test('lets nothing out, answers the commands with the error and rebuilds the Peer', async () => {
    const world = await started(busy);
    const heard: number[] = [];
    world.driver.subscribe(0, (row) => heard.push(row.seq));
    world.events?.lanFound('near' as PeerId, ['/ip4/192.0.2.1/tcp/1']);
    world.events?.linkUp(link(1), 'one' as PeerId, '/ip4/192.0.2.1/tcp/1', 'lan', true);
    world.events?.linkUp(link(2), 'two' as PeerId, '/ip4/192.0.2.2/tcp/1', 'lan', true);
    world.clock.drain();
    world.take();
    world.commitFaults = [full];
    world.events?.linkDown(link(2), 'gone');
    world.events?.linkUp(link(3), 'three' as PeerId, '/ip4/192.0.2.3/tcp/1', 'lan', false);
    world.events?.frame(link(1), Uint8Array.of(1));
    expect(await ask(world)).toBe('disk-full');
    const trace = world.take();
    expect(trace.slice(trace.indexOf('commit failed'))).toEqual([
      'commit failed',
      'log batch-failed',
      'settle',
    ]);
    expect(heard).toEqual([]);
    expect(world.keysWritten).toEqual([]);
    expect(world.memory.store.setting('a')).toBeUndefined();
    expect(world.starts).toHaveLength(2);
    expect(world.starts[1]?.keys.generation).toBe(1);
    const told = (world.handled[1] ?? []).map((input) =>
      'link' in input ? `${input.type} ${input.link}` : input.type,
    );
    expect(told).toEqual(['listening', 'lanFound', 'linkUp 1', 'linkUp 3']);
    expect(world.failures).toEqual([]);
    // The rebuilt Peer works.
    expect(await ask(world)).toBe('done');
    expect(heard).toEqual([1]);
  });

  test('a second one in a row stops the driver with the sentence', async () => {
    const world = await started((input) => (input.type === 'frame' ? [put('b')] : answerAll(input)));
    world.commitFaults = [full, undefined, full, full];
    expect(await ask(world)).toBe('disk-full');
    expect(await ask(world)).toBe('done'); // Ends the row.
    expect(world.failures).toEqual([]);
    world.events?.frame(link(1), Uint8Array.of(1));
    world.clock.drain();
    expect(world.failures).toEqual([]);
    expect(await ask(world)).toBe('disk-full');
    expect(world.failures.map((error) => error.code)).toEqual(['disk-full']);
    expect(world.failures[0]?.message).toMatch(/disk is full/);
    world.take();
    world.events?.frame(link(1), Uint8Array.of(1));
    world.clock.drain(100_000);
    expect(await outcome(world.driver.execute('contacts', {}))).toBe('disk-full');
    expect(world.take()).toEqual([]);
    await world.driver.stop();
    expect(world.take()).toEqual(['network stopped']);
  });

  test('a write that fails is a failed batch too, and is rolled back', async () => {
    const world = await started((input) =>
      input.type === 'command' ? [put('a'), ...addEvent(0), ok(input.request)] : [],
    );
    expect(await ask(world)).toBe('internal'); // The store refuses an event with a seq of 0.
    expect(world.take()).toContain('rollback');
    expect(world.memory.store.setting('a')).toBeUndefined();
  });

  test('a frame that brings out a fault of ours costs its link, and the node goes on', async () => {
    const world = await started((input) => {
      if (input.type === 'frame') throw new TypeError('planted');
      return input.type === 'command' ? [put('a'), ok(input.request)] : [];
    });
    world.events?.linkUp(link(7), 'seven' as PeerId, '/ip4/192.0.2.7/tcp/1', 'direct', false);
    world.events?.frame(link(7), Uint8Array.of(1));
    world.clock.drain();
    expect(world.take()).toContain('close 7 fault');
    expect(await ask(world)).toBe('done');
    expect(world.failures).toEqual([]);
  });

  test('commands that only the lost Peer knew of are answered', async () => {
    const world = await started((input) => (input.type === 'frame' ? [put('a')] : []));
    const asked = outcome(world.driver.execute('contacts', {})); // Handled, not yet answered.
    world.clock.drain();
    world.commitFaults = [full];
    world.events?.frame(link(1), Uint8Array.of(1));
    world.clock.drain();
    expect(await asked).toBe('disk-full');
  });

  test('dials and receipts of the lost Peer are not taken for those of the new one', async () => {
    const world = await started((input) => {
      if (input.type === 'frame') {
        return [
          { type: 'dial', dial: 1, remote: undefined, addresses: [], why: 'bootstrap' },
          { type: 'send', link: input.link, class: 'bulk', frame: input.frame, receipt: 1 },
        ];
      }
      return input.type === 'command' ? [put('a'), ok(input.request)] : [];
    });
    world.events?.linkUp(link(1), 'one' as PeerId, '/ip4/192.0.2.1/tcp/1', 'lan', true);
    world.events?.frame(link(1), Uint8Array.of(1));
    world.clock.drain();
    expect(world.take()).toEqual(['settle', 'dial 1', 'send 1 bulk receipt 1']);
    world.commitFaults = [full];
    await ask(world);
    world.take();
    world.events?.frame(link(1), Uint8Array.of(1));
    world.clock.drain();
    expect(world.take()).toEqual(['settle', 'dial 2', 'send 1 bulk receipt 2']);
    world.events?.dialFailed(1, 'refused');
    world.events?.flushed(link(1), 1);
    world.events?.dialFailed(2, 'timeout');
    world.events?.flushed(link(1), 2);
    world.clock.drain();
    expect((world.handled[1] ?? []).slice(-2)).toEqual([
      { type: 'dialFailed', dial: 1, code: 'timeout' },
      { type: 'flushed', link: link(1), receipt: 1 },
    ]);
  });
});

describe('time', () => {
  test('the Peer is woken when it asks, and not before', async () => {
    const world = await started((input) => {
      if (input.type === 'wake') world.wakeMs = undefined;
      return [];
    });
    world.wakeMs = world.clock.wall + 5_000;
    world.events?.linkDown(link(1), 'any'); // A batch, after which the Peer is asked again.
    world.clock.drain();
    expect(world.clock.timers).toContain(5_000);
    world.clock.drain(4_999);
    expect(world.handled[0]?.some((input) => input.type === 'wake')).toBe(false);
    world.clock.drain(1);
    expect(world.handled[0]?.at(-1)).toEqual({ type: 'wake' });
    world.clock.drain(100_000);
    expect(world.handled[0]?.filter((input) => input.type === 'wake')).toHaveLength(1);
  });

  test('a Peer that never stops asking does not stop the world', async () => {
    const world = await started(nothing);
    world.wakeMs = 0;
    world.events?.linkDown(link(1), 'any');
    world.clock.drain();
    world.clock.drain(1);
    world.clock.drain(1);
    expect(world.handled[0]?.filter((input) => input.type === 'wake')).toHaveLength(3);
  });

  test('the database does what can wait when nothing else is to be done', async () => {
    const world = await started(answerAll);
    const steps = (): number => world.take().filter((line) => line === 'maintain').length;
    world.maintenance = [true, new KithError('disk-full')];
    expect(await ask(world)).toBe('done');
    world.clock.drain(idleMs - 1);
    expect(await ask(world)).toBe('done'); // Begins the wait anew.
    world.clock.drain(idleMs - 1);
    expect(steps()).toBe(0);
    world.clock.drain(1);
    expect(steps()).toBe(1);
    world.clock.drain(100);
    world.clock.drain(100_000);
    expect(steps()).toBe(1); // It failed, and waits for the next batch.
    world.maintenance = [false];
    expect(await ask(world)).toBe('done');
    world.clock.drain(100_000);
    expect(steps()).toBe(1);
    expect(world.failures).toEqual([]);
    await world.driver.stop();
  });

  test('machine time is recorded with the first commit, then once a minute, and at the end', async () => {
    const world = await started(answerAll);
    const records = (): number => world.take().filter((line) => line === 'apply putSetting').length - 1;
    const recordsAfter = async (passedMs: number): Promise<number> => {
      world.clock.drain(passedMs);
      world.take();
      expect(await ask(world)).toBe('done');
      return records();
    };
    const passed = [0, 59_999, 1, 1];
    const counts: number[] = [];
    for (const passedMs of passed) counts.push(await recordsAfter(passedMs));
    expect(counts).toEqual([1, 0, 1, 0]);
    world.commitFaults = [full];
    world.clock.drain(60_000);
    await ask(world);
    expect(await recordsAfter(0)).toBe(1); // The one that failed is not counted.
    const { wall } = world.clock;
    await world.driver.stop();
    const restarted = new World(nothing, { memory: world.memory, wallMs: wall - 86_400_000 });
    expect(restarted.starts[0]?.nowMs).toBe(wall);
  });
});

describe('keys and the end', () => {
  const moveKey: Handler = (input) =>
    input.type === 'command'
      ? [
          put('a'),
          { type: 'storageKey', generation: 2, key: new Uint8Array(32).fill(2) },
          { type: 'storageKey', generation: 3, key: new Uint8Array(32).fill(3) },
          ok(input.request),
        ]
      : [];

  test('the keychain is overwritten after the commit, and a rebuilt Peer gets the key of now', async () => {
    const world = await started(moveKey);
    const asked = outcome(world.driver.execute('contacts', {}));
    expect(world.keysWritten).toEqual([]);
    world.clock.drain();
    await asked;
    await world.driver.stop();
    expect(world.keysWritten.at(-1)?.generation).toBe(3);
    expect(world.keysWritten.at(-1)?.storageKey).toEqual(new Uint8Array(32).fill(3));
    expect(world.keysWritten.map((keys) => keys.storageKey[0])).toEqual(
      world.keysWritten.map((keys) => keys.generation),
    );
    expect(world.driver.troubles()).toEqual([]);
  });

  test('a keychain that cannot be written is told as a trouble and tried again', async () => {
    const world = await started(moveKey);
    world.keychainFault = new Error('locked');
    expect(await ask(world)).toBe('done');
    await world.driver.stop();
    expect(world.driver.troubles().map((trouble) => trouble.code)).toEqual(['keychain-behind']);
  });

  test('after the end nothing runs, and what waits is answered', async () => {
    const world = await started(answerAll);
    const asked = outcome(world.driver.execute('contacts', {}));
    const stopping = world.driver.stop();
    expect(await asked).toBe('no-node');
    await stopping;
    world.take();
    world.events?.frame(link(1), Uint8Array.of(1));
    world.clock.drain(1_000_000);
    expect(await outcome(world.driver.execute('contacts', {}))).toBe('no-node');
    expect(world.take()).toEqual([]);
  });
});
