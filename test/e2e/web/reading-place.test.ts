/** Goal: who read something older and went elsewhere in the app comes back to it; who was at the end, or has unread messages, to those. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { composer, message, openConversation, words } from './person.ts';
import { befriend, person, twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

interface Seen {
  id: string;
  topPx: number;
}

/** The first message in sight, once two pictures in a row agree. */
async function firstInSight(page: Page, place = page.getByRole('log'), mark = 'data-message'): Promise<Seen> {
  return await place.evaluate(async (log, attribute) => {
    const look = async (): Promise<{ id: string; topPx: number }> =>
      await new Promise((resolve) => {
        requestAnimationFrame(() => {
          const { top } = log.getBoundingClientRect();
          const rows = [...log.querySelectorAll(`[${attribute}]`)];
          const first = rows.find((row) => row.getBoundingClientRect().bottom > top + 1);
          resolve({
            id: first?.getAttribute(attribute) ?? '',
            topPx: Math.round((first?.getBoundingClientRect().top ?? 0) - top),
          });
        });
      });
    let before = await look();
    for (let at = 0; at < 90; at += 1) {
      const now = await look();
      if (now.id === before.id && now.topPx === before.topPx && at > 20) return now;
      before = now;
    }
    throw new Error('it does not come to rest');
  }, mark);
}

const latest = (page: Page) => page.getByRole('button', { name: 'Jump to the latest message' });

inBrowser('the place where one was reading', ({ stage, browser }) => {
  let friends: Friends;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser(), { viewport: { width: 1440, height: 900 } });
    const { ann, conversation } = friends;
    await befriend(await person(stage.home('Cleo')), ann, 'Cleo');
    for (let at = 0; at < 150; at += 1) {
      const text = `Message ${String(at)} ${'and some more words '.repeat((at * 7) % 23)}`;
      await ann.api.messages.send.mutate({ to: conversation, text: text.trim() });
    }
    await ann.page.reload();
    await openConversation(ann.page, 'Ben');
    await message(ann.page, 'Message 149').waitFor();
  });

  async function scrollUp(page: Page): Promise<Seen> {
    const log = page.getByRole('log');
    await firstInSight(page);
    await log.hover();
    await page.mouse.wheel(0, -850);
    await latest(page).waitFor();
    await firstInSight(page);
    await page.mouse.wheel(0, -1_450);
    return await firstInSight(page);
  }

  async function expectAt(page: Page, place: Seen): Promise<void> {
    await composer(page, 'Ben').waitFor();
    const { id, topPx } = await firstInSight(page);
    expect(id).toBe(place.id);
    expect(Math.abs(topPx - place.topPx)).toBeLessThanOrEqual(3);
  }

  const main = (page: Page) => page.getByRole('main');

  test('is come back to from the person, the search, the settings and another conversation', async () => {
    const { page } = friends.ann;
    const place = await scrollUp(page);
    await main(page)
      .getByRole('button', { name: words('^{}', 'Ben') })
      .first()
      .click();
    await page.getByRole('button', { name: 'Verify' }).waitFor();
    await page.goBack();
    await expectAt(page, place);
    await page.keyboard.press('Control+F');
    await page.getByRole('searchbox', { name: 'Search in messages' }).waitFor();
    await page.goBack();
    await expectAt(page, place);
    await page.keyboard.press('Control+,');
    await page.getByRole('navigation', { name: 'Settings' }).waitFor();
    await page.goBack();
    await expectAt(page, place);
    await openConversation(page, 'Cleo');
    await openConversation(page, 'Ben');
    await expectAt(page, place);
    await page.goBack();
    await composer(page, 'Cleo').waitFor();
    await page.goForward();
    await expectAt(page, place);
  });

  test('is the end for who was there', async () => {
    const { page } = friends.ann;
    await latest(page).click();
    await latest(page).waitFor({ state: 'detached' });
    await firstInSight(page);
    await openConversation(page, 'Cleo');
    await page.goBack();
    await composer(page, 'Ben').waitFor();
    await message(page, 'Message 149').waitFor();
    await firstInSight(page);
    expect(await latest(page).count()).toBe(0);
  });

  test('among what a search found is come back to as well, with the focus on what was opened', async () => {
    const { page } = friends.ann;
    await page.keyboard.press('Control+F');
    await page.getByRole('searchbox', { name: 'Search in messages' }).fill('message');
    await page.getByText(/^\d+ messages found/).waitFor();
    const results = page.getByRole('region', { name: 'Search in messages' });
    const hit = results.locator('[data-result]');
    // What scrolls.
    const list = results.locator('div:has(> div > div > div > [data-result])');
    await hit.first().hover();
    await page.mouse.wheel(0, 1_234);
    const before = await firstInSight(page, list, 'data-result');
    await hit.filter({ hasText: /Message 130 / }).click();
    await page
      .getByRole('log')
      .getByText(/^Message 130 /)
      .waitFor();
    await page.goBack();
    await hit.first().waitFor();
    const after = await firstInSight(page, list, 'data-result');
    expect(after.id).toBe(before.id);
    expect(Math.abs(after.topPx - before.topPx)).toBeLessThanOrEqual(3);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/Message 130 /);
  });

  test('is chosen by its day, where there is one', async () => {
    const { page } = friends.ann;
    for (const [name, isNone] of [
      ['Cleo', true],
      ['Ben', false],
    ] as const) {
      await openConversation(page, name);
      await page.getByRole('button', { name: 'More about this conversation' }).click();
      await page.getByRole('menuitem', { name: 'Jump to a date', disabled: isNone }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
    }
  });

  test('gives way to what is unread, and to a message that the address names', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    await openConversation(page, 'Ben');
    const { id } = await scrollUp(page);
    await openConversation(page, 'Cleo');
    await ben.api.messages.send.mutate({ to: conversation, text: 'News' });
    await page.getByRole('link', { name: /News/ }).waitFor();
    await openConversation(page, 'Ben');
    await page.getByRole('log').getByText('1 new message', { exact: true }).waitFor();
    await message(page, 'News').waitFor();
    await scrollUp(page);
    await openConversation(page, 'Cleo');
    const [, second] = (await ann.api.messages.history.query({ conversation, limit: 140 })).slice(-2);
    expect(second?.id).not.toBe(id);
    await page.evaluate((path) => history.pushState({}, '', path), `/c/${conversation}#${second?.id ?? ''}`);
    await composer(page, 'Ben').waitFor();
    await page.locator(`[data-message="${second?.id ?? ''}"]`).waitFor();
  });
});
