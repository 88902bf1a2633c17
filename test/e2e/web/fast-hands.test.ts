/** Who is faster than the screen is understood all the same, and what was not meant to be seen is not seen for a moment either. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { burst, watchFor } from './bursts.ts';
import { act, composer, dismissToast, message, openConversation, untilTick, words, write } from './person.ts';
import { befriend, person, twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

inBrowser('hands that are faster than the screen', ({ stage, browser }) => {
  let friends: Friends;
  let page: Page;
  let field: Locator;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser());
    ({ page } = friends.ann);
    field = page.locator('[data-composer]');
    await openConversation(page, 'Ben');
  });
  beforeEach(async () => {
    await field.press('Escape');
    await field.fill('');
  });

  const written = async (): Promise<string> => await field.inputValue();
  const stored = async (text: string): Promise<void> => {
    await write(page, 'Ben', text);
    await untilTick(message(page, text), /^(Saved|Sent|Delivered|Read)/);
  };
  const deleteHere = async (text: string): Promise<void> => {
    await act(message(page, text), 'Delete');
    await page.getByRole('button', { name: 'Delete here' }).click();
    await message(page, text).waitFor({ state: 'detached' });
  };

  test('the arrow after sending edits nothing before the message is there', async () => {
    await stored('An older one');
    await field.focus();
    await burst(page, ['ok', 'Enter', 'ArrowUp', '!']);
    // Where it was stored between the two keys, it is the one that is edited.
    await expect.poll(written).toMatch(/^(ok)?!$/);
    await message(page, 'ok').waitFor();
  });

  test('whoever edits again what is being saved goes on with the new words', async () => {
    await stored('Fist');
    await field.press('ArrowUp');
    await expect.poll(written).toBe('Fist');
    await field.fill('First');
    await burst(page, ['Enter', 'ArrowUp', '!']);
    await expect.poll(written).toBe('First!');
    await field.press('Enter');
    await message(page, 'First!').waitFor();
  });

  test('what is being deleted is not edited, and never comes back to the screen', async () => {
    await stored('The one before');
    await stored('Not this one');
    await deleteHere('Not this one');
    await field.press('ArrowUp');
    await expect.poll(written).toBe('The one before');
    await field.press('Escape');
    const wasSeen = await watchFor(page, 'Not this one');
    await dismissToast(page);
    const { api } = friends.ann;
    const newest = async (): Promise<string | undefined> =>
      (await api.messages.history.query({ conversation: friends.conversation, limit: 1 }))[0]?.text;
    await expect.poll(newest).toBe('The one before');
    // The event that tells of it comes before this one.
    await friends.ben.api.messages.send.mutate({ to: friends.conversation, text: 'Meanwhile' });
    await message(page, 'Meanwhile').waitFor();
    expect(await wasSeen()).toBe(false);
  });

  test('what is deleted for both leaves its place and none of its words', async () => {
    await stored('A mistake');
    await act(message(page, 'A mistake'), 'Delete');
    await page.getByRole('button', { name: 'Delete everywhere' }).click();
    await message(page, 'A mistake').waitFor({ state: 'detached' });
    const wasSeen = await watchFor(page, 'A mistake');
    await dismissToast(page);
    await page.getByText('You deleted this message').last().waitFor();
    expect(await wasSeen()).toBe(false);
  });

  test('a letter after an arrow is for the row that the arrow led to', async () => {
    for (const text of ['Row A', 'Row B']) await stored(text);
    await message(page, 'Row B').focus();
    await burst(page, ['ArrowUp', 'r']);
    await page.getByRole('button', { name: /^Replying to yourself/ }).waitFor();
    await page.getByRole('button', { name: /^Replying to yourself ?Row A$/ }).waitFor();
    await field.press('Escape');
  });

  test('what is typed after selecting was ended is written', async () => {
    await stored('To be selected');
    await act(message(page, 'To be selected'), 'Select');
    await page.getByRole('toolbar', { name: 'Selected messages' }).getByRole('button').first().focus();
    await burst(page, ['Escape', 'on']);
    await expect.poll(written).toBe('on');
  });

  test('Enter after a name between a colon takes the emoji', async () => {
    await field.pressSequentially(':rocket');
    await page.getByRole('option').first().waitFor();
    await field.fill('');
    await burst(page, [':rocket', 'Enter']);
    await expect.poll(written).toBe('🚀 ');
  });

  test('the filter opens what is written there, and the rest is for whom it opened', async () => {
    const { ann, ben, conversation } = friends;
    const dan = await person(stage.home('Dan'));
    await befriend(dan, ann, 'Dan');
    await page.getByRole('link', { name: words('^{}', 'Dan') }).waitFor();
    await ben.api.messages.send.mutate({ to: conversation, text: 'The newest' });
    await page.getByRole('link', { name: /The newest/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Find a conversation' }).focus();
    await burst(page, ['dan', 'Enter', 'hello']);
    await expect.poll(async () => await composer(page, 'Dan').inputValue()).toBe('hello');
    await composer(page, 'Dan').fill('');
    await page.getByRole('searchbox', { name: 'Find a conversation' }).fill('');
    await openConversation(page, 'Ben');
  });

  test('a row that is chosen once more while its page is on its way is written to', async () => {
    const wentOn = Promise.withResolvers<undefined>();
    // The worker would answer in the place of what holds the page back here.
    const own = await browser().open(friends.ann.home, { serviceWorkers: 'block' }, async (fresh) => {
      await fresh.route('**/conversation-page-*.js', async (route) => {
        await wentOn.promise;
        await route.continue();
      });
    });
    await own.getByRole('searchbox', { name: 'Find a conversation' }).focus();
    await own.keyboard.type('ben');
    await own.keyboard.press('Enter');
    const row = own.getByRole('link', { name: words('^{}', 'Ben') });
    await row.and(own.locator('[aria-current]')).click();
    wentOn.resolve(undefined);
    await composer(own, 'Ben').and(own.locator(':focus')).waitFor();
    await own.close();
  });
});
