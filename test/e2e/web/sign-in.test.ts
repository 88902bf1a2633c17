/** The way in: a link that works once, and a cookie that no script reads. */
import { expect, test } from 'vitest';
import { inBrowser } from './web-stage.ts';

inBrowser('signing in with a browser', ({ stage, browser }) => {
  test('the link signs in once, leaves no code behind and shows no script its cookie', async () => {
    const ann = stage.home('ann');
    await ann.up(['--lan', 'off']);
    const page = await browser().open(ann);
    expect(new URL(page.url()).search).toBe('');
    const cookies = await page.context().cookies();
    expect(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite }))).toEqual([
      { httpOnly: true, sameSite: 'Strict' },
    ]);
    expect(await page.evaluate('document.cookie')).toBe('');
  });
});
