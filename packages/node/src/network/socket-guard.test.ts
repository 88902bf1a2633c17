/** Raw sockets below libp2p: how many, of whom, for how long. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { inboundSocketsPerHostMax, strayMsMax } from './limits.ts';
import { SocketGuard } from './socket-guard.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const end of ends.splice(0).toReversed()) end();
});

async function listen(guard: SocketGuard): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  expect(guard.watch({ server })).toBe(true);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  return server;
}

/** Connects from an address of loopback. Resolves when the guard has seen it. */
async function knock(server: Server, from: string, localPort = 0): Promise<Socket> {
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const seen = once(server, 'connection');
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, localPort });
  socket.on('error', () => undefined);
  socket.resume();
  ends.push(() => socket.destroy());
  await seen;
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close');
}

test('one address that opens sockets and says nothing leaves places for others', async () => {
  const guard = new SocketGuard(() => true);
  ends.push(() => guard.stop());
  const server = await listen(guard);
  const silent: Socket[] = [];
  for (let count = 0; count < inboundSocketsPerHostMax; count++)
    silent.push(await knock(server, '127.0.0.2'));
  await closed(await knock(server, '127.0.0.2'));
  const other = await knock(server, '127.0.0.1');
  expect([other, ...silent].every((socket) => !socket.destroyed)).toBe(true);
  // Whoever got as far as a connection takes none of these places.
  guard.admitted(`/ip4/127.0.0.2/tcp/${silent[0]?.localPort}`);
  const next = await knock(server, '127.0.0.2');
  await closed(await knock(server, '127.0.0.2'));
  expect(next.destroyed).toBe(false);
});

test('a second socket of the same port, on another listener, does not take its deadline away', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const guard = new SocketGuard(() => true);
  ends.push(() => guard.stop());
  const [first, second] = [await listen(guard), await listen(guard)];
  const one = await knock(first, '127.0.0.2');
  const two = await knock(second, '127.0.0.2', one.localPort);
  await closed(two);
  expect(one.destroyed).toBe(false);
  vi.advanceTimersByTime(strayMsMax);
  await closed(one);
});

test('a host that we do not talk with is reset before anything is read', async () => {
  const guard = new SocketGuard((host) => host !== '127.0.0.9');
  const server = await listen(guard);
  const failed = Promise.withResolvers<string | undefined>();
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const stranger = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.9' });
  ends.push(() => stranger.destroy());
  stranger.on('error', (error: NodeJS.ErrnoException) => failed.resolve(error.code));
  expect(await failed.promise).toBe('ECONNRESET');
  const neighbour = await knock(server, '127.0.0.8');
  expect(neighbour.destroyed).toBe(false);
});
