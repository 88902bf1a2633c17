/** Hostile sizes, nonsense and patience: refused, at little cost, nothing changed, the node stays up. */
import { connect as connectSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connect } from '@kith/api/client';
import { answers, closeCode, HostileWorld } from '../../test/hostile-world.ts';
import { callsMax, streamsMax } from './connection.ts';
import { connectionsMax } from './listeners.ts';

let world: HostileWorld;

beforeEach(async () => {
  world = await HostileWorld.start();
});
afterEach(async () => {
  await world.end();
});

describe('sizes', () => {
  test('a frame over the limit ends its connection alone', async () => {
    const bystander = await world.socketClient();
    const socket = await world.socketClient();
    const closed = closeCode(socket);
    socket.send('x'.repeat(256 * 1024 + 1));
    expect(await closed).toBe(1009);
    expect(bystander.readyState).toBe(WebSocket.OPEN);
  });

  test('a body over the limit, announced or in chunks', async () => {
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\n`;
    expect(await world.raw(`${head}Content-Length: 300000\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413/);
    expect(await world.raw(`${head}Transfer-Encoding: chunked\r\n\r\n${'ffff\r\n'}`)).toMatch(
      /^HTTP\/1\.1 413/,
    );
  });

  test('a head over the limit', async () => {
    const long = 'a'.repeat(9_000);
    expect(await world.raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nX: ${long}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431/,
    );
  });

  test('more calls, streams and batched calls than allowed', async () => {
    const socket = await world.socketClient();
    const call = (id: number): object => ({ id, method: 'query', params: { path: 'profile.get' } });
    const calls = Array.from({ length: 257 }, (_, id) => call(id));
    const refused = answers(socket, 257);
    socket.send(JSON.stringify(calls));
    expect(JSON.stringify(await refused)).not.toContain('"result"');
    socket.removeAllListeners('message');

    const crowd = answers(socket, callsMax + 256);
    for (let frame = 0; frame < callsMax / 256 + 1; frame++) {
      socket.send(JSON.stringify(Array.from({ length: 256 }, (_, id) => call(frame * 256 + id))));
    }
    expect((await crowd).length).toBe(callsMax + 256);
    socket.removeAllListeners('message');

    const streams = answers(socket, streamsMax + 1);
    for (let id = 0; id <= streamsMax; id++) {
      socket.send(
        JSON.stringify({
          id,
          method: 'subscription',
          params: { path: 'events.follow', input: { since: 0 } },
        }),
      );
    }
    const busy = (await streams).filter((answer) => JSON.stringify(answer).includes('"busy"'));
    // Every stream is announced as started; the one too many has failed with a code.
    socket.removeAllListeners('message');
    if (busy.length === 0) expect(JSON.stringify(await answers(socket, 1))).toContain('"busy"');
    expect(world.node.listenerCount).toBeLessThanOrEqual(streamsMax);
  });
});

