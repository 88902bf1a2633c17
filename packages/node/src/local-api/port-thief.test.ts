/**
 * Somebody takes the loopback port while the node is off. Open windows ask him, and he answers whatever he likes: he gets the
 * cookie and nothing that lets him in, now or when the node is back; and no window takes him for the node.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { connectBrowser, type BrowserConnection, type ConnectionState } from '@kith/api/browser-client';
import { BrowserLike } from '../../test/browser-like.ts';
import { FakeNode } from '../../test/fake-node.ts';
import { startLocalApi, type LocalApi } from './local-api.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

class Home {
  readonly dataDir: string = mkdtempSync(join(tmpdir(), 'kith-thief-'));
  readonly node: FakeNode = new FakeNode(this.dataDir);
  readonly browser: BrowserLike = new BrowserLike();

  constructor() {
    cleanups.push(() => rmSync(this.dataDir, { recursive: true, force: true }));
  }

  async start(port: 'kept' | number = 'kept'): Promise<LocalApi> {
    const api = await startLocalApi({ handle: this.node, dataDir: this.dataDir, port, log: () => undefined });
    cleanups.push(api.stop);
    return api;
  }

  /** A window of the browser at that origin. */
  window(origin: string): BrowserConnection {
    const line = connectBrowser(this.browser.page(origin));
    cleanups.push(line.close);
    return line;
  }

  /** All that the pages of that origin keep. */
  secrets(origin: string): string[] {
    const { storage } = this.browser.page(origin);
    const kept = ['kith-session', 'kith-pairing'].flatMap(
      (name) => storage.getItem(name)?.split('.')[0] ?? [],
    );
    expect(kept.length).toBeGreaterThan(0);
    return kept;
  }
}

