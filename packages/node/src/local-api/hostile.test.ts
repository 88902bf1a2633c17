/** Hostile input on the local API: every class is refused, costs little, changes nothing, and the node stays up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect as connectSocket, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connect } from '@kith/api/client';
import { FakeNode } from '../../test/fake-node.ts';
import { callsMax, streamsMax } from './connection.ts';
import { connectionsMax, startLocalApi, type LocalApi } from './local-api.ts';

let dataDir: string;
let node: FakeNode;
let api: LocalApi;
let log: string;
const sockets: { destroy(): void }[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'kith-hostile-'));
  node = new FakeNode(dataDir);
  log = '';
  api = await startLocalApi({
    handle: node,
    dataDir,
    port: 0,
    headMs: 300,
    log: (code, detail) => {
      log += `${code} ${JSON.stringify(detail)}\n`;
    },
  });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  // Whatever was done to it: the node answers its owner, and no secret stands in its log.
  const connection = await connect({ target: { data: dataDir }, reconnect: false });
  expect((await connection.api.profile.get.query()).name).toBe('Ada');
  await connection.close();
  expect(log).not.toContain(api.token);
  expect(log).not.toContain('marker');
  await api.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Asked {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

function port(): number {
  return Number(new URL(api.url ?? '').port);
}

async function ask({ path = '/', method = 'GET', headers = {}, body }: Asked): Promise<Reply> {
  return await new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: port(), path, method, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The status with which a WebSocket was refused, or 101. */