describe('nonsense', () => {
  const frames: [string, string | Buffer][] = [
    ['no JSON', '{'],
    ['no object', '7'],
    ['null', 'null'],
    ['an empty list', '[]'],
    ['no method', '{"id":1}'],
    ['a method of no kind', '{"id":1,"method":"marker","params":{"path":"profile.get"}}'],
    ['no params', '{"id":1,"method":"query"}'],
    ['a path of the prototype', '{"id":1,"method":"query","params":{"path":"__proto__"}}'],
    ['constructor', '{"id":1,"method":"query","params":{"path":"constructor.constructor"}}'],
    ['an unknown path', '{"id":1,"method":"query","params":{"path":"marker.marker"}}'],
    ['a query as a mutation', '{"id":1,"method":"query","params":{"path":"node.stop"}}'],
    ['an id that is an object', '{"id":{},"method":"query","params":{"path":"profile.get"}}'],
    ['no id', '{"id":null,"method":"query","params":{"path":"profile.get"}}'],
    [
      'an input of another type',
      '{"id":1,"method":"mutation","params":{"path":"profile.setName","input":7}}',
    ],
    [
      'an input with too much',
      '{"id":1,"method":"mutation","params":{"path":"profile.setName","input":{"name":"x","marker":1}}}',
    ],
    [
      'a name that is a list',
      '{"id":1,"method":"mutation","params":{"path":"profile.setName","input":{"name":["x"]}}}',
    ],
    [
      'a negative since',
      '{"id":1,"method":"subscription","params":{"path":"events.follow","input":{"since":-1}}}',
    ],
    [
      'an event id that is no number',
      '{"id":1,"method":"subscription","params":{"path":"events.follow","input":{"since":0},"lastEventId":"marker"}}',
    ],
    [
      'deep nesting',
      `{"id":1,"method":"query","params":{"path":"profile.get","input":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
    ],
    ['bytes', Buffer.from([0, 255, 254, 1])],
  ];

  test.each(frames)('%s', async (_name, frame) => {
    const socket = await world.socketClient();
    socket.send(frame);
    // The same connection still serves a sound call.
    const done = new Promise<string>((resolve) => {
      let seen = '';
      socket.on('message', (data: Buffer) => {
        seen += data.toString('utf8');
        if (seen.includes('"id":99')) resolve(seen);
      });
    });
    socket.send('{"id":99,"method":"query","params":{"path":"profile.get"}}');
    const seen = await done;
    expect(seen).toContain('"fingerprint"');
    expect(seen).not.toMatch(/stack|node_modules|marker/);
    expect(world.node.name).toBe('Ada');
    expect(world.node.isStopped).toBe(false);
    expect(world.node.calls.every((call) => call.name === 'status')).toBe(true);
  });

  test('a broken WebSocket frame', async () => {
    const socket = await world.socketClient();
    const closed = closeCode(socket);
    const below: unknown = Reflect.get(socket, '_socket');
    expect(below).toBeInstanceOf(Object);
    (below as Socket).write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    expect(await closed).toBe(1002);
  });

  test('bytes that are no HTTP', async () => {
    expect(await world.raw('\u0000\u0001marker\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await world.raw('\u0000\u0001marker\r\n\r\n', 'socket')).toMatch(/^HTTP\/1\.1 400/);
  });

  test('other paths of the profile’s socket, and plain requests', async () => {
    expect(await world.raw('GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'socket')).toMatch(
      /^HTTP\/1\.1 404/,
    );
    const head = 'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
    const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    expect(await world.raw(`GET /other HTTP/1.1\r\n${head}${key}`, 'socket')).toMatch(/^HTTP\/1\.1 404/);
    expect(await world.raw(`GET /api?connectionParams=1 HTTP/1.1\r\n${head}${key}`, 'socket')).toMatch(
      /^HTTP\/1\.1 404/,
    );
    expect(await world.raw(`POST /api HTTP/1.1\r\n${head}${key}`, 'socket')).toMatch(/^HTTP\/1\.1 4/);
  });
});

describe('holding on', () => {
  test('heads that never end, and connections that say nothing, are hung up on', async () => {
    const slow = world.raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nX: `);
    const silent = world.raw('');
    const below = world.raw('GET /api HTTP/1.1\r\n', 'socket');
    expect(await slow).toMatch(/^(HTTP\/1\.1 408.*)?/s);
    await silent;
    await below;
  });

  test('more connections than allowed are dropped; when they go, others come in', async () => {
    const held: Socket[] = [];
    for (let index = 0; index < connectionsMax; index++) {
      const socket = connectSocket(join(world.dataDir, 'node.sock'));
      world.sockets.push(socket);
      held.push(socket);
      await new Promise((resolve) => socket.once('connect', resolve));
    }
    await expect(connect({ target: { data: world.dataDir }, reconnect: false })).rejects.toMatchObject({
      code: 'busy',
    });
    // The loopback listener counts its own.
    expect((await world.ask({})).status).toBe(200);
    const hungUp = held.map(async (socket) => await new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of held) socket.resume();
    await Promise.all(hungUp);
  });
});
