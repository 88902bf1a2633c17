/**
 * Goal: window updates are rare, and nothing ever waits for one that does not come.
 * Method: two networks over TCP on loopback, and how often a real Yamux stream told of room.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { YamuxStream } from '@libp2p/yamux/stream';
import { afterEach, expect, test, vi } from 'vitest';
import { NetworkRecorder } from '../../test/network-recorder.ts';
import { createNetwork } from './network.ts';
import { spareWindowUpdates, type WindowedStream } from './window.ts';

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const end of ends.splice(0)) await end();
});

async function started(): Promise<{ network: ReturnType<typeof createNetwork>; events: NetworkRecorder }> {
  const network = createNetwork({
    lan: 'off',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    port: undefined,
    crypto: createNativeBackend(),
    log: () => {},
  });
  const events = new NetworkRecorder();
  ends.push(() => network.stop());
  await network.start(events);
  return { network, events };
}

test('a thousand small frames need a few window updates, and large ones go on and on', async () => {
  const told = vi.spyOn(YamuxStream.prototype, 'sendWindowUpdate');
  const [first, second] = [await started(), await started()];
  first.network.dial(1, second.events.self, second.events.addresses, 'test');
  const [, link] = await first.events.next('linkUp');
  await second.events.next('linkUp');
  told.mockClear();
  for (let sent = 1; sent <= 1_000; sent++) {
    first.network.send(link, 'message', new Uint8Array(400), undefined);
    await turn(); // A frame of Yamux's each: frames of one turn share it.
  }
  await second.events.next('frame', 1_000);
  expect(told.mock.calls.length).toBeGreaterThan(0);
  expect(told.mock.calls.length).toBeLessThanOrEqual(4); // 404,000 bytes, told of at 128 KiB each.
  for (let sent = 1; sent <= 128; sent++) {
    expect(first.network.send(link, 'message', new Uint8Array(60_000), undefined)).toBe(true);
  }
  await second.events.next('frame', 1_128);
});

test('what comes while the stream is paused is told of when it goes on', () => {
  const told: string[] = [];
  const stream: WindowedStream & { readStatus: string } = {
    readStatus: 'readable',
    handleData: () => undefined,
    sendWindowUpdate: () => told.push(stream.readStatus),
  };
  const half = { header: { length: 64 * 1024 } } as Parameters<WindowedStream['handleData']>[0];
  const reads = (): void => {
    stream.handleData(half);
    stream.sendWindowUpdate();
  };
  spareWindowUpdates(stream);
  reads();
  expect(told).toEqual([]);
  reads();
  expect(told).toEqual(['readable']);
  stream.readStatus = 'paused';
  for (let count = 0; count < 3; count++) reads();
  expect(told).toHaveLength(1);
  stream.readStatus = 'readable';
  stream.sendWindowUpdate();
  expect(told).toHaveLength(2);
});
