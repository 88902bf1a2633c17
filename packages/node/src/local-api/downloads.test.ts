/** Saving an export from a page: over a real connection, at the pace of whoever reads, and for nobody else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectBrowser, type BrowserConnection } from '@kith/api/browser-client';
import { BrowserLike } from '../../test/browser-like.ts';
import { FakeNode } from '../../test/fake-node.ts';
import { disposition, downloadsMax, offersMax } from './downloads.ts';
import { startLocalApi, type LocalApi } from './local-api.ts';

let dataDir = '';
let node: FakeNode;
let api: LocalApi;
let browser: BrowserLike;
let line: BrowserConnection;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'kith-download-'));
  node = new FakeNode(dataDir);
  api = await startLocalApi({ handle: node, dataDir, port: 0, log: () => undefined });
  browser = new BrowserLike();
  await browser.open(api.webLink() ?? '');
  line = connectBrowser(browser.page(api.url ?? ''));
});
afterEach(async () => {
  line.close();
  await api.stop();
  rmSync(dataDir, { recursive: true });
});

async function offer(): Promise<string> {
  const { url } = await line.api.conversations.exportLink.mutate({ conversation: null, format: 'jsonl' });
  expect(url).toMatch(/^\/export\/[\w-]{43}$/);
  return `${api.url}${url}`;
}

/** Asks and reads nothing yet. */
async function ask(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    get(url, { agent: false, headers: { cookie: browser.cookieHeader(), ...headers } }, resolve).on(
      'error',
      reject,
    );
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

test('an address opens once, in the browser that asked for it, as a file to save', async () => {
  node.receive(node.addContact('Bob'), 'hello');
  const url = await offer();
  const stranger = new BrowserLike();
  await stranger.open(api.webLink() ?? '');
  for (const cookie of ['', stranger.cookieHeader()])
    expect((await ask(url, { cookie })).statusCode).toBe(404);
  const response = await ask(url);
  expect(response.headers).toMatchObject({
    'content-type': 'application/jsonl; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; filename="kith-conversation-/),
    'content-security-policy': expect.stringMatching(/^sandbox/),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(await textOf(response)).toContain('"hello"');
  expect((await ask(url)).statusCode).toBe(404);
});

test('neither the head nor another page uses it up', async () => {
  const url = await offer();
  const { cookieHeader } = { cookieHeader: browser.cookieHeader() };
  const head = await fetch(url, { method: 'HEAD', headers: { cookie: cookieHeader } });
  expect(head.status).toBe(404);
  expect((await ask(url, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  expect((await ask(url, { host: 'evil.example' })).statusCode).toBe(421);
  expect((await ask(url, { 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
});

test('nobody reads: nothing piles up; somebody goes: nothing runs on', async () => {
  const bob = node.addContact('Bob');
  const words = 'word '.repeat(5_000);
  for (let index = 0; index < 2_000; index++) node.receive(bob, words);
  const pagesRead = (): number => node.calls.filter(({ name }) => name === 'page').length;
  const response = await ask(await offer());
  // As long as more is asked for, each turn reads on; the kernel's buffers take some megabytes of fifty.
  let before = -1;
  let calm = 0;
  while (calm < 200) {
    calm = pagesRead() === before ? calm + 1 : 0;
    before = pagesRead();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(before).toBeLessThan(8);
  expect((await textOf(response)).length).toBeGreaterThan(50_000_000);
  expect(pagesRead()).toBeGreaterThanOrEqual(10);

  const gone = await ask(await offer());
  gone.destroy();
  const free = await Promise.all(Array.from({ length: downloadsMax }, async () => await ask(await offer())));
  expect(free.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: downloadsMax }, () => 200));
  const busy = await ask(await offer());
  expect(busy.statusCode).toBe(503);
  for (const one of free) one.destroy();
});

test('what fails midway is no whole file', async () => {
  const bob = node.addContact('Bob');
  for (let index = 0; index < 2_000; index++) node.receive(bob, 'word '.repeat(5_000));
  const response = await ask(await offer());
  node.failure = new Error('disk');
  await expect(textOf(response)).rejects.toThrow(/aborted|reset/i);
  node.failure = undefined;
});

test('the oldest of too many addresses ends', async () => {
  const first = await offer();
  for (let count = 0; count < offersMax; count++) await offer();
  expect((await ask(first)).statusCode).toBe(404);
});

test.each([
  ['Bob', 'kith-Bob-2026-01-02.html', 'kith-Bob-2026-01-02.html'],
  ['', 'kith-conversation-2026-01-02.html', 'kith-conversation-2026-01-02.html'],
  ['../../etc/passwd', 'kith-etc-passwd-2026-01-02.html', 'kith-etc-passwd-2026-01-02.html'],
  ['a"; filename="x.exe', 'kith-a-filename-x-exe-2026-01-02.html', 'kith-a-filename-x-exe-2026-01-02.html'],
  ['Grüße\r\nX: y', 'kith-Gr_e-X-y-2026-01-02.html', 'kith-Gr%C3%BC%C3%9Fe-X-y-2026-01-02.html'],
  ['\u202egpj.exe', 'kith-gpj-exe-2026-01-02.html', 'kith-gpj-exe-2026-01-02.html'],
])('a file is named safely after %j', (name, plain, full) => {
  expect(disposition(name, 'html', Date.UTC(2026, 0, 2))).toBe(
    `attachment; filename="${plain}"; filename*=UTF-8''${full}`,
  );
});