async function upgrade(headers: Record<string, string>, path = '/api'): Promise<number> {
  return await new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port()}${path}`, { headers });
    sockets.push({ destroy: () => socket.terminate() });
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}

function bearer(): Record<string, string> {
  return { authorization: `Bearer ${api.token}` };
}

/** Talks bytes. Resolves with everything that came, when the node hangs up. */
async function raw(bytes: string, target: 'loopback' | 'socket' = 'loopback'): Promise<string> {
  const socket =
    target === 'loopback' ? connectSocket(port(), '127.0.0.1') : connectSocket(join(dataDir, 'node.sock'));
  sockets.push(socket);
  return await new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    // A reset is a way to hang up, too.
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
    socket.write(bytes);
  });
}

/** An open, accepted WebSocket on the profile's socket, below the client library. */
async function socketClient(): Promise<WebSocket> {
  const socket = new WebSocket('ws://localhost/api', {
    createConnection: () => connectSocket(join(dataDir, 'node.sock')),
  });
  sockets.push({ destroy: () => socket.terminate() });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return socket;
}

async function answers(socket: WebSocket, count: number): Promise<unknown[]> {
  return await new Promise((resolve) => {
    const found: unknown[] = [];
    socket.on('message', (data: Buffer) => {
      found.push(JSON.parse(data.toString('utf8')));
      if (found.length === count) resolve(found);
    });
  });
}

async function closeCode(socket: WebSocket): Promise<number> {
  return await new Promise((resolve) => {
    socket.on('close', resolve);
    socket.on('error', () => undefined);
  });
}

describe('a page of somebody else', () => {
  test('under a rebound name', async () => {
    for (const host of ['evil.example', `evil.example:${port()}`, '127.0.0.1', `localhost:${port()}`]) {
      expect((await ask({ headers: { host } })).status, host).toBe(421);
      expect(await upgrade({ host, ...bearer() }), host).toBe(421);
    }
  });

  test('with two Host headers, or none', async () => {
    const own = `127.0.0.1:${port()}`;
    expect(await raw(`GET / HTTP/1.1\r\nHost: ${own}\r\nHost: evil.example\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 (400|421)/,
    );
    expect(await raw(`GET / HTTP/1.1\r\nHost:\r\n\r\n`)).toMatch(/^HTTP\/1\.1 (400|421)/);
    expect(await raw(`GET / HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 (400|421)/);
    expect(await raw(`GET / HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 (400|421)/);
  });

  test('by fetch, image, script or frame', async () => {
    for (const site of ['cross-site', 'same-site', 'marker']) {
      expect((await ask({ headers: { 'sec-fetch-site': site } })).status, site).toBe(403);
    }
    expect((await ask({ headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await ask({ headers: { origin: 'null' } })).status).toBe(403);
    expect((await ask({ headers: { origin: `http://127.0.0.1:${port() + 1}` } })).status).toBe(403);
  });

  test('by form', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' };
    expect((await ask({ method: 'POST', path: '/api', headers, body: 'a=1' })).status).toBe(403);
    const own = { ...headers, origin: `http://127.0.0.1:${port()}` };
    expect((await ask({ method: 'POST', path: '/api', headers: own, body: 'a=1' })).status).toBe(405);
  });

  test('by WebSocket, even with the cookie', async () => {
    const cookie = await enter();
    const own = `http://127.0.0.1:${port()}`;
    expect(await upgrade({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await upgrade({ cookie, origin: own, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await upgrade({ cookie, origin: own, 'sec-fetch-site': 'none' })).toBe(403);
    expect(await upgrade({ cookie })).toBe(403);
    expect(await upgrade({ cookie, origin: own, 'sec-fetch-site': 'same-origin' })).toBe(101);
  });

  test('may not frame, embed or read', async () => {
    const { headers } = await ask({});
    expect(headers['content-security-policy']).toContain("default-src 'self'; frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect((await ask({ path: '/missing' })).headers['content-security-policy']).toContain(
      "default-src 'self'",
    );
  });
});

/** Opens the web link as a browser does. @returns the cookie. */
async function enter(): Promise<string> {
  const link = new URL(api.webLink() ?? '');
  const { status, headers } = await ask({ path: `${link.pathname}${link.search}` });
  expect(status).toBe(303);
  expect(headers.location).toBe('/');
  const [cookie = ''] = headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^kith-[0-9a-f]{16}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  return cookie.split(';')[0] ?? '';
}

describe('the token', () => {
  test('missing or wrong', async () => {
    const origin = `http://127.0.0.1:${port()}`;
    expect(await upgrade({ origin })).toBe(401);
    expect(await upgrade({ origin, cookie: 'kith-0000000000000000=marker' })).toBe(401);
    expect(await upgrade({ authorization: 'Bearer marker' })).toBe(401);
    expect(await upgrade({ authorization: api.token })).toBe(401);
    expect(await upgrade({ authorization: `Bearer ${api.token}x` })).toBe(401);
    expect(await upgrade(bearer())).toBe(101);
  });

  test('many wrong ones are cut short; the right one still passes', async () => {
    const seen = new Set<number>();
    for (let index = 0; index < 25; index++)
      seen.add(await upgrade({ authorization: `Bearer marker${index}` }));
    expect(seen).toEqual(new Set([401, 429]));
    expect((await ask({ path: '/?code=marker' })).status).toBe(429);
    expect(await upgrade(bearer())).toBe(101);
  });

  test('a code works once', async () => {
    const link = new URL(api.webLink() ?? '');
    const path = `${link.pathname}${link.search}`;
    expect((await ask({ path })).status).toBe(303);
    const again = await ask({ path });
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test('a code is not handed over to another page', async () => {
    const link = new URL(api.webLink() ?? '');
    const path = `${link.pathname}${link.search}`;
    expect((await ask({ path, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await ask({ path, headers: { 'sec-fetch-site': 'none' } })).status).toBe(303);
  });
});

describe('sizes', () => {
  test('a frame over the limit ends its connection alone', async () => {
    const bystander = await socketClient();
    const socket = await socketClient();
    const closed = closeCode(socket);
    socket.send('x'.repeat(256 * 1024 + 1));
    expect(await closed).toBe(1009);
    expect(bystander.readyState).toBe(WebSocket.OPEN);
  });

  test('a body over the limit, announced or in chunks', async () => {
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\n`;
    expect(await raw(`${head}Content-Length: 300000\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413/);
    expect(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${'ffff\r\n'}`)).toMatch(/^HTTP\/1\.1 413/);
  });

  test('a head over the limit', async () => {
    const long = 'a'.repeat(9_000);
    expect(await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\nX: ${long}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431/,
    );
  });

  test('more calls, streams and batched calls than allowed', async () => {
    const socket = await socketClient();
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
    expect(node.listenerCount).toBeLessThanOrEqual(streamsMax);
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
    const socket = await socketClient();
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
    expect(node.name).toBe('Ada');
    expect(node.isStopped).toBe(false);
    expect(node.calls.every((call) => call.name === 'status')).toBe(true);
  });

  test('a broken WebSocket frame', async () => {
    const socket = await socketClient();
    const closed = closeCode(socket);
    const below: unknown = Reflect.get(socket, '_socket');
    expect(below).toBeInstanceOf(Object);
    (below as Socket).write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    expect(await closed).toBe(1002);
  });

  test('bytes that are no HTTP', async () => {
    expect(await raw('\u0000\u0001marker\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await raw('\u0000\u0001marker\r\n\r\n', 'socket')).toMatch(/^HTTP\/1\.1 400/);
  });

  test('other paths of the profile’s socket, and plain requests', async () => {
    expect(await raw('GET /api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'socket')).toMatch(
      /^HTTP\/1\.1 404/,
    );
    const head = 'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
    const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    expect(await raw(`GET /other HTTP/1.1\r\n${head}${key}`, 'socket')).toMatch(/^HTTP\/1\.1 404/);
    expect(await raw(`GET /api?connectionParams=1 HTTP/1.1\r\n${head}${key}`, 'socket')).toMatch(
      /^HTTP\/1\.1 404/,
    );
    expect(await raw(`POST /api HTTP/1.1\r\n${head}${key}`, 'socket')).toMatch(/^HTTP\/1\.1 4/);
  });
});

describe('holding on', () => {
  test('heads that never end, and connections that say nothing, are hung up on', async () => {
    const slow = raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\nX: `);
    const silent = raw('');
    const below = raw('GET /api HTTP/1.1\r\n', 'socket');
    expect(await slow).toMatch(/^(HTTP\/1\.1 408.*)?/s);
    await silent;
    await below;
  });

  test('more connections than allowed are dropped; when they go, others come in', async () => {
    const held: Socket[] = [];
    for (let index = 0; index < connectionsMax; index++) {
      const socket = connectSocket(join(dataDir, 'node.sock'));
      sockets.push(socket);
      held.push(socket);
      await new Promise((resolve) => socket.once('connect', resolve));
    }
    await expect(connect({ target: { data: dataDir }, reconnect: false })).rejects.toMatchObject({
      code: 'busy',
    });
    // The loopback listener counts its own.
    expect((await ask({})).status).toBe(200);
    const hungUp = held.map(async (socket) => await new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of held) socket.resume();
    await Promise.all(hungUp);
  });
});
