/** The web app behind hostile requests: nothing but its own files, nothing of the person's without both halves of a session. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectBrowser } from '@kith/api/browser-client';
import { BrowserLike } from '../../test/browser-like.ts';
import { FakeNode } from '../../test/fake-node.ts';
import { HostileWorld } from '../../test/hostile-world.ts';
import { failuresMax } from './access.ts';
import { connectionsMax, loopbackConnectionsMax } from './listeners.ts';
import { startLocalApi } from './local-api.ts';

/** 32 bytes that are right nowhere. */
const guess = 'A'.repeat(43);

let folder = '';
let world: HostileWorld;
const ends: (() => unknown)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kith-web-'));
  mkdirSync(join(folder, 'dist/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'marker');
  writeFileSync(join(folder, 'dist/index.html'), '<!doctype html>app');
  writeFileSync(join(folder, 'dist/assets/app-12345678.js'), 'scribble');
  world = await HostileWorld.start(join(folder, 'dist'));
});
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  await world.end();
  rmSync(folder, { recursive: true });
});

async function signedIn(): Promise<BrowserLike> {
  const browser = new BrowserLike();
  await browser.open(world.api.webLink() ?? '');
  const line = connectBrowser(browser.page(world.api.url ?? ''));
  ends.push(line.close);
  await line.api.profile.get.query();
  return browser;
}

/** Another program of this machine that serves pages on 127.0.0.1. @returns what browsers send to it. */
async function otherPort(setCookie?: string): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server: Server = createServer((request, response) => {
    seen.push(request.headers.cookie ?? '');
    response.writeHead(200, setCookie === undefined ? {} : { 'set-cookie': setCookie }).end('other');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/`, seen };
}

describe('what is served', () => {
  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets/..;/secret.txt',
    '/assets/%00.js',
    '/assets/app-12345678.js%00.html',
    '/.fingerprint',
    '//evil.example/secret.txt',
    '/assets/app-12345678.js/',
    '/assets//app-12345678.js',
    '/ASSETS/APP-12345678.JS',
  ])('%s is no file of the app', async (path) => {
    const cookie = (await signedIn()).cookieHeader();
    const own = `127.0.0.1:${world.port}`;
    const answer = await world.raw(
      `GET ${path} HTTP/1.1\r\nHost: ${own}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 40[04]/);
    expect(answer).not.toMatch(/marker|scribble/);
  });

  test('an address with a scheme, of us or of another', async () => {
    const own = `127.0.0.1:${world.port}`;
    for (const target of [
      `http://${own}/`,
      `http://evil.example/`,
      `http://x@${own}/assets/app-12345678.js`,
      '*',
    ]) {
      const answer = await world.raw(`GET ${target} HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`);
      expect(answer, target).toMatch(/^HTTP\/1\.1 40[04]/);
    }
  });

  test('tunnels, other methods, and words that ask for another method', async () => {
    const own = `127.0.0.1:${world.port}`;
    expect(await world.raw(`CONNECT ${own} HTTP/1.1\r\nHost: ${own}\r\n\r\n`)).not.toMatch(/^HTTP\/1\.1 2/);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
      const headers = { 'x-http-method-override': 'GET', 'x-method-override': 'GET' };
      expect((await world.ask({ method, headers })).status, method).toBe(405);
    }
    const cookie = (await signedIn()).cookieHeader();
    const over = await world.ask({ headers: { cookie, 'x-http-method-override': 'DELETE' } });
    expect(over.status).toBe(200);
  });

  test('a part, or the head alone', async () => {
    const part = await world.ask({ path: '/assets/app-12345678.js', headers: { range: 'bytes=0-1' } });
    expect([part.status, part.body]).toEqual([200, 'scribble']);
    const head = await world.ask({ path: '/assets/app-12345678.js', method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '8']);
  });

  test('under no other name, for no other page', async () => {
    const cookie = (await signedIn()).cookieHeader();
    for (const path of ['/', '/assets/app-12345678.js', '/session']) {
      const rebound = await world.ask({ path, headers: { host: `evil.example:${world.port}`, cookie } });
      expect(rebound.status, path).toBe(421);
      for (const site of ['cross-site', 'same-site']) {
        const other = await world.ask({ path, headers: { cookie, 'sec-fetch-site': site } });
        expect(other.status, `${path} ${site}`).toBe(403);
      }
    }
  });
});

