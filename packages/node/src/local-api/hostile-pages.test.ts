/** Pages of others and wrong tokens: refused before the upgrade, nothing changed, the node stays up. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SessionKey } from '@kith/api/browser-key';
import { HostileWorld } from '../../test/hostile-world.ts';
import { securityHeaders } from './pages.ts';

let world: HostileWorld;

beforeEach(async () => {
  world = await HostileWorld.start();
});
afterEach(async () => {
  await world.end();
});

describe('a page of somebody else', () => {
  test('under a rebound name', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${world.port}`,
      '127.0.0.1',
      `localhost:${world.port}`,
    ]) {
      expect((await world.ask({ headers: { host } })).status, host).toBe(421);
      expect(await world.upgrade({ host, ...world.bearer() }), host).toBe(421);
    }
  });

  test('with two Host headers, or none', async () => {
    const own = `127.0.0.1:${world.port}`;
    expect(await world.raw(`GET / HTTP/1.1\r\nHost: ${own}\r\nHost: evil.example\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 (400|421)/,
    );
    expect(await world.raw(`GET / HTTP/1.1\r\nHost:\r\n\r\n`)).toMatch(/^HTTP\/1\.1 (400|421)/);
    expect(await world.raw(`GET / HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 (400|421)/);
    expect(await world.raw(`GET / HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 (400|421)/);
  });

  test('by fetch, image, script or frame', async () => {
    for (const site of ['cross-site', 'same-site', 'marker']) {
      expect((await world.ask({ headers: { 'sec-fetch-site': site } })).status, site).toBe(403);
    }
    expect((await world.ask({ headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await world.ask({ headers: { origin: 'null' } })).status).toBe(403);
    expect((await world.ask({ headers: { origin: `http://127.0.0.1:${world.port + 1}` } })).status).toBe(403);
  });

  test('by form', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' };
    expect((await world.ask({ method: 'POST', path: '/api', headers, body: 'a=1' })).status).toBe(403);
    const own = { ...headers, origin: `http://127.0.0.1:${world.port}` };
    expect((await world.ask({ method: 'POST', path: '/api', headers: own, body: 'a=1' })).status).toBe(405);
  });

  test('by WebSocket, even with both halves of a session', async () => {
    const { cookie, protocol } = await enter();
    const half = { cookie, 'sec-websocket-protocol': await protocol() };
    const own = `http://127.0.0.1:${world.port}`;
    expect(await world.upgrade({ ...half, origin: 'https://evil.example' })).toBe(403);
    expect(await world.upgrade({ ...half, origin: own, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await world.upgrade({ ...half, origin: own, 'sec-fetch-site': 'none' })).toBe(403);
    expect(await world.upgrade(half)).toBe(403);
    expect(await world.upgrade({ ...half, origin: own, 'sec-fetch-site': 'same-origin' })).toBe(101);
  });

  test('finds an app that runs its own scripts alone', () => {
    const policy = securityHeaders('127.0.0.1:1')['content-security-policy'];
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test('may not frame, embed or read', async () => {
    const { headers } = await world.ask({});
    const policy = headers['content-security-policy'];
    for (const word of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(word);
    }
    // A page of the node's own runs no script at all.
    expect(policy).not.toMatch(/script-src|unsafe|https?:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect((await world.ask({ path: '/missing' })).headers['content-security-policy']).toContain(
      "default-src 'none'",
    );
  });
});

/** A browser that was let in: its cookie, and a new proof for each WebSocket. */
interface Entered {
  cookie: string;
  protocol: () => Promise<string>;
}

/** Opens the web link as a browser does, or loads it again. */
async function enter(path = linkPath()): Promise<Entered> {
  const { status, headers } = await world.ask({ path });
  expect(status).toBe(303);
  const secret = /^\/#pairing=([\w-]{43})$/.exec(headers.location ?? '')?.[1];
  expect(secret).toBeDefined();
  const [cookie = ''] = headers['set-cookie'] ?? [];
  expect(cookie).toMatch(
    /^kith-[0-9a-f]{16}=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
  );
  const half = cookie.split(';')[0] ?? '';
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  const page = new SessionKey(storage, String(world.port), secret);
  const protocol = async (): Promise<string> => {
    const { header, judge } = await page.question();
    const own = { cookie: half, 'kith-session': header, 'sec-fetch-site': 'same-origin' };
    const outcome = await judge(JSON.parse((await world.ask({ path: '/session', headers: own })).body));
    return typeof outcome === 'string' ? outcome : `kith, ${outcome.protocol}`;
  };
  return { cookie: half, protocol };
}

function linkPath(): string {
  const link = new URL(world.api.webLink() ?? '');
  return `${link.pathname}${link.search}`;
}

describe('the token', () => {
  test('missing or wrong', async () => {
    const origin = `http://127.0.0.1:${world.port}`;
    expect(await world.upgrade({ origin })).toBe(401);
    expect(await world.upgrade({ origin, cookie: 'kith-0000000000000000=marker' })).toBe(401);
    expect(await world.upgrade({ authorization: 'Bearer marker' })).toBe(401);
    expect(await world.upgrade({ authorization: world.api.token })).toBe(401);
    expect(await world.upgrade({ authorization: `Bearer ${world.api.token}x` })).toBe(401);
    expect(await world.upgrade(world.bearer())).toBe(101);
  });

  test('many wrong ones are cut short; the right one still passes', async () => {
    const seen = new Set<number>();
    for (let index = 0; index < 25; index++)
      seen.add(await world.upgrade({ authorization: `Bearer marker${index}` }));
    expect(seen).toEqual(new Set([401, 429]));
    expect((await world.ask({ path: '/?code=marker' })).status).toBe(429);
    expect(await world.upgrade(world.bearer())).toBe(101);
  });

  test('a code works once; brought by another browser it ends what it opened', async () => {
    const path = linkPath();
    const { cookie, protocol } = await enter(path);
    // The same browser may load it again, and is told again what its key is made of, until it has one.
    const { location } = (await world.ask({ path, headers: { cookie } })).headers;
    expect(location).toMatch(/^\/#pairing=[\w-]{43}$/);
    const origin = `http://127.0.0.1:${world.port}`;
    const half = async (): Promise<Record<string, string>> => ({
      cookie,
      origin,
      'sec-websocket-protocol': await protocol(),
    });
    const later = await half();
    expect((await world.ask({ path, headers: { cookie } })).headers.location).toBe('/');
    expect(await world.upgrade(await half())).toBe(101);
    const again = await world.ask({ path });
    expect(again.status).toBe(403);
    expect(again.body).toContain('opened twice');
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(await world.upgrade(later)).toBe(401);
    expect(await protocol()).toBe('forged');
  });

  test('a code is for a GET alone', async () => {
    const path = linkPath();
    const head = await world.ask({ path, method: 'HEAD' });
    expect(head.headers['set-cookie']).toBeUndefined();
    const post = { 'x-http-method-override': 'GET' };
    expect((await world.ask({ path, method: 'POST', headers: post })).status).toBe(405);
    expect((await world.ask({ path })).status).toBe(303);
  });

  test('a code is not handed over to another page', async () => {
    const path = linkPath();
    expect((await world.ask({ path, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await world.ask({ path, headers: { 'sec-fetch-site': 'none' } })).status).toBe(303);
  });
});
