import { PassThrough, Writable, type Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { callsMax, ClientConnection, streamsMax, unreadBytesMax } from './connection.ts';

/** A client that reads nothing until {@link read}. */
function unread(): { socket: Duplex; read: () => void } {
  const socket = new PassThrough({ highWaterMark: 16 });
  socket.write(Buffer.alloc(unreadBytesMax + 1));
  return { socket, read: () => socket.pipe(new Writable({ write: (_chunk, _encoding, done) => done() })) };
}

test('more calls than allowed are refused, and each that ends makes room', async () => {
  const connection = new ClientConnection(new PassThrough());
  const gate = Promise.withResolvers<string>();
  const calls = Array.from(
    { length: callsMax },
    async () => await connection.call(async () => await gate.promise),
  );
  await expect(connection.call(async () => await gate.promise)).rejects.toMatchObject({ code: 'busy' });
  gate.resolve('done');
  await Promise.all(calls);
  expect(await connection.call(async () => await gate.promise)).toBe('done');
});

test('a call that fails makes room as well', async () => {
  const connection = new ClientConnection(new PassThrough());
  for (let round = 0; round <= callsMax; round++) {
    await expect(connection.call(async () => await Promise.reject(new RangeError('no')))).rejects.toThrow(
      'no',
    );
  }
});

test('more streams than allowed are refused, and each that ends makes room', () => {
  const connection = new ClientConnection(new PassThrough());
  const ends = Array.from({ length: streamsMax }, () => connection.openStream());
  expect(() => connection.openStream()).toThrow('too much to do');
  ends[0]?.();
  connection.openStream();
});

test('large answers wait for the reader, one after another', async () => {
  const { socket, read } = unread();
  const connection = new ClientConnection(socket);
  const begun: number[] = [];
  const first = connection.large(async () => await Promise.resolve(begun.push(1)));
  const failing = connection.large(async () => await Promise.reject(new RangeError('no')));
  const third = connection.large(async () => await Promise.resolve(begun.push(3)));
  // Everything that is not held back has had its turn by now.
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual([]);
  read();
  await first;
  await expect(failing).rejects.toThrow('no');
  await third;
  expect(begun).toEqual([1, 3]);
});

test('a client that goes away holds nobody up', async () => {
  const { socket } = unread();
  const connection = new ClientConnection(socket);
  const waiting = connection.drained();
  socket.destroy();
  await waiting;
  await connection.drained();
  expect(socket.listenerCount('drain')).toBe(0);
});
