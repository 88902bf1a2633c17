/** Help while writing, as only a real field has it: what becomes an emoji and what does not, marks, quotes, and lists that fit. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { act, composer, message, openConversation, write } from './person.ts';
import { twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

/** 1280 px at 200 %. */
const zoomed = { width: 640, height: 400 };

inBrowser('writing in a browser', ({ stage, browser }) => {
  let friends: Friends;
  let page: Page;
  let field: Locator;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser());
    ({ page } = friends.ann);
    field = composer(page, 'Ben');
    await openConversation(page, 'Ben');
    await write(page, 'Ben', 'To be quoted');
  });
  beforeEach(async () => {
    await field.fill('');
  });

  const text = async (): Promise<string> => await field.inputValue();
  const options = (): Locator => page.getByRole('option');
  const chosen = (): Locator => page.getByRole('option', { selected: true });

  test.each(['great :-D', 'nice :-P', 'so :D', 'so :P', 'cat :3', 'well :)'])(
    '"%s" is sent as it is written',
    async (face) => {
      // Now the emoji are there for certain.
      await field.pressSequentially(':rocket');
      await options().first().waitFor();
      await field.fill('');
      await field.pressSequentially(face);
      await field.press('Enter');
      await message(page, face).waitFor();
    },
  );

  test('each word is offered from its beginning', async () => {
    await field.pressSequentially(':hea');
    await options().first().waitFor();
    await field.press('ArrowDown');
    await field.press('ArrowDown');
    const third = options().nth(2);
    await expect.poll(async () => await third.getAttribute('aria-selected')).toBe('true');
    await field.press('Enter');
    await field.pressSequentially(':rocket');
    await options().filter({ hasText: 'rocket' }).waitFor();
    await field.press('Enter');
    expect(await text()).toMatch(/🚀 $/);
    await field.fill('');
    await field.press('/');
    await expect.poll(async () => await chosen().textContent()).toMatch(/^\/search/);
  });

  test('names that begin so come first', async () => {
    await field.pressSequentially(':sm');
    await expect.poll(async () => await options().first().textContent()).toMatch(/smiling/);
  });

  test('a name between colons becomes its emoji, and is a text again where that is taken back', async () => {
    const converted = async (): Promise<void> => {
      await field.fill('');
      await field.pressSequentially('well :smile:');
      await expect.poll(text).toBe('well 😄');
    };
    await converted();
    await field.press('Control+Z');
    await field.pressSequentially(' and :qqq: or `:smile:`');
    expect(await text()).toBe('well :smile: and :qqq: or `:smile:`');
    // The next letter may come at once.
    await converted();
    await field.evaluate(() => {
      document.execCommand('undo');
      document.execCommand('insertText', false, '!');
    });
    expect(await text()).toBe('well :smile:!');
  });

  test('marks come off by the keys that put them on', async () => {
    await field.fill('w');
    await field.press('Control+A');
    await field.press('Control+B');
    expect(await text()).toBe('**w**');
    await field.press('Control+I');
    expect(await text()).toBe('***w***');
    await field.press('Control+I');
    expect(await text()).toBe('**w**');
    await field.press('Control+B');
    expect(await text()).toBe('w');
    await field.press('Control+Z');
    expect(await text()).toBe('**w**');
    await field.fill('');
    await field.press('Control+B');
    await field.press('Control+B');
    expect(await text()).toBe('');
  });

  test('a quote begins a line', async () => {
    await field.pressSequentially('as they said: ');
    await act(message(page, 'To be quoted'), 'Quote');
    await expect.poll(text).toBe('as they said: \n> To be quoted\n\n');
    await field.fill('');
    await act(message(page, 'To be quoted'), 'Quote');
    await expect.poll(text).toBe('> To be quoted\n\n');
  });

  test('the emoji fit a low window, whatever they are for', async () => {
    await page.setViewportSize(zoomed);
    const search = page.getByRole('combobox', { name: 'Search emoji' });
    const fits = async (): Promise<void> => {
      await search.waitFor();
      const panel = page.getByRole('dialog').filter({ has: search });
      const edges = async (): Promise<number[]> =>
        await panel.evaluate((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return [Math.min(top, 0), Math.max(bottom - innerHeight, 0)];
        });
      await expect.poll(edges).toEqual([0, 0]);
      await expect.poll(async () => (await search.boundingBox())?.y ?? -1).toBeGreaterThan(0);
      // At least nearly two rows of the grid, and the rest by scrolling.
      const grid = panel.getByRole('grid');
      await expect.poll(async () => (await grid.boundingBox())?.height ?? 0).toBeGreaterThan(60);
      await page.keyboard.press('Escape');
      await search.waitFor({ state: 'detached' });
    };
    await page.getByRole('button', { name: 'Emoji' }).click();
    await fits();
    await act(message(page, 'To be quoted'), 'React');
    await page.getByRole('button', { name: 'All emoji' }).click();
    await fits();
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  test('the names of the commands are whole in a narrow window, also in German', async () => {
    const { api } = friends.ann;
    await api.settings.set.mutate({ language: 'de' });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('textbox', { name: /^Nachricht an/ }).fill('/');
    await options().first().waitFor();
    const cut = await options().evaluateAll((each) =>
      each
        .map((option) => option.children[1])
        .filter((name) => name === undefined || name.scrollWidth > name.clientWidth)
        .map((name) => name?.textContent),
    );
    expect(cut).toEqual([]);
  });
});
