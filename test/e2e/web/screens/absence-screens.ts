/** What stands in the app's place, or above it, while the node is away or does not know this browser. */
import type { Page } from 'playwright-core';
import { nodeIsOff } from '../browser.ts';
import { words } from '../person.ts';
import { heading, text, type Screen } from './screen.ts';
import type { ScreenWorld } from './screen-world.ts';

const noise = [...nodeIsOff, /401/, /503/, /WebSocket/, /404.*favicon\.ico/, /Failed to (load|fetch)/];
const restart = async (_: Page, { ada }: ScreenWorld): Promise<void> => await ada.restart();

/** Runs in the page, before its script. */
function withoutCrypto(): void {
  Object.defineProperty(crypto, 'subtle', { value: undefined });
}

async function signOut(page: Page, { ann }: ScreenWorld): Promise<void> {
  await page.getByRole('heading', { name: 'Conversations' }).waitFor();
  // The newest is named first.
  const [browser] = await ann.api.node.browsers.query();
  await ann.api.node.signOut.mutate({ id: browser?.id ?? '' });
  await heading('This browser is not signed in')(page);
}

export const absenceScreens: readonly Screen[] = [
  {
    name: 'the app while it starts',
    path: '/',
    answers: { 'settings.get': 'silence' },
    ready: async (page) =>
      await page.getByRole('img', { name: 'Loading' }).first().waitFor({ state: 'attached' }),
  },
  {
    name: 'a page that broke',
    path: '/',
    fresh: {
      options: { serviceWorkers: 'block' },
      before: async (page) => await page.route(/add-page/, async (route) => await route.abort()),
    },
    noise: [/Failed to/, /add-page/, /ERR_FAILED/, /The app failed while drawing/],
    ready: async (page) => {
      await page.getByRole('button', { name: 'Add somebody' }).first().click();
      await heading('This page stumbled')(page);
    },
  },
  {
    name: 'a node that went away',
    of: 'ada',
    path: '/c/:with-ada-chidi',
    noise,
    async ready(page, { ada }) {
      await page.getByRole('article').last().waitFor();
      await page.evaluate(async () => void (await navigator.serviceWorker.ready));
      await ada.node.stop();
      await text('Kith is not running right now')(page);
      await text('Kith is not running. Go on writing')(page);
    },
    leave: async (page, world) => {
      await restart(page, world);
      // A narrow window shows no list beside the conversation.
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.getByRole('link', { name: words('^{}', 'Chidi Okafor') }).waitFor();
    },
  },
  {
    name: 'the app opened without a node',
    of: 'ada',
    path: '/',
    noise,
    async ready(page, { ada }) {
      await page.evaluate(async () => void (await navigator.serviceWorker.ready));
      await ada.node.stop();
      await page.reload();
      await heading('Kith is not running')(page);
    },
    leave: restart,
  },
  {
    name: 'too many windows',
    path: '/',
    fresh: {
      before: async (page) =>
        await page.route('**/session', async (route) => await route.fulfill({ status: 503 })),
    },
    noise,
    ready: heading('One moment'),
  },
  {
    name: 'a browser without cryptography',
    path: '/',
    fresh: { before: async (page) => await page.addInitScript(withoutCrypto) },
    noise,
    ready: heading('This browser cannot open Kith'),
  },
  { name: 'a browser that was signed out', path: '/', fresh: {}, noise, ready: signOut },
  {
    name: 'the page for whoever is not signed in',
    path: '/',
    fresh: {},
    noise,
    async ready(page, world) {
      await signOut(page, world);
      await page.reload();
      await text(/this browser is not signed in to it/)(page);
    },
  },
];