/** A window of a browser that is signed in. */
async function signedIn(): Promise<{ home: Home; api: LocalApi; origin: string; line: BrowserConnection }> {
  const home = new Home();
  const api = await home.start();
  const origin = api.url ?? '';
  await home.browser.open(api.webLink() ?? '');
  const line = home.window(origin);
  await line.api.profile.get.query();
  return { home, api, origin, line };
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface Thief {
  /** Every word that was sent to him. */
  heard: string[];
  /** Of every question. */
  headers: IncomingMessage['headers'][];
  sockets: number;
  /** What he answers from now on; resolves when `count` questions were answered so. */
  answers: (answer: Answer, count: number) => Promise<void>;
  leave: () => Promise<void>;
}

/** Takes the port of that origin. He lets every WebSocket in. */
async function thief(origin: string): Promise<Thief> {
  let answer: Answer = (_request, response) => void response.writeHead(500).end();
  let answered = (): void => undefined;
  const sockets = new WebSocketServer({ noServer: true });
  const hear = (request: IncomingMessage): void => {
    self.heard.push(`${request.url} ${JSON.stringify(request.rawHeaders)}`);
    self.headers.push(request.headers);
    request.on('data', (chunk: Buffer) => self.heard.push(chunk.toString('latin1')));
  };
  const server: Server = createServer((request, response) => {
    hear(request);
    response.once('close', () => answered());
    answer(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    hear(request);
    self.sockets += 1;
    sockets.handleUpgrade(request, socket, head, (client) =>
      client.on('message', (data: Buffer) => self.heard.push(data.toString('utf8'))),
    );
  });
  await new Promise<void>((resolve) =>
    server.listen(Number(new URL(origin).port), '127.0.0.1', () => resolve()),
  );
  const self: Thief = {
    heard: [],
    headers: [],
    sockets: 0,
    answers: async (next, count) => {
      answer = next;
      let left = count;
      await new Promise<void>((resolve) => {
        answered = () => {
          left -= 1;
          if (left === 0) resolve();
        };
      });
    },
    leave: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  cleanups.push(async () => await self.leave());
  return self;
}

const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof value === 'string' ? value : JSON.stringify(value));

const guess = 'A'.repeat(43);
/** What he may think of. */
const plausible: [string, Answer][] = [
  ['the old handing out of a key', json(200, { key: guess })],
  ['nothing to prove', json(200, { key: null })],
  ['no proof', json(200, { nonce: guess, proof: null })],
  ['a proof of his own', json(200, { nonce: guess, proof: guess })],
  ['an empty proof', json(200, { nonce: '', proof: '' })],
  ['the words of the question as proof', echo],
  ['no JSON', json(200, 'null')],
  ['half of it', json(200, '{"nonce":')],
  ['signed out', json(401, { nonce: null, proof: null })],
  ['not yet paired', json(425, { nonce: null, proof: null })],
  ['too many questions', json(429, {})],
  ['busy', json(503, { nonce: guess, proof: guess })],
  ['elsewhere', json(302, '', { location: '/else' })],
  ['forget everything', json(401, {}, { 'clear-site-data': '"cookies"' })],
  ['hangs up', (request) => void request.destroy()],
];

function echo({ headers }: IncomingMessage, response: ServerResponse): void {
  const [nonce = '', , proof = nonce] = String(headers['kith-session']).split('.');
  response.writeHead(200).end(JSON.stringify({ nonce, proof }));
}

async function becomes(line: BrowserConnection, ...states: ConnectionState[]): Promise<void> {
  while (!states.includes(line.state())) await new Promise<void>((resolve) => line.watch(resolve));
}

/** Everything that he can send to the node with what he heard. @returns the answers that let him in. */
async function tries({ headers }: Thief, origin: string): Promise<string[]> {
  const lucky: string[] = [];
  for (const { cookie = '', 'kith-session': question } of headers) {
    const asked = await fetch(`${origin}/session`, { headers: { cookie, 'kith-session': String(question) } });
    const { nonce, proof } = (await asked.json()) as Record<string, string | null>;
    const words = [...String(question).split('.'), String(proof), guess];
    for (const word of words) {
      for (const protocol of [
        `kith-proof.${nonce}.${word}`,
        `kith-proof.${words[0]}.${word}`,
        `kith-key.${word}`,
      ]) {
        const status = await dial(origin, cookie, protocol);
        if (status !== 401) lucky.push(`${status} ${protocol}`);
      }
    }
  }
  return lucky;
}

async function dial(origin: string, cookie: string, protocol: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = { cookie, origin };
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/api`, ['kith', protocol], { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}

/** He answers all that is plausible to an open window, which asks again and again. */
async function tempts(he: Thief, line: BrowserConnection): Promise<void> {
  for (const [what, answer] of plausible) {
    const answered = he.answers(answer, 1);
    line.retryNow();
    await answered;
    expect(he.sockets, what).toBe(0);
    expect(['no-node', 'signed-out', 'busy', 'connecting'], what).toContain(line.state());
  }
}

test('he hears no key of a browser that is signed in, opens nothing, and is not taken for the node', async () => {
  const { home, api, origin, line } = await signedIn();
  const kept = home.secrets(origin);
  await api.stop();
  await becomes(line, 'no-node');

  const he = await thief(origin);
  await tempts(he, line);
  // A window that was opened meanwhile.
  const second = home.window(origin);
  await tempts(he, second);
  await expect(second.api.profile.setName.mutate({ name: 'Told to a thief' })).rejects.toThrow();
  await he.leave();

  expect(he.headers.length).toBeGreaterThan(plausible.length);
  expect(he.headers[0]?.cookie, 'cookies go to whoever has the port').toBe(home.browser.cookieHeader());
  for (const secret of kept) expect(he.heard.join()).not.toContain(secret);
  expect(he.heard.join()).not.toMatch(/Told to a thief|kith-proof/);
  expect(home.secrets(origin), 'nothing was given up for him').toEqual(kept);

  await home.start();
  expect(await tries(he, origin)).toEqual([]);
  for (const each of [line, second]) {
    each.retryNow();
    await becomes(each, 'connected');
    expect((await each.api.profile.get.query()).name).toBe('Ada');
  }
});

test('he gets nothing of a browser whose page has not been paired yet', async () => {
  const home = new Home();
  const api = await home.start();
  const origin = api.url ?? '';
  await home.browser.open(api.webLink() ?? '');
  const kept = home.secrets(origin);
  await api.stop();

  const he = await thief(origin);
  const line = home.window(origin);
  await tempts(he, line);
  await he.leave();
  for (const secret of kept) expect(he.heard.join()).not.toContain(secret);
  expect(he.headers[0]?.['kith-session'], 'it asked to be paired').toMatch(/^[\w-]{43}(\.[\w-]{43}){2}$/);

  await home.start();
  expect(await tries(he, origin)).toEqual([]);
  line.retryNow();
  await becomes(line, 'connected');
});

test('he hands every word on to the node, which is at another port: neither side is deceived', async () => {
  const { home, api, origin, line } = await signedIn();
  await api.stop();
  // Of the owner's choice, so that no session ends for it.
  const elsewhere = (await home.start(0)).url ?? '';
  expect(elsewhere).not.toBe(origin);

  const he = await thief(origin);
  const relayed: number[] = [];
  const relay: Answer = ({ headers, url }, response) => {
    const { cookie = '', 'kith-session': question } = headers;
    void fetch(`${elsewhere}${url}`, { headers: { cookie, 'kith-session': String(question) } }).then(
      async (answer) => {
        relayed.push(answer.status);
        response.writeHead(answer.status).end(await answer.text());
      },
    );
  };
  const answered = he.answers(relay, 2);
  await becomes(line, 'signed-out');
  line.retryNow();
  await answered;
  expect(relayed.slice(0, 2), 'the node knows the cookie, which is of another port').toEqual([401, 401]);
  expect(home.browser.cookies.size, 'and leaves it to its own').toBe(1);
  expect(line.state()).toBe('signed-out');
  expect(he.sockets).toBe(0);
  expect(await tries(he, elsewhere)).toEqual([]);
});

test('a browser without WebCrypto says so and sends nothing', async () => {
  const home = new Home();
  const api = await home.start();
  await home.browser.open(api.webLink() ?? '');
  const page = home.browser.page(api.url ?? '');
  const asked = vi.fn(page.fetch);
  vi.stubGlobal('crypto', { getRandomValues: () => undefined });
  try {
    const line = connectBrowser({ ...page, fetch: asked });
    cleanups.push(line.close);
    const call = line.api.profile.get.query();
    await becomes(line, 'no-crypto');
    await expect(call).rejects.toThrow();
    expect(asked).not.toHaveBeenCalled();
  } finally {
    vi.unstubAllGlobals();
  }
});
