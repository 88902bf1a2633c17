/**
 * The way in, and who is kept out: a link that works once, a cookie that no script reads, and pages of somebody else in the same
 * browser, on another port of this machine or under a name that leads to it, which get nothing and change nothing.
 */
import { createServer, type Server } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { within } from '../deadline.ts';
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
    got['socket of the app'] = await dial(['kith', 'kith-key.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA']);
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
      expect(new URL(page.url()).search).toBe('');
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
  },
  [`--host-resolver-rules=MAP ${rebound} 127.0.0.1`],
);
