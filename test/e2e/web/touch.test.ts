/** Goal: what a mouse does by its right button, a finger does by resting. */
import type { Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { message, words } from './person.ts';
import { twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

/** A finger that rests until there is a menu, and leaves. */
async function hold(of: Locator): Promise<void> {
  const page = of.page();
  const box = await of.boundingBox();
  if (box === null) throw new Error('it is not on the screen');
  const finger = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await page.getByRole('menu').waitFor();
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await finger.detach();
  // What browsers make of a finger that left has come by then.
  await page.evaluate(async () => {
    for (let picture = 0; picture < 3; picture += 1) await new Promise(requestAnimationFrame);
  });
}

inBrowser('the app by fingers', ({ stage, browser }) => {
  let friends: Friends;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser(), {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 844 },
    });
  });

  test('a long press on a conversation and on a message opens what can be done, and it stays', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    await ben.api.messages.send.mutate({ to: conversation, text: 'Hold me' });
    const row = page.getByRole('link', { name: /Hold me/ });
    await row.waitFor();
    await hold(row);
    await page.getByRole('menuitem', { name: 'Pin' }).tap();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await expect
      .poll(async () => (await ann.api.conversations.get.query({ conversation })).pinned)
      .toBe(true);
    expect(new URL(page.url()).pathname, 'the press did not open it too').toBe('/');
    await row.tap();
    await message(page, 'Hold me').waitFor();
    await hold(message(page, 'Hold me').getByText('Hold me'));
    await page.getByRole('menuitem', { name: 'Reply' }).tap();
    await page.getByText(words('Replying to {}', 'Ben')).waitFor();
  });
});
