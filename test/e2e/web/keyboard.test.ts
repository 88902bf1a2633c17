/** The app without a pointer: every stop of Tab shows where it is, and everything that matters is done by keys. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { composer, message, untilTick, words } from './person.ts';
import { befriend, person, twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

interface Stop {
  name: string;
  /** A ring, or a border of another colour than without the focus. */
  isSeen: boolean;
}

/** What has the focus, and whether one sees that. */
async function stop(page: Page): Promise<Stop> {
  return await page.evaluate(() => {
    const focused = document.activeElement;
    // What Tab does not lead to, as the page itself, which has the focus where a stop is drawn anew just then, is none.
    if (!(focused instanceof HTMLElement) || focused.tabIndex < 0) return { name: '', isSeen: false };
    const look = (): string => {
      const chain: Element[] = [focused];
      for (let up = focused.parentElement; up !== null && chain.length < 5; up = up.parentElement)
        chain.push(up);
      for (const running of document.getAnimations()) if (running instanceof CSSTransition) running.finish();
      return chain
        .map((element) => {
          const { outlineStyle, outlineWidth, borderColor, boxShadow, backgroundColor, translate } =
            getComputedStyle(element);
          return [
            outlineStyle === 'none' ? '' : outlineWidth,
            borderColor,
            boxShadow,
            backgroundColor,
            translate,
          ].join();
        })
        .join(' | ');
    };
    const outline = getComputedStyle(focused);
    const hasRing = outline.outlineStyle !== 'none' && Number.parseFloat(outline.outlineWidth) >= 1;
    const withFocus = look();
    let isSeen = hasRing;
    if (!hasRing && focused instanceof HTMLElement) {
      focused.blur();
      isSeen = look() !== withFocus;
      focused.focus();
    }
    const name = focused.getAttribute('aria-label') ?? focused.textContent.trim();
    return { name: `${focused.tagName.toLowerCase()} ${name.slice(0, 50)}`, isSeen };
  });
}

/** Tab until it comes around, or to so many stops. */
async function stops(page: Page, most: number): Promise<Stop[]> {
  const seen: Stop[] = [];
  while (seen.length < most) {
    await page.keyboard.press('Tab');
    const here = await stop(page);
    // Past the last one the browser's own controls come, then the first.
    if (here.name === '') continue;
    if (seen.some(({ name }) => name === here.name)) break;
    seen.push(here);
  }
  return seen;
}

async function untilFocused(page: Page, name: string | RegExp): Promise<void> {
  await page.waitForFunction(
    ([source]) => {
      const focused = document.activeElement;
      const said = focused?.getAttribute('aria-label') ?? focused?.textContent ?? '';
      return new RegExp(source ?? '').test(said);
    },
    [typeof name === 'string' ? `^${name}` : name.source],
  );
}

