/**
 * A real browser before real nodes: Chromium as the system has it, a profile of its own for each person. Every request it makes,
 * every word on its console and every breach of the page's policy is kept, and {@link BrowserStage.assertQuiet} fails on what should not be.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { patienceMs } from '../deadline.ts';
import type { Home } from '../node-process.ts';

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

/** What the browser itself says on the console while a node is off. */
export const nodeIsOff: readonly RegExp[] = [
  /net::ERR_CONNECTION_(REFUSED|RESET|CLOSED)/,
  /net::ERR_EMPTY_RESPONSE/,
  /An unknown error occurred when fetching the script/,
];

export interface BrowserStage {
  /** A window that nobody used before, signed in to that node. `before` it goes anywhere, something may be done to it. */
  open: (
    home: Home,
    options?: BrowserContextOptions,
    before?: (page: Page) => Promise<unknown>,
  ) => Promise<Page>;
  /** A second window of the same browser profile, at that path. `before` it goes there, something may be done to it. */
  openBeside: (page: Page, path?: string, before?: (page: Page) => Promise<unknown>) => Promise<Page>;
  /** Words on the console that the running test causes on purpose. */
  allow: (words: readonly RegExp[]) => void;
  /** What should not have happened did not: other hosts, errors on the console, breaches of the policy. Forgets what was kept. */
  assertQuiet: () => void;
  /** Pictures of all windows, into a folder: for the report of a failed test. */
  pictures: (folder: string) => Promise<void>;
  /** Before the nodes end, or the windows look for them. */
  close: () => Promise<void>;
}

/**
 * @param extraFlags - Of the browser's command line.
 * @param executable - What starts it, where that is not the browser itself.
 */
export async function openBrowser(
  extraFlags: readonly string[] = [],
  executable: string | undefined = chromiumPath,
): Promise<BrowserStage> {
  const browser = await launch(extraFlags, executable);
  const strange: string[] = [];
  let allowed: readonly RegExp[] = [];
  const watch = (page: Page, origin: () => string): void => {
    page.setDefaultTimeout(patienceMs);
    // A failed import has no stack, and it is empty then.
    page.on('pageerror', ({ name, message, stack = '' }) =>
      strange.push(`error on the page: ${name}: ${message} ${stack}`),
    );
    page.on('console', (message) => {
      if (message.type() === 'error') strange.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (['blob:', 'data:'].includes(url.protocol) || url.origin === origin()) return;
      strange.push(`request to ${request.url()}`);
    });
  };
  return {
    async open(home, options = {}, before = async () => undefined) {
      const connection = await home.connect();
      const { url } = await connection.api.node.webLink.mutate();
      await connection.close();
      if (url === null) throw new Error(`${home.name} serves no page`);
      const context = await browser.newContext(options);
      const page = await context.newPage();
      watch(page, () => new URL(url).origin);
      await before(page);
      await page.goto(url);
      // Signed in and drawn: who goes elsewhere before the page's script runs takes from it what its key is made of.
      await page.getByRole('heading').or(page.getByRole('textbox')).first().waitFor();
      return page;
    },
    async openBeside(page, path = '/', before = async () => undefined) {
      const beside = await page.context().newPage();
      const { origin } = new URL(page.url());
      watch(beside, () => origin);
      await before(beside);
      await beside.goto(new URL(path, origin).href);
      return beside;
    },
    allow: (words) => {
      allowed = words;
    },
    assertQuiet() {
      const said = strange.splice(0).filter((each) => !allowed.some((words) => words.test(each)));
      allowed = [];
      expect(said, 'what the browser did that it should not').toEqual([]);
    },
    async pictures(folder) {
      const pages = browser.contexts().flatMap((context) => context.pages());
      await Promise.all(
        pages.map((page, index) => page.screenshot({ path: join(folder, `window-${index + 1}.png`) })),
      );
    },
    close: async () => browser.close(),
  };
}

async function launch(extraFlags: readonly string[], executablePath: string | undefined): Promise<Browser> {
  if (executablePath === undefined) throw new Error(chromiumMissing);
  // Chromium's own walls need rights that a container's root does not have.
  return await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...flags, ...extraFlags],
  });
}
