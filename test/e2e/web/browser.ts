/**
 * A real browser before real nodes: Chromium as the system has it, a profile of its own for each person. Every request it makes,
 * every word on its console and every breach of the page's policy is kept, and {@link BrowserStage.assertQuiet} fails on what should not be.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { expect } from 'vitest';
import { patienceMs } from '../deadline.ts';
import type { Home, Stage } from '../node-process.ts';

/** Where Debian and its like put it. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const chromiumPath: string | undefined = places.find((place) => existsSync(place));
export const chromiumMissing = 'needs chromium (apt-get install chromium)';

/** Without these it looks up names and hosts of its maker at every start. */
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface BrowserStage {
  /** A window that nobody used before, signed in to that node. */
  open: (home: Home, options?: BrowserContextOptions) => Promise<Page>;
  /** A second window of the same browser profile. */
  openBeside: (page: Page) => Promise<Page>;
  /** What should not have happened did not: other hosts, errors on the console, breaches of the policy. */
  assertQuiet: () => void;
  /** Closes every window and forgets what they did. Before their nodes end, or they look for them. */
  clear: () => Promise<void>;
  /** Pictures of all windows, into a folder: for the report of a failed test. */
  pictures: (folder: string) => Promise<void>;
  close: () => Promise<void>;
}

/** @param allowed - words of console errors that a test causes on purpose. */
export async function openBrowser(allowed: readonly RegExp[] = []): Promise<BrowserStage> {
  const browser = await launch();
  const contexts: BrowserContext[] = [];
  const strange: string[] = [];
  const watch = (page: Page, origin: () => string): void => {
    page.setDefaultTimeout(patienceMs);
    page.on('pageerror', (error) => strange.push(`error on the page: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      const words = message.text();
      if (message.type() !== 'error' || allowed.some((each) => each.test(words))) return;
      strange.push(`console: ${words} (${message.location().url})`);
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (['blob:', 'data:'].includes(url.protocol) || url.origin === origin()) return;
      strange.push(`request to ${request.url()}`);
    });
  };
  return {
    async open(home, options = {}) {
      const connection = await home.connect();
      const { url } = await connection.api.node.webLink.mutate();
      await connection.close();
      if (url === null) throw new Error(`${home.name} serves no page`);
      const context = await browser.newContext(options);
      contexts.push(context);
      const page = await context.newPage();
      watch(page, () => new URL(url).origin);
      await page.goto(url);
      return page;
    },
    async openBeside(page) {
      const beside = await page.context().newPage();
      const { origin } = new URL(page.url());
      watch(beside, () => origin);
      await beside.goto(origin);
      return beside;
    },
    assertQuiet: () => expect(strange, 'what the browser did that it should not').toEqual([]),
    async clear() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      strange.length = 0;
    },
    async pictures(folder) {
      const pages = contexts.flatMap((context) => context.pages());
      await Promise.all(
        pages.map((page, index) => page.screenshot({ path: join(folder, `window-${index + 1}.png`) })),
      );
    },
    close: async () => browser.close(),
  };
}

/** After each test. Pictures of the windows of one that failed lie in `KITH_PICTURES`, where that names a folder. */
export async function endTest(
  task: { name: string; result?: { state: string } | undefined },
  browser: BrowserStage,
  stage: Stage,
): Promise<void> {
  const folder = process.env['KITH_PICTURES'];
  if (folder !== undefined && task.result?.state === 'fail') {
    const own = join(folder, task.name.replaceAll(/\W+/g, '-').slice(0, 60));
    mkdirSync(own, { recursive: true });
    await browser.pictures(own);
  }
  await browser.clear();
  await stage.clear();
}

async function launch(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(chromiumMissing);
  // Chromium's own walls need rights that a container's root does not have.
  return await chromium.launch({
    executablePath: chromiumPath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: flags,
  });
}
