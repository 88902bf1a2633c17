import { expect, test } from 'vitest';
import { KithError } from '@kith/core/base/errors';
import { addEvent, answerAll, outcome, started, World, type Handler } from '../../test/driver-world.ts';
import { DriverSeat, type Seated } from './driver-seat.ts';
import { commandsMax } from './input-queue.ts';

const seated = (world: World, address = 'a'): Seated => ({
  driver: world.driver,
  network: { contacted: () => [{ address, why: 'bootstrap', atWallMs: 1 }], troubles: () => [] },
  listen: () => [address],
});

/** Another driver on the same disk. */
async function onDiskOf(world: World, handler: Handler): Promise<World> {
  const next = new World(handler, { memory: world.memory, wallMs: world.clock.wall });
  await next.driver.start();
  next.clock.drain();
  return next;
}

/** Lets promises that are resolved already have their turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('commands under way are answered before, those that come meanwhile after', async () => {
  const world = await started(answerAll);
  const seat = new DriverSeat(seated(world));
  const early = outcome(seat.execute('contacts', {}));
  const gate = Promise.withResolvers<void>();
  const next = await onDiskOf(world, answerAll);
  const change = seat.replace(
    async () => {
      await gate.promise;
      return seated(next, 'b');
    },
    async () => seated(world),
  );
  await turn();
  expect(world.take()).not.toContain('network stopped');
  world.clock.drain();
  expect(await early).toBe('done');
  const meanwhile = outcome(seat.execute('contacts', {}));
  await turn();
  expect(world.take()).toContain('network stopped');
  gate.resolve();
  await change;
  await turn();
  next.clock.drain();
  expect(await meanwhile).toBe('done');
  expect(seat.listen()).toEqual(['b']);
  expect(seat.contacted().map(({ address }) => address)).toEqual(['a', 'b']);
});

test('who watches hears each event once, whichever driver told it', async () => {
  let seq = 0;
  const tell: Handler = (input) =>
    input.type === 'command' ? [...addEvent(++seq), ...answerAll(input)] : [];
  const world = await started(tell);
  const seat = new DriverSeat(seated(world));
  const heard: number[] = [];
  const end = seat.subscribe(0, (row) => heard.push(row.seq));
  const ask = async (of: World): Promise<void> => {
    const asked = outcome(seat.execute('contacts', {}));
    await turn();
    of.clock.drain();
    expect(await asked).toBe('done');
    of.clock.drain();
  };
  await ask(world);
  const next = await onDiskOf(world, tell);
  let late: (() => void) | undefined;
  const lateHeard: number[] = [];
  await seat.replace(
    async () => {
      late = seat.subscribe(0, (row) => lateHeard.push(row.seq));
      return seated(next);
    },
    async () => seated(world),
  );
  next.clock.drain();
  await ask(next);
  expect(heard).toEqual([1, 2]);
  expect(lateHeard).toEqual([1, 2]);
  end();
  late?.();
  await ask(next);
  expect(heard).toEqual([1, 2]);
});

test('a driver that cannot start gives way to one as before; the reason is told', async () => {
  const world = await started(answerAll);
  const seat = new DriverSeat(seated(world));
  const again = await onDiskOf(world, answerAll);
  const change = seat.replace(
    () => Promise.reject(new KithError('bad-address')),
    async () => seated(again, 'again'),
  );
  expect(await outcome(change)).toBe('bad-address');
  expect(seat.listen()).toEqual(['again']);
  const asked = outcome(seat.execute('contacts', {}));
  again.clock.drain();
  expect(await asked).toBe('done');
});

test('planted: a driver that runs and cannot be watched is not joined by a second one', async () => {
  const world = await started(answerAll);
  const seat = new DriverSeat(seated(world));
  seat.subscribe(0, () => undefined);
  const next = await onDiskOf(world, answerAll);
  next.driver.subscribe = () => {
    throw new KithError('busy');
  };
  let isSecondStarted = false;
  const change = seat.replace(
    async () => seated(next, 'b'),
    async () => {
      isSecondStarted = true;
      return seated(world);
    },
  );
  expect(await outcome(change)).toBe('busy');
  expect(isSecondStarted).toBe(false);
  await seat.stop();
  expect(next.take()).toContain('network stopped');
});

test('where none can start, every command is answered', async () => {
  const world = await started(answerAll);
  const seat = new DriverSeat(seated(world));
  const fail = (): Promise<Seated> => Promise.reject(new KithError('port-in-use'));
  const change = outcome(seat.replace(fail, fail));
  await turn();
  const meanwhile = outcome(seat.execute('contacts', {}));
  expect(await change).toBe('port-in-use');
  expect(await meanwhile).toBe('no-node');
});

test('more commands than may wait are refused', async () => {
  const world = await started(answerAll);
  const seat = new DriverSeat(seated(world));
  const next = await onDiskOf(world, answerAll);
  const gate = Promise.withResolvers<Seated>();
  const change = seat.replace(
    () => gate.promise,
    async () => seated(world),
  );
  await turn();
  const waiting = Array.from({ length: commandsMax + 1 }, () => outcome(seat.execute('contacts', {})));
  expect(await waiting.at(-1)).toBe('busy');
  gate.resolve(seated(next));
  await change;
  await turn();
  next.clock.drain();
  expect(new Set(await Promise.all(waiting.slice(0, -1)))).toEqual(new Set(['done']));
});

test('a node that ends while its driver is replaced leaves none running', async () => {
  const world = await started(answerAll);
  const seat = new DriverSeat(seated(world));
  const next = await onDiskOf(world, answerAll);
  const change = seat.replace(
    async () => {
      void seat.stop();
      return seated(next);
    },
    async () => seated(world),
  );
  await change;
  await seat.stop();
  expect(next.take()).toContain('network stopped');
  expect(await outcome(seat.execute('contacts', {}))).toBe('no-node');
  expect(
    await outcome(
      seat.replace(
        () => Promise.resolve(seated(next)),
        () => Promise.resolve(seated(next)),
      ),
    ),
  ).toBe('no-node');
});