inBrowser('the app by keys alone', ({ stage, browser }) => {
  let friends: Friends;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser(), { reducedMotion: 'reduce' });
  });

  test('from the list to a sent message, a reply and a reaction', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    const { id } = await ben.api.messages.send.mutate({ to: conversation, text: 'Hand or foot?' });
    await page.getByRole('link', { name: /Hand or/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Find a conversation' }).focus();
    await page.keyboard.type('be');
    await page.keyboard.press('ArrowDown');
    await untilFocused(page, /Hand or/);
    await page.keyboard.press('Enter');
    // A conversation that opens is ready to be written in.
    await untilFocused(page, words('Message to {}', 'Ben'));
    await page.keyboard.type('By key');
    await page.keyboard.press('Enter');
    await message(page, 'By key').waitFor();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    await page.waitForFunction(
      (wanted) => document.activeElement?.getAttribute('data-message') === wanted,
      id,
    );
    await page.keyboard.press('r');
    await page.getByText(words('Replying to {}', 'Ben')).waitFor();
    await untilFocused(page, words('Message to {}', 'Ben'));
    await page.keyboard.type('As you see');
    await page.keyboard.press('Enter');
    await message(page, 'As you see').getByText('Hand or foot?').waitFor();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    await page.waitForFunction(
      (wanted) => document.activeElement?.getAttribute('data-message') === wanted,
      id,
    );
    await page.keyboard.press('+');
    await untilFocused(page, 'React with');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^\S+ from You/ }).waitFor();
    await page.waitForFunction(
      (wanted) => document.activeElement?.getAttribute('data-message') === wanted,
      id,
    );
    await page.keyboard.press('Escape');
    await untilFocused(page, words('Message to {}', 'Ben'));
  });

  test('the switcher, the settings, and back to the conversation', async () => {
    const { page } = friends.ann;
    await page.keyboard.press('Control+K');
    await untilFocused(page, 'Find or go to');
    await page.keyboard.type('appear');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Appearance' }).waitFor();
    await page.keyboard.press('Tab');
    await untilFocused(page, 'System');
    await page.keyboard.press('ArrowRight');
    await untilFocused(page, 'Light');
    await page.keyboard.press('ArrowRight');
    await untilFocused(page, 'Dark');
    await page.keyboard.press('Space');
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await page.keyboard.press('Control+,');
    await page.getByRole('navigation', { name: 'Settings' }).waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await untilFocused(page, words('Message to {}', 'Ben'));
  });

  test('panels and menus that come late open by keys, and give the focus back', async () => {
    const { page } = friends.ann;
    const dot = page.getByRole('button', { name: /^Network: / });
    await dot.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'State of the network' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await stop(page)).name).toMatch(/^button Network: /);

    const row = page.getByRole('link', { name: words('^{}', 'Ben') });
    await row.focus();
    await page.keyboard.press('ContextMenu');
    await page.getByRole('menuitem', { name: 'Pin' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await stop(page)).name).toMatch(/^a .*Ben/);
    await page.keyboard.press('ContextMenu');
    await page.getByRole('menuitem', { name: 'Compare numbers' }).click();
    await page.getByRole('heading', { name: words('Verify {}', 'Ben') }).waitFor();
    await row.press('Enter');
    await composer(page, 'Ben').waitFor();
  });

  test('a menu that was closed does not come back with its row', async () => {
    const { ann } = friends;
    const { page } = ann;
    await befriend(await person(stage.home('Cleo')), ann, 'Cleo');
    const filter = page.getByRole('searchbox', { name: 'Find a conversation' });
    await filter.fill('');
    const row = page.getByRole('link', { name: words('^{}', 'Ben') });
    await page.getByRole('link', { name: words('^{}', 'Cleo') }).waitFor();
    await row.focus();
    await page.keyboard.press('ContextMenu');
    await page.getByRole('menuitem', { name: 'Pin' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await filter.fill('Cleo');
    await row.waitFor({ state: 'detached' });
    await filter.fill('');
    await row.waitFor();
    // What would open it does so before the keys are heard.
    await filter.press('ArrowDown');
    expect(await page.getByRole('menu').count()).toBe(0);
    expect((await stop(page)).name).toMatch(/^a /);
    await row.press('Enter');
  });

  test('what is typed while another conversation opens is written there', async () => {
    const { page } = friends.ann;
    await page.getByRole('link', { name: words('^{}', 'Ben') }).press('Enter');
    await untilFocused(page, words('Message to {}', 'Ben'));
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.type('Straight on');
    await expect.poll(async () => await composer(page, 'Cleo').inputValue()).toBe('Straight on');
    await untilFocused(page, words('Message to {}', 'Cleo'));
    await page.keyboard.press('Control+K');
    await untilFocused(page, 'Find or go to');
    await page.keyboard.type('ben');
    await page.keyboard.press('Enter');
    await page.keyboard.type('and back');
    await expect.poll(async () => await composer(page, 'Ben').inputValue()).toBe('and back');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    // Right after the page was loaded: the switcher's file has still to come.
    await page.reload();
    await untilFocused(page, words('Message to {}', 'Ben'));
    await page.keyboard.press('Control+K');
    await page.keyboard.type('cleo');
    await expect
      .poll(async () => await page.getByRole('combobox', { name: 'Find or go to' }).inputValue())
      .toBe('cleo');
    expect(await page.locator('[data-composer]').inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await untilFocused(page, words('Message to {}', 'Ben'));
    await page.keyboard.press('Control+F');
    await page.keyboard.type('rocket');
    await expect
      .poll(async () => await page.getByRole('searchbox', { name: 'Search in messages' }).inputValue())
      .toBe('rocket');
    await page.goBack();
    expect(await composer(page, 'Ben').inputValue()).toBe('');
  });

  test('letters typed after a message was pressed are written, and mean nothing to it', async () => {
    const { page } = friends.ann;
    await message(page, 'By key').getByText('By key').click();
    await page.keyboard.type('ere is a text');
    expect(await composer(page, 'Ben').inputValue()).toBe('ere is a text');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
  });

  test('what closes gives the focus back to where it was', async () => {
    const { page } = friends.ann;
    const field = words('Message to {}', 'Ben');
    const isBack = async (dialog: string | RegExp, place: string | RegExp): Promise<void> => {
      await page.getByRole('dialog', { name: dialog }).or(page.getByRole('alertdialog')).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await untilFocused(page, place);
    };
    await composer(page, 'Ben').focus();
    await page.keyboard.press('Control+K');
    await isBack('Find or go to', field);
    await page.keyboard.type('/export ');
    await page.keyboard.press('Enter');
    await isBack(/^Export/, field);
    await page.keyboard.press('PageUp');
    await page.keyboard.press('End');
    await untilFocused(page, /As you see/);
    await page.keyboard.press('Enter');
    await isBack('What happened to it', /As you see/);
    await page.keyboard.press('Delete');
    await isBack(/^Delete/, /As you see/);
    await page.keyboard.press('ContextMenu');
    await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
    await isBack(/^Delete/, /As you see/);
    await page.getByRole('button', { name: 'More about this conversation' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Jump to a date' }).press('Enter');
    await isBack('Jump to a date', /More/);
    await page.keyboard.press('?');
    await isBack('Keyboard shortcuts', /More/);
    await page.getByRole('link', { name: words('^{}', 'Ben') }).press('ContextMenu');
    await page.getByRole('menuitem', { name: 'Export' }).press('Enter');
    await isBack(/^Export/, words('^{}', 'Ben'));
  });

  test('where what had the focus is gone, it goes on beside it', async () => {
    const { page } = friends.ann;
    await composer(page, 'Ben').focus();
    await page.keyboard.type('To go');
    await page.keyboard.press('Enter');
    await untilTick(message(page, 'To go'), /^(Delivered|Read)/);
    await page.keyboard.press('PageUp');
    await page.keyboard.press('End');
    await untilFocused(page, /To go/);
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Delete here' }).press('Enter');
    await untilFocused(page, /As you see/);
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await message(page, 'To go').waitFor();
    await untilFocused(page, /As you see/);
    // A page that is opened from a page is read from its beginning.
    await page
      .locator('header')
      .getByRole('button', { name: words('^{}', 'Ben') })
      .press('Enter');
    await page.getByText('Not verified yet').waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'MAIN');
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowUp');
    await untilFocused(page, /^Message to/);
  });

  test('a draft that one comes back to goes on at its end', async () => {
    const { page } = friends.ann;
    await page.getByRole('link', { name: words('^{}', 'Ben') }).press('Enter');
    await untilFocused(page, words('Message to {}', 'Ben'));
    await page.keyboard.type('A beginning');
    await page.keyboard.press('Alt+ArrowDown');
    await untilFocused(page, words('Message to {}', 'Cleo'));
    await page.keyboard.press('Alt+ArrowUp');
    await untilFocused(page, words('Message to {}', 'Ben'));
    await page.keyboard.type(', and an end');
    expect(await composer(page, 'Ben').inputValue()).toBe('A beginning, and an end');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
  });

  test('a page that comes late takes the focus from nobody', async () => {
    const { ann, conversation } = friends;
    // The worker would answer in the place of what holds a part back here.
    const page = await browser().open(ann.home, { reducedMotion: 'reduce', serviceWorkers: 'block' });
    for (const [path, part, content] of [
      ['/add', 'add-page', page.getByLabel('Their card')],
      ['/search', 'search-route', page.getByRole('main').getByRole('searchbox')],
      [`/c/${conversation}`, 'conversation-page', composer(page, 'Ben')],
      [
        '/settings/profile',
        'settings-page',
        page.getByRole('main').getByRole('heading', { name: 'Profile' }),
      ],
    ] as const) {
      const asked = Promise.withResolvers<undefined>();
      const wentOn = Promise.withResolvers<undefined>();
      const file = `**/${part}-*.js`;
      await page.route(file, async (route) => {
        asked.resolve(undefined);
        await wentOn.promise;
        await route.continue();
      });
      await page.goto(new URL(path, ann.page.url()).href, { waitUntil: 'commit' });
      await asked.promise;
      await page.locator('aside a').first().waitFor();
      await page.keyboard.press('Tab');
      await untilFocused(page, 'Skip to the content');
      await page.keyboard.press('Tab');
      await untilFocused(page, 'Conversations');
      wentOn.resolve(undefined);
      await content.waitFor();
      // Two pictures later everything that would take it has.
      await page.evaluate(
        async () =>
          await new Promise((done) =>
            requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))),
          ),
      );
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), path).toMatch(
        /^Conversations/,
      );
      await page.unroute(file);
    }
    await page.close();
  });

  test('each stop of Tab is seen, in the conversation, on a person and in the settings', async () => {
    const { page } = friends.ann;
    await composer(page, 'Ben').waitFor();
    const found: Stop[] = [];
    for (const path of [null, '/card', '/settings/appearance', '/add']) {
      if (path !== null) {
        await page.goto(new URL(path, page.url()).href);
        // The list has headings too, and is there before the page.
        await page.getByRole('main').getByRole('heading').first().waitFor();
      }
      const here = await stops(page, 40);
      expect(here.length, `stops on ${page.url()}`).toBeGreaterThan(5);
      found.push(...here);
    }
    expect(found.filter(({ isSeen }) => !isSeen)).toEqual([]);
  });
});