describe('a session', () => {
  test('without one there is a plain page, and no app', async () => {
    for (const path of ['/', '/index.html', '/settings/network']) {
      const { status, body } = await world.ask({ path });
      expect([status, body.includes('kith app'), body.includes('html>app')], path).toEqual([
        401,
        true,
        false,
      ]);
    }
    expect((await world.ask({ path: '/session' })).status).toBe(401);
  });

  test('its cookie goes to other ports of this machine, and opens nothing there or here', async () => {
    const browser = await signedIn();
    const other = await otherPort();
    await browser.open(other.url);
    const stolen = other.seen[0] ?? '';
    expect(stolen).toBe(browser.cookieHeader());
    const origin = `http://127.0.0.1:${world.port}`;
    const asks = async (text: string): Promise<{ status: number; body: string }> =>
      await world.ask({ path: '/session', headers: { cookie: stolen, 'kith-session': text } });
    for (const text of ['', 'marker', guess.repeat(2), `${guess}.${guess}`]) {
      const { status, body } = await asks(text);
      expect([status, body], text).toEqual([401, '{"nonce":null,"proof":null}']);
    }
    // A nonce he may have, and what the node proves with it; neither lets him in.
    for (const question of [guess, `${guess}.${guess}.${guess}`]) {
      const { status, body } = await asks(question);
      expect(status).toBe(200);
      const { nonce, proof } = JSON.parse(body) as { nonce: string; proof: string };
      for (const protocol of [
        '',
        'kith',
        'kith-proof.',
        'kith-proof.marker',
        `kith, kith-proof.${nonce}.${guess}`,
        `kith, kith-proof.${nonce}.${proof}`,
      ]) {
        const headers = { cookie: stolen, origin, 'sec-websocket-protocol': protocol };
        expect(await world.upgrade(headers), protocol).toBe(401);
      }
    }
    // All that it gets is what anybody may read in the source.
    expect((await world.ask({ headers: { cookie: stolen } })).body).toBe('<!doctype html>app');
  });

  test('a cookie that another port puts beside ours, or in its place', async () => {
    const browser = await signedIn();
    const [name = ''] = [...browser.cookies.keys()];
    const beside = { cookie: `${name}=marker; ${browser.cookieHeader()}; ${name}=` };
    expect((await world.ask({ headers: beside })).status).toBe(200);
    const other = await otherPort(`${name}=marker; Path=/`);
    await browser.open(other.url);
    expect((await world.ask({ headers: { cookie: browser.cookieHeader() } })).status).toBe(401);
    // What was put there is taken away, and a new link lets the browser in again.
    await browser
      .page(world.api.url ?? '')
      .fetch(`${world.api.url}/session`, { headers: { 'kith-session': guess } });
    expect(browser.cookies.size).toBe(0);
    await browser.open(world.api.webLink() ?? '');
    expect((await world.ask({ headers: { cookie: browser.cookieHeader() } })).status).toBe(200);
  });

  test('a window that a new link signed out does not take back the cookie that the link brought', async () => {
    const browser = await signedIn();
    const before = browser.cookieHeader();
    const ask = async (cookie: string): ReturnType<HostileWorld['ask']> =>
      await world.ask({ path: '/session', headers: { cookie, 'kith-session': guess } });
    await browser.open(world.api.webLink() ?? '');
    // It was under way when the new one was handed out, and what it took back would be whatever stands there by then.
    for (let count = 0; count < 2 * failuresMax; count++) {
      const { status, headers } = await ask(before);
      expect([status, headers['set-cookie']]).toEqual([425, undefined]);
    }
    const line = connectBrowser(browser.page(world.api.url ?? ''));
    ends.push(line.close);
    await line.api.profile.get.query();
    expect((await ask(before)).status).toBe(425);
    // Of another browser, whose session is over, it is taken back all the same.
    const [name = ''] = browser.cookies.keys();
    const other = await ask(`${name}=${guess}`);
    expect([other.status, other.headers['set-cookie']?.[0]]).toEqual([
      401,
      expect.stringContaining('Max-Age=0'),
    ]);
  });

  test('a session of another’s making is not put on a browser by a link from another page', async () => {
    const link = new URL(world.api.webLink() ?? '');
    const path = `${link.pathname}${link.search}`;
    const led = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    const answer = await world.ask({ path, headers: led });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });

  test('a full disk lets nobody in whom it cannot remember', async () => {
    const browser = new BrowserLike();
    const link = world.api.webLink() ?? '';
    world.node.failure = new Error('no space');
    const answer = await browser.open(link);
    world.node.failure = undefined;
    expect([answer.status, browser.cookies.size]).toEqual([503, 0]);
  });
});

