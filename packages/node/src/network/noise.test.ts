/** Goal: what travels is libp2p's Noise, whoever the other side is, and each message is one write on the socket. */
import { Socket } from 'node:net';
import { createNativeBackend } from '@kith/core/crypto/native/native-backend';
import { noise as plainNoise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { createLibp2p, type Libp2p } from 'libp2p';
import { afterEach, expect, test, vi } from 'vitest';
import { noise } from './noise.ts';

const ours = (): ReturnType<typeof noise> => noise(createNativeBackend());

const protocol = '/talk/1';
/** Below and above the 1,200 bytes at which the library changes its cipher, and more than one message of Noise. */
const sizes = [1, 100, 1_300, 70_000];
const nodes: Libp2p[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(nodes.splice(0).map(async (node) => await node.stop()));
});

async function start(secure: typeof ours): Promise<Libp2p> {
  const made = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [secure()],
    streamMuxers: [yamux()],
  });
  nodes.push(made);
  return made;
}

/** Sends messages of all `sizes` and waits for their bytes to come back. @returns what came back. */
async function echoed(from: Libp2p, to: Libp2p): Promise<number[]> {
  await to.handle(protocol, (stream) => {
    stream.addEventListener('message', ({ data }) => void stream.send(data.subarray()));
  });
  const stream = await from.dialProtocol(to.getMultiaddrs(), protocol);
  const bytes = sizes.flatMap((size) => Array.from({ length: size }, () => size % 251));
  const back: number[] = [];
  const all = new Promise<void>((resolve) => {
    stream.addEventListener('message', ({ data }) => {
      back.push(...data.subarray());
      if (back.length >= bytes.length) resolve();
    });
  });
  for (const size of sizes) stream.send(new Uint8Array(size).fill(size % 251));
  await all;
  expect(back).toEqual(bytes);
  return back;
}

test.each([
  { name: 'as the one that dials', pair: [ours, plainNoise] as const },
  { name: 'as the one that is dialled', pair: [plainNoise, ours] as const },
])('talks with the library as it is, $name', async ({ pair: [from, to] }) => {
  await echoed(await start(from), await start(to));
});

test('neither side writes the length of a message apart from it', async () => {
  const writes: number[] = [];
  const write = Socket.prototype.write;
  vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args) {
    const [data] = args;
    if (data instanceof Uint8Array) writes.push(data.byteLength);
    return Reflect.apply(write, this, args);
  });
  await echoed(await start(ours), await start(ours));
  expect(Math.max(...writes), 'a message in one write').toBeGreaterThan(65_000);
  expect(writes, 'a length of its own').not.toContain(2);
});

test('a message changed on its way ends the connection', async () => {
  const [from, to] = [await start(ours), await start(ours)];
  let heard = 0;
  await to.handle(protocol, (stream) => stream.addEventListener('message', () => void heard++));
  const stream = await from.dialProtocol(to.getMultiaddrs(), protocol);
  const closed = new Promise((resolve) => {
    to.addEventListener('connection:close', resolve);
  });
  const write = Socket.prototype.write;
  vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args) {
    const [data] = args;
    if (data instanceof Uint8Array && data.length > 1_000) data[data.length - 1]! ^= 1;
    return Reflect.apply(write, this, args);
  });
  stream.send(new Uint8Array(1_000));
  await closed;
  expect(heard).toBe(0);
});
