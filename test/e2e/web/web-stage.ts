/**
 * What every file of tests in a browser begins with: one browser, and nodes that live as long as the file, because starting them is
 * most of the time. After each test the browser has to have been quiet; pictures of the windows of one that failed lie in
 * `KITH_PICTURES`, where that names a folder.
 *
 * @example
 * inBrowser('conversations in a browser', ({ stage, browser }) => {
 *   let friends: Friends;
 *   beforeAll(async () => {
 *     friends = await twoFriends(stage, browser());
 *   });
 *   test('…', async () => …);
 * });
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { skipAloud } from '../../skip.ts';
import { createStage, type Stage } from '../node-process.ts';
import { chromiumMissing, chromiumPath, openBrowser, type BrowserStage } from './browser.ts';

export interface WebStage {
  stage: Stage;
  /** There from the first hook on. */
  browser: () => BrowserStage;
}

/** @param about - Said where no browser is there to run them. */
export function inBrowser(
  about: string,
  tests: (web: WebStage) => void,
  extraFlags: readonly string[] = [],
): void {
  if (chromiumPath === undefined) {
    skipAloud(about, chromiumMissing);
    return;
  }
  const stage = createStage();
  let opened: BrowserStage | undefined;
  const browser = (): BrowserStage => {
    if (opened === undefined) throw new Error('the browser opens before the tests');
    return opened;
  };
  beforeAll(async () => {
    opened = await openBrowser(extraFlags);
  });
  afterEach(async ({ task }) => {
    const folder = process.env['KITH_PICTURES'];
    if (folder !== undefined && task.result?.state === 'fail') {
      const own = join(folder, task.name.replaceAll(/\W+/g, '-').slice(0, 60));
      mkdirSync(own, { recursive: true });
      await browser().pictures(own);
    }
    browser().assertQuiet();
  });
  afterAll(async () => {
    await opened?.close();
    await stage.clear();
  });
  tests({ stage, browser });
}
