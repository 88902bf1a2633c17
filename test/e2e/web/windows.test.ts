/** Two windows of one person, a node that dies while somebody types, and the lock: what is typed and seen is the same everywhere, or nowhere. */
import { beforeAll, expect, test } from 'vitest';
import { nodeIsOff } from './browser.ts';
import { burst } from './bursts.ts';
import { keepNotifications, toldTo } from './notifications.ts';
import {
  composer,
  dismissToast,
  message,
  openConversation,
  spoken,
  untilTick,
  words,
  write,
} from './person.ts';
import { alterAnswers } from './screens/altered-answers.ts';
import { twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

inBrowser('windows, absence and the lock in a browser', ({ stage, browser }) => {
  let friends: Friends;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser());
    await openConversation(friends.ann.page, 'Ben');
  });

  test('what is typed while the node is killed is there when it is back, and goes out', async () => {
    const { ann, ben } = friends;
    const { page } = ann;
    browser().allow(nodeIsOff);
    await composer(page, 'Ben').pressSequentially('This was begun');
    await ann.node.child.kill('SIGKILL');
    await composer(page, 'Ben').pressSequentially(' and went on');
    await page.getByText(/^Kith is not running\. Go on writing/).waitFor();
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => await composer(page, 'Ben').inputValue())
      .toBe('This was begun and went on');
    await ann.restart();
    await page
      .getByText(/^Kith is not running/)
      .first()
      .waitFor({ state: 'detached' });
    expect(await composer(page, 'Ben').inputValue()).toBe('This was begun and went on');
    await page.keyboard.press('Enter');
    await untilTick(message(page, 'This was begun and went on'), /^(Delivered|Read)\./);
    await ben.page.getByRole('link', { name: /This was begun and went on/ }).waitFor();
  });

  test('what was not opened before opens also while the node is away', async () => {
    const { ann } = friends;
    const { page } = ann;
    browser().allow(nodeIsOff);
    await page.reload();
    await openConversation(page, 'Ben');
    // Of the first idle moment.
    const isLoaded = async (part: string): Promise<boolean> =>
      await page.evaluate(
        (name) => performance.getEntriesByType('resource').some((each) => each.name.includes(name)),
        part,
      );
    await expect
      .poll(async () => await Promise.all(['row-menu', 'health-panel', 'switcher'].map(isLoaded)))
      .toEqual([true, true, true]);
    await ann.node.child.kill('SIGKILL');
    await page.getByText(/^Kith is not running\. Go on writing/).waitFor();
    await page.getByRole('button', { name: /^Network: / }).click();
    await page.getByRole('dialog', { name: 'State of the network' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: words('^{}', 'Ben') }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Pin' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'Find or go to' }).waitFor();
    await page.keyboard.press('Escape');
    await ann.restart();
    await page
      .getByText(/^Kith is not running/)
      .first()
      .waitFor({ state: 'detached' });
  });

  test('a part of the frame that cannot be had stays out alone', async () => {
    const { page } = friends.ann;
    browser().allow([/net::ERR_FAILED/, /Failed to fetch dynamically imported module/, /could not be shown/]);
    const parts = /(row-menu|health-panel|switcher|motion-features)[^/]*[.]js/;
    const uncaught: string[] = [];
    page.on('pageerror', ({ message }) => uncaught.push(message));
    // The worker has kept them.
    await page.evaluate(async () => {
      for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
      for (const name of await caches.keys()) await caches.delete(name);
    });
    await page.route(parts, (route) => route.abort());
    await page.reload();
    await openConversation(page, 'Ben');
    const dot = page.getByRole('button', { name: /^Network: / });
    const row = page.getByRole('link', { name: words('^{}', 'Ben') });
    // Each of them is asked for, cannot be had, and is told of where nothing else says so.
    const asks = [
      async () => await dot.click(),
      async () => await row.click({ button: 'right' }),
      async () => await page.keyboard.press('Control+K'),
    ];
    for (const ask of asks) {
      const told = page.waitForEvent('console', {
        predicate: (said) => /could not be shown/.test(said.text()),
      });
      await ask();
      await told;
      await page.getByText('This could not be loaded. Load the page again.').first().waitFor();
      await dismissToast(page);
    }
    // The frame and the page in it go on.
    await row.waitFor();
    await page.getByRole('textbox', { name: /^Message / }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(uncaught).toEqual([]);
    await page.unroute(parts);
    await page.reload();
    await openConversation(page, 'Ben');
  });

  test('two windows show the same draft, messages, read state and theme', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    const beside = await browser().openBeside(page);
    await openConversation(beside, 'Ben');
    await composer(page, 'Ben').fill('A thought');
    await expect.poll(async () => await composer(beside, 'Ben').inputValue()).toBe('A thought');
    await beside.goto(new URL('/settings/appearance', beside.url()).href);
    await beside.getByRole('radio', { name: 'Dark' }).click();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await composer(page, 'Ben').fill('');
    await write(page, 'Ben', 'From the first window');
    await beside.goto(new URL('/', beside.url()).href);
    await beside.getByRole('link', { name: /From the first window/ }).waitFor();
    await page.goto(new URL('/card', page.url()).href);
    await ben.api.messages.send.mutate({ to: conversation, text: 'Unread in both' });
    const counts = [page, beside].map((each) =>
      each.getByRole('link', { name: 'Conversations, 1 unread message' }),
    );
    await Promise.all(counts.map((count) => count.waitFor()));
    await page.getByRole('link', { name: /Unread in both/ }).click();
    await message(page, 'Unread in both').waitFor();
    await Promise.all(counts.map((count) => count.waitFor({ state: 'detached' })));
    await beside.close();
  });

  test('what one window looks at is told by none; what none looks at is told once', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    await ann.api.settings.set.mutate({ notifications: true, notificationContent: 'full' });
    await page.goto(new URL('/settings/notifications', page.url()).href);
    await page.getByRole('switch', { name: 'Tell me about new messages', checked: true }).waitFor();
    const beside = await browser().openBeside(page);
    await openConversation(beside, 'Ben');
    for (const each of [page, beside]) await keepNotifications(each);
    await ben.api.messages.send.mutate({ to: conversation, text: 'Looked at beside' });
    await message(beside, 'Looked at beside').waitFor();
    await beside
      .getByRole('link', { name: /^Settings/ })
      .first()
      .click();
    await composer(beside, 'Ben').waitFor({ state: 'detached' });
    await ben.api.messages.send.mutate({ to: conversation, text: 'Not looked at' });
    const told = async (): Promise<unknown[]> => [...(await toldTo(page)), ...(await toldTo(beside))];
    await expect.poll(told).toEqual([{ title: 'Ben', body: 'Not looked at' }]);
    await beside.close();
  });

  test('a name that is typed on while it is saved stays, and one from elsewhere comes where nobody typed', async () => {
    const { api, page } = friends.ann;
    const saved = Promise.withResolvers<void>();
    const beside = await browser().openBeside(page, '/settings/profile', async (each) =>
      alterAnswers(each, () => ({ 'profile.setName': { heldUntil: saved.promise } })),
    );
    const field = beside.getByRole('textbox', { name: 'Name', exact: true });
    await field.fill('Anna');
    await field.press('Enter');
    await beside.keyboard.type(' Bee');
    saved.resolve();
    await beside.getByText(/^Saved\. /).waitFor();
    expect(await field.inputValue()).toBe('Anna Bee');
    expect(await field.evaluate((each) => each === document.activeElement)).toBe(true);
    await dismissToast(beside);
    await beside.getByRole('button', { name: 'Save' }).click();
    await beside.getByText(/^Saved\. /).waitFor();
    await field.and(beside.locator(':focus')).waitFor();
    expect((await api.profile.get.query()).name).toBe('Anna Bee');
    await api.profile.setName.mutate({ name: 'Ann' });
    await expect.poll(async () => await field.inputValue()).toBe('Ann');
    await beside.close();
  });

  test('behind the PIN nothing is on the page, in no window, and notifications say nothing', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    await page.goto(new URL('/settings/lock', page.url()).href);
    await page.getByRole('button', { name: 'Set a PIN' }).click();
    await page.getByRole('textbox', { name: 'New PIN' }).or(page.getByLabel('New PIN')).first().fill('2468');
    await page.getByLabel('Once more').fill('2468');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Lock now' }).waitFor();
    const beside = await browser().openBeside(page);
    await openConversation(beside, 'Ben');
    await message(beside, 'Unread in both').waitFor();
    await ann.api.settings.set.mutate({ notifications: true, notificationContent: 'full' });
    await keepNotifications(page);
    await ben.api.messages.send.mutate({ to: conversation, text: 'Read aloud' });
    await spoken(beside, 'Read aloud').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Lock now' }).click();
    await Promise.all([page, beside].map((each) => each.getByRole('heading', { name: 'Locked' }).waitFor()));
    await ben.api.messages.send.mutate({ to: conversation, text: 'A secret word' });
    await expect.poll(async () => await toldTo(page)).toEqual([{ title: 'Kith', body: 'New message' }]);
    for (const each of [page, beside]) {
      const shown = await each.evaluate(() => `${document.title} ${document.documentElement.outerHTML}`);
      expect(shown).not.toMatch(/Ben|Unread in both|Read aloud|secret/);
      await each.reload();
      await each.getByRole('heading', { name: 'Locked' }).waitFor();
    }
    // Nor where the node does not tell whether there is a PIN. Once it says that there is none, the page opens by itself.
    let known = false;
    const unsure = await browser().openBeside(page, '/', async (each) =>
      alterAnswers(each, () => ({
        'settings.get': known ? (settings) => ({ ...settings, hasPin: false }) : { fails: 'busy' },
      })),
    );
    await unsure.getByRole('heading', { name: 'Locked' }).waitFor();
    expect(await unsure.evaluate(() => document.documentElement.outerHTML)).not.toMatch(/Ben|secret/);
    known = true;
    await unsure.getByRole('link', { name: /A secret word/ }).waitFor();
    await unsure.close();
    const firstSteps = await browser().openBeside(page, '/welcome');
    await firstSteps.getByRole('heading', { name: 'Locked' }).waitFor();
    await firstSteps.close();
    await page.getByLabel('PIN').fill('1111');
    // The right one, while the wrong one is checked.
    await burst(page, ['Enter', '2468']);
    await page.getByText('This PIN is wrong.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Lock now' }).waitFor();
    await message(beside, 'A secret word').waitFor();
    // Nor for whoever was away for long, where the node does not tell after how long nothing is to be seen.
    await page.evaluate(() => localStorage.setItem('kith.touched', String(Date.now() - 3_600_000)));
    const away = await browser().openBeside(page, '/', async (each) =>
      alterAnswers(each, () => ({ 'settings.get': { fails: 'busy' } })),
    );
    await away.getByRole('heading', { name: 'Locked' }).waitFor();
    expect(await away.evaluate(() => document.documentElement.outerHTML)).not.toMatch(/Ben|secret/);
    await away.close();
    expect(await composer(beside, 'Ben').count()).toBe(1);
    await beside
      .getByRole('main')
      .getByRole('button', { name: words('^{}', 'Ben') })
      .first()
      .waitFor();
  });
});
