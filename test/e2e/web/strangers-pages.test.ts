/**
 * The way in, and who is kept out: a link that works once, a cookie that no script reads, pages of somebody else in the same
 * browser, on another port of this machine or under a name that leads to it, which get nothing and change nothing, and
 * somebody who takes the port while the node is off.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { within } from '../deadline.ts';
import { nodeIsOff } from './browser.ts';
import { openConversation } from './person.ts';
import { twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

/** A name of somebody else that leads to this machine: what a rebinding attack ends with. */
const rebound = 'rebound.example';

/** A site of somebody else. Keeps where it stands. */
async function strangersSite(): Promise<{ server: Server; port: number }> {
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end('<!doctype html><title>A page of somebody else</title><body>Hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return { server, port: address.port };
}

interface PortThief {
  /** Resolves when everything was answered that he could think of. */
  tempted: Promise<void>;
  heard: string[];
  /** Of the pages, each its header. */
  questions: string[];
  leave: () => Promise<void>;
}

/** Answers every question to the node's port with something else, and keeps what he hears. */
async function portThief(port: number): Promise<PortThief> {
  const guess = 'A'.repeat(43);
  const answers = [
    { status: 200, body: { key: null } },
    { status: 200, body: { nonce: guess, proof: guess } },
    { status: 503, body: {} },
    { status: 401, body: {} },
    { status: 200, body: { nonce: guess, proof: null } },
  ];
  const tempted = Promise.withResolvers<void>();
  const heard: string[] = [];
  const questions: string[] = [];
  const hear = (request: IncomingMessage): void => {
    heard.push(`${request.url} ${JSON.stringify(request.headers)}`);
    request.on('data', (chunk: Buffer) => heard.push(chunk.toString('latin1')));
  };
  const server = createServer((request, response) => {
    hear(request);
    questions.push(String(request.headers['kith-session']));
    const answer = answers[questions.length - 1];
    if (answer === undefined) tempted.resolve();
    response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer?.body ?? {}));
  });
  server.on('upgrade', (request, socket) => {
    hear(request);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    tempted: tempted.promise,
    heard,
    questions,
    leave: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** All that a page can try; what it could read of it. */
async function attack(page: Page, target: string): Promise<Record<string, string>> {
  return await page.evaluate(async (origin) => {
    const got: Record<string, string> = {};
    const paths = ['/', '/session', '/api', '/index.html', '/worker.js'];
    const read = async (name: string, path: string, init: RequestInit): Promise<void> => {
      try {
        const answer = await fetch(`${origin}${path}`, { credentials: 'include', ...init });
        got[`${name} ${path}`] =
          answer.type === 'opaque' ? 'opaque' : `${answer.status} ${await answer.text()}`;
      } catch {
        got[`${name} ${path}`] = 'refused';
      }
    };
    for (const path of paths) {
      await read('fetch', path, {});
      await read('fetch without cors', path, { mode: 'no-cors' });
      await read('post', path, { method: 'POST', mode: 'no-cors', body: '{"id":1,"method":"mutation"}' });
    }
    const element = async (make: () => HTMLElement): Promise<string> => {
      const made = make();
      const outcome = new Promise<string>((resolve) => {
        made.addEventListener('load', () => resolve('loaded'));
        made.addEventListener('error', () => resolve('refused'));
      });
      document.body.append(made);
      return await outcome;
    };
    got['image'] = await element(() =>
      Object.assign(document.createElement('img'), { src: `${origin}/icon-192.png` }),
    );
    got['script'] = await element(() =>
      Object.assign(document.createElement('script'), { src: `${origin}/first-look.js` }),
    );
    const frame = document.createElement('iframe');
    await element(() => Object.assign(frame, { src: `${origin}/` }));
    try {
      got['frame'] = frame.contentDocument?.body.textContent ?? 'refused';
    } catch {
      got['frame'] = 'refused';
    }
    const form = Object.assign(document.createElement('form'), {
      method: 'post',
      action: `${origin}/api`,
      target: 'sink',
    });
    const sink = Object.assign(document.createElement('iframe'), { name: 'sink' });
    document.body.append(form);
    await element(() => sink);
    const answered = new Promise((resolve) => sink.addEventListener('load', resolve, { once: true }));
    form.submit();
    await answered;
    const dial = async (protocols: string[]): Promise<string> =>
      await new Promise<string>((resolve) => {
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/api`, protocols);
        socket.addEventListener('open', () => resolve('open'));
        socket.addEventListener('error', () => resolve('refused'));
      });
    got['socket'] = await dial([]);
    const guess = 'A'.repeat(43);
    got['socket of the app'] = await dial(['kith', `kith-proof.${guess}.${guess}`]);
    return got;
  }, target);
}

function assertNothing(got: Record<string, string>): void {
  const lucky = Object.entries(got).filter(
    ([, what]) => !/^(refused|opaque|4\d\d |)$/.test(what) && !/^4\d\d [^<]*$/.test(what),
  );
  expect(lucky).toEqual([]);
}

inBrowser(
  'pages of somebody else',
  ({ stage, browser }) => {
    let friends: Friends;
    let site: { server: Server; port: number };
    beforeAll(async () => {
      site = await strangersSite();
      friends = await twoFriends(stage, browser());
    });
    afterAll(() => site.server.close());

    /** Everything that such a page would want to change. */
    async function state(): Promise<unknown> {
      const { api } = friends.ann;
      return {
        profile: await api.profile.get.query(),
        contacts: (await api.contacts.list.query()).map(({ id, name, state: standing }) => ({
          id,
          name,
          standing,
        })),
        settings: await api.settings.get.query(),
        browsers: (await api.node.browsers.query()).map(({ id }) => id),
        messages: await api.messages.history.query({ conversation: friends.conversation, limit: 50 }),
      };
    }

    test('the link signs in once, leaves no code behind and shows no script its cookie', async () => {
      const { page } = friends.ann;
      const { pathname, search, hash } = new URL(page.url());
      expect([pathname, search, hash]).toEqual(['/', '', '']);
      const cookies = await page.context().cookies();
      expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([
        { httpOnly: true, sameSite: 'Strict' },
      ]);
      expect(await page.evaluate('document.cookie')).toBe('');
    });

    test('a page on another port of this machine reads nothing and changes nothing', async () => {
      const { page } = friends.ann;
      const before = await state();
      const stranger = await page.context().newPage();
      await stranger.goto(`http://127.0.0.1:${site.port}/`);
      const { origin } = new URL(page.url());
      const got = await within(attack(stranger, origin), 'what the node answers a page of somebody else');
      assertNothing(got);
      expect(got).toMatchObject({
        socket: 'refused',
        'socket of the app': 'refused',
        image: 'refused',
        script: 'refused',
      });
      expect(await state()).toEqual(before);
      await stranger.close();
      // Whose page it is goes on.
      await openConversation(page, 'Ben');
    });

    test('a name that leads here gets nothing, from its own pages and as the name of the app', async () => {
      const { page } = friends.ann;
      const before = await state();
      const { port } = new URL(page.url());
      const stranger = await page.context().newPage();
      for (const target of [`http://${rebound}:${port}`, `http://127.0.0.1:${port}`]) {
        await stranger.goto(`http://${rebound}:${site.port}/`);
        assertNothing(
          await within(attack(stranger, target), `what ${target} answers a page of somebody else`),
        );
      }
      const answer = await stranger.goto(`http://${rebound}:${port}/`);
      expect(answer?.status()).toBe(421);
      expect(await stranger.evaluate(() => document.scripts.length)).toBe(0);
      expect(await state()).toEqual(before);
      await stranger.close();
    });

    test('the page may be loaded anew at any moment of signing in, and windows all at once', async () => {
      const { url } = await friends.ann.api.node.webLink.mutate();
      const context = await friends.ann.page.context().browser()?.newContext();
      if (context === undefined || url === null) throw new Error('there is a browser, and a page for it');
      const page = await context.newPage();
      const isIn = async (each: Page): Promise<void> =>
        await each.getByRole('heading', { name: 'Conversations' }).waitFor();
      // No script of it ran.
      await page.route('**/*.js', (route) => route.abort());
      await page.goto(url);
      expect(new URL(page.url()).hash).toMatch(/^#pairing=/);
      await page.unroute('**/*.js');
      // The node heard it, and the page never heard the node.
      let answers = 0;
      await page.route('**/session', async (route) => {
        answers += (await route.fetch()).status() === 200 ? 1 : 0;
        await route.abort();
      });
      await page.reload();
      await expect.poll(() => answers).toBeGreaterThan(0);
      expect(new URL(page.url()).hash).toBe('');
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.reload();
      await isIn(page);
      const windows = [page, await context.newPage(), await context.newPage()];
      for (let round = 0; round < 3; round++) {
        await Promise.all(windows.map(async (each) => await each.goto(new URL('/', url).href)));
        await Promise.all(windows.map(isIn));
      }
      // Through the app's worker, beside windows that are signed in: they follow by themselves.
      await page.evaluate(async () => void (await navigator.serviceWorker.ready));
      const keyOf = async (each: Page): Promise<string | null> =>
        await each.evaluate(() => localStorage.getItem('kith-session'));
      const before = await keyOf(page);
      const again = (await friends.ann.api.node.webLink.mutate()).url ?? '';
      await page.goto(again);
      await isIn(page);
      await expect.poll(async () => await keyOf(page)).not.toBe(before);
      await expect
        .poll(async () => await page.evaluate(() => localStorage.getItem('kith-pairing')))
        .toBeNull();
      await friends.ben.api.messages.send.mutate({ to: friends.conversation, text: 'Seen everywhere' });
      for (const each of windows) {
        await each.getByRole('link', { name: /Seen everywhere/ }).waitFor();
        expect(new URL(each.url()).hash).toBe('');
      }
      await context.close();
    });

    // The last, as it ends the node for a while.
    test('somebody who takes the port while the node is off is told no key, and is not taken for the node', async () => {
      const { ann } = friends;
      const { page } = ann;
      browser().allow([...nodeIsOff, /Failed to load resource/, /Clear-Site-Data/i]);
      const key = await page.evaluate(() => localStorage.getItem('kith-session'));
      expect(key).toMatch(/^[\w-]{43}$/);
      const { port } = new URL(page.url());
      await ann.node.child.kill('SIGKILL');
      const thief = await portThief(Number(port));
      await within(thief.tempted, 'the open window asks whoever has the port');
      await page
        .getByText(/^Kith is not running right now/)
        .or(page.getByText('not signed in'))
        .first()
        .waitFor();
      await thief.leave();
      expect(thief.heard.length).toBeGreaterThan(0);
      expect(thief.heard.join()).toContain((await page.context().cookies())[0]?.value);
      expect(thief.heard.join()).not.toContain(key);
      expect(thief.heard.join()).not.toMatch(/kith-proof|upgrade: websocket/i);
      expect(await page.evaluate(() => localStorage.getItem('kith-session'))).toBe(key);
      await ann.restart();
      await openConversation(page, 'Ben');
      const [cookie] = await page.context().cookies();
      const sent = {
        cookie: `${cookie?.name}=${cookie?.value}`,
        // Files of the app are asked for too, without a question.
        'kith-session': thief.questions.findLast((question) => question !== 'undefined') ?? '',
      };
      const asked = await fetch(`http://127.0.0.1:${port}/session`, { headers: sent });
      expect(asked.status, 'the node answers whoever has the cookie').toBe(200);
      expect(await asked.text()).not.toContain(key);
    });
  },
  [`--host-resolver-rules=MAP ${rebound} 127.0.0.1`],
);
