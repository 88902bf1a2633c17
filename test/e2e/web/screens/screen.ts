/** A screen of the app as data: where it is, and what is done there until it stands. One list of them is pictured and judged. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { act, message } from '../person.ts';
import type { Altered } from './altered-answers.ts';
import type { ScreenWorld } from './screen-world.ts';

/** Nora has taken no step yet, Ann has one friend, Ada has had many for long. */
export type Owner = 'nora' | 'ann' | 'ada';

export interface Screen {
  /** Unique, in a few plain words: `the ledger of a message`. */
  name: string;
  /** Ann's where it is left out. */
  of?: Owner;
  /** Where it is; names of `ScreenWorld.places` are filled in: `/c/:with-ben`. */
  path: string;
  /** What the node is made to say, where it does not say it by itself. */
  answers?: Altered;
  /** In a browser that nobody used before: what that one is. `before` it goes anywhere, something is done to its page. */
  fresh?: { options?: BrowserContextOptions; before?: (page: Page) => Promise<unknown> };
  /** What is done there before it is looked at. Resolves when it stands. */
  ready: (page: Page, world: ScreenWorld) => Promise<void>;
  /** Puts back what that changed beyond the page. */
  leave?: (page: Page, world: ScreenWorld) => Promise<void>;
  /** Its place comes from where it was asked for, so pictures of other sizes are of another asking. */
  isPlaced?: boolean;
  /** What the browser says on its console because of it. */
  noise?: readonly RegExp[];
}

export type Ready = (page: Page) => Promise<void>;

export function heading(name: string | RegExp): Ready {
  return async (page) => await page.getByRole('heading', { name }).first().waitFor();
}

export function dialog(name: string | RegExp): Ready {
  return async (page) => await page.getByRole('dialog', { name }).waitFor();
}

export function text(words: string | RegExp): Ready {
  return async (page) => await page.getByText(words).first().waitFor();
}

/** What was just done, one after the other. */
export function each(...steps: readonly Ready[]): Ready {
  return async (page) => {
    for (const step of steps) await step(page);
  };
}

export function press(name: string | RegExp): Ready {
  return async (page) => await page.getByRole('button', { name }).first().click();
}

export function choose(name: string | RegExp): Ready {
  return async (page) => {
    const entry = page.getByRole('menuitem', { name });
    await entry.or(page.getByRole('menuitemradio', { name })).click();
  };
}

/** The talk with Ben, down to its newest message. */
export async function inTalk(page: Page): Promise<void> {
  await message(page, 'inline code').waitFor();
  await page.getByRole('button', { name: 'Emoji', exact: true }).waitFor();
}

export function actOn(words: string, name: string): Ready {
  return async (page) => await act(message(page, words), name);
}
