/** Goal: what the reader looks at does not move: the newest message stays in sight for whoever is there, whatever becomes of the window. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { composer, message, openConversation } from './person.ts';
import { twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

/** How far the end of the list is below what is seen, in pixels, once two pictures in a row agree. */
async function belowSight(page: Page): Promise<number> {
  return await page.getByRole('log').evaluate(async (log) => {
    const picture = async (): Promise<number> =>
      await new Promise((resolve) => {
        requestAnimationFrame(() => resolve(log.scrollHeight - log.scrollTop - log.clientHeight));
      });
    let before = await picture();
    for (let at = 0; at < 60; at += 1) {
      const now = await picture();
      if (now === before && at > 10) return now;
      before = now;
    }
    return Number.NaN;
  });
}

inBrowser('the end of a conversation', ({ stage, browser }) => {
  let friends: Friends;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser(), { viewport: { width: 1440, height: 900 } });
    const { ann, conversation } = friends;
    for (let at = 0; at < 40; at += 1) {
      const text = `Message ${String(at)} ${'and some more words '.repeat((at * 7) % 23)}`;
      await ann.api.messages.send.mutate({ to: conversation, text: text.trim() });
    }
    await openConversation(ann.page, 'Ben');
    await message(ann.page, 'Message 39').waitFor();
  });

  test('stays in sight when the window is made narrow, low, wide and high', async () => {
    const { page } = friends.ann;
    const sizes = [
      { width: 900, height: 800 },
      { width: 390, height: 844 },
      { width: 390, height: 400 },
      { width: 390, height: 844 },
      { width: 844, height: 390 },
      { width: 360, height: 740 },
      { width: 1440, height: 900 },
      { width: 640, height: 400 },
    ];
    const left: number[] = [];
    for (const size of sizes) {
      await page.setViewportSize(size);
      left.push(await belowSight(page));
    }
    expect(left.map((px) => px <= 4)).toEqual(sizes.map(() => true));
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('stays in sight when the composer grows', async () => {
    const { page } = friends.ann;
    await composer(page, 'Ben').fill('a\nb\nc\nd\ne\nf');
    expect(await belowSight(page)).toBeLessThanOrEqual(4);
    await composer(page, 'Ben').fill('');
    expect(await belowSight(page)).toBeLessThanOrEqual(4);
  });

  test('stands still while something is pressed: the click is for what was pressed', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    const row = message(page, 'Message 39');
    await row.hover();
    const reply = row.getByRole('button', { name: 'Reply' });
    const box = await reply.boundingBox();
    if (box === null) throw new Error('it is not on the screen');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    for (const text of ['In between', 'And another']) {
      await ben.api.messages.send.mutate({ to: conversation, text });
      await message(page, text).waitFor({ state: 'attached' });
    }
    expect(await reply.boundingBox()).toEqual(box);
    await page.mouse.up();
    await page.getByRole('button', { name: /^Replying to yourself ?Message 39/ }).waitFor();
    await message(page, 'And another').waitFor();
    expect(await belowSight(page)).toBeLessThanOrEqual(4);
    await composer(page, 'Ben').press('Escape');
  });

  test('is left by whoever reads something older, and what they read stays in sight', async () => {
    const { ann, conversation } = friends;
    const { page } = ann;
    await page.getByRole('log').hover();
    await page.mouse.wheel(0, -900);
    await page.getByRole('button', { name: 'Jump to the latest message' }).waitFor();
    const inSight = async (): Promise<string[]> => {
      await belowSight(page);
      return await page.getByRole('log').evaluate((log) => {
        const { top, bottom } = log.getBoundingClientRect();
        return [...log.querySelectorAll('[data-message]')]
          .filter(
            (row) => row.getBoundingClientRect().top < bottom && row.getBoundingClientRect().bottom > top,
          )
          .map((row) => row.getAttribute('data-message') ?? '');
      });
    };
    const before = await inSight();
    // The first that is seen whole, or nearly so.
    const read = before[1];
    await ann.api.messages.send.mutate({ to: conversation, text: 'And one more' });
    await page.getByRole('link', { name: /And one more/ }).waitFor();
    expect(await inSight()).toContain(read);
    for (const size of [
      { width: 390, height: 844 },
      { width: 844, height: 390 },
      { width: 1440, height: 900 },
    ]) {
      await page.setViewportSize(size);
      expect(await inSight(), JSON.stringify(size)).toContain(read);
    }
  });
});