describe('crowds', () => {
  test('connections that are only held leave room for the owner, and go', async () => {
    const held = Array.from({ length: loopbackConnectionsMax + 8 }, () => {
      const socket = connectSocket(world.port, '127.0.0.1');
      world.sockets.push(socket);
      socket.on('error', () => undefined);
      return new Promise<void>((resolve) => socket.once('close', () => resolve()).resume());
    });
    await Promise.all(held);
    expect((await world.ask({})).status).toBe(401);
  });

  test('more WebSockets than there is room for: told to be busy, and let in when one goes', async () => {
    const browser = await signedIn();
    const [first] = ends;
    for (let count = 1; count < connectionsMax; count++) {
      expect(await world.upgrade(world.bearer())).toBe(101);
    }
    expect(await world.upgrade(world.bearer())).toBe(503);
    const line = connectBrowser(browser.page(world.api.url ?? ''));
    ends.push(line.close);
    while (line.state() !== 'busy') await new Promise<void>((resolve) => line.watch(resolve));
    await expect(line.api.profile.get.query()).rejects.toThrow('too much to do');
    first?.();
    while (line.state() !== 'connected') {
      line.retryNow();
      await new Promise<void>((resolve) => line.watch(resolve));
    }
    expect((await line.api.profile.get.query()).name).toBe('Ada');
  });
});

test('whoever took the kept port while the node was away ends what browsers had there', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kith-port-'));
  ends.push(() => rmSync(dataDir, { recursive: true }));
  const node = new FakeNode(dataDir);
  const start = async (): ReturnType<typeof startLocalApi> => {
    const api = await startLocalApi({ handle: node, dataDir, port: 'kept', log: () => undefined });
    ends.push(api.stop);
    return api;
  };
  const first = await start();
  const browser = new BrowserLike();
  await browser.open(first.webLink() ?? '');
  await first.stop();
  const again = await start();
  expect(again.url).toBe(first.url);
  await again.stop();
  const thief = createServer();
  await new Promise<void>((resolve) =>
    thief.listen(Number(new URL(first.url ?? '').port), '127.0.0.1', resolve),
  );
  const elsewhere = await start();
  expect(elsewhere.url).not.toBe(first.url);
  await elsewhere.stop();
  await new Promise((resolve) => thief.close(resolve));
  const later = await start();
  expect(later.url, 'the new port is the kept one from now on').toBe(elsewhere.url);
  const own = browser.page(later.url ?? '');
  const answer = await own.fetch(`${later.url}/session`, { headers: { 'kith-session': guess } });
  expect(answer.status).toBe(401);
});
