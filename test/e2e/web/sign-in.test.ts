/** The way in: a link that works once, and a cookie that no script reads. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { skipAloud } from '../../skip.ts';
import { createStage } from '../node-process.ts';
import { chromiumMissing, chromiumPath, endTest, openBrowser, type BrowserStage } from './browser.ts';

if (chromiumPath === undefined) skipAloud('signing in with a browser', chromiumMissing);
else {
  const stage = createStage();
  let browser: BrowserStage;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async ({ task }) => {
    await endTest(task, browser, stage);
  });
  afterAll(async () => browser.close());

  test('the link signs in once, leaves no code behind and shows no script its cookie', async () => {
    const ann = stage.home('ann');
    await ann.up(['--lan', 'off']);
    const page = await browser.open(ann);
    expect(new URL(page.url()).search).toBe('');
    const cookies = await page.context().cookies();
    expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([
      { httpOnly: true, sameSite: 'Strict' },
    ]);
    expect(await page.evaluate('document.cookie')).toBe('');
    browser.assertQuiet();
  });
}
