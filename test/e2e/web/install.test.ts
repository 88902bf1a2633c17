/** The app can be installed: the browser itself finds nothing that it lacks, and it opens also without the node. */
import { expect, test } from 'vitest';
import { nodeIsOff } from './browser.ts';
import { person } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

inBrowser('installing the app', ({ stage, browser }) => {
  test('the browser would offer it, by name and icon', async () => {
    const { home } = await person(stage.home('Ann'));
    const page = await browser().open(home);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const session = await page.context().newCDPSession(page);
    const { url, errors, data } = await session.send('Page.getAppManifest');
    expect(new URL(url).pathname).toBe('/app.webmanifest');
    expect(errors).toEqual([]);
    expect(JSON.parse(data ?? '{}')).toMatchObject({ name: 'Kith', display: 'standalone' });
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // A window without a history of its own is never offered: that is about the test's browser, not the app.
    const lacking = installabilityErrors.map(({ errorId }) => errorId);
    expect(lacking.filter((each) => each !== 'in-incognito')).toEqual([]);
  });

  test('without the node it opens, but not where somebody leads it with a secret of theirs', async () => {
    const { home, node } = await person(stage.home('Ben'));
    const page = await browser().open(home);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const { origin } = new URL(page.url());
    browser().allow([...nodeIsOff, /net::ERR_FAILED/]);
    await node.child.kill('SIGKILL');
    const beside = await browser().openBeside(page);
    await beside.getByRole('heading', { name: 'Kith is not running' }).waitFor();
    const led = await page.context().newPage();
    await expect(led.goto(`${origin}/#pairing=${'A'.repeat(43)}`)).rejects.toThrow(/net::ERR_/);
    // Whoever takes the port now could prove that he knows it.
    expect(await beside.evaluate(() => localStorage.getItem('kith-pairing'))).toBeNull();
  });
});
