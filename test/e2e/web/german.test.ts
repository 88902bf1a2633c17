/**
 * The app in German: the first steps by the browser's own language, the rest by the settings. What is on the screen is compared with
 * the English catalogue, so that no text that was forgotten passes for one that was translated.
 */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { catalogue as german } from '../../../packages/web/src/i18n/de.ts';
import { catalogue as english } from '../../../packages/web/src/i18n/en.ts';
import { words } from './person.ts';
import { befriend, person, type Person } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

/** English texts of more than one word that German does not have: nobody writes those by chance. Without what is filled in. */
const untranslated = Object.values(english).filter((text) => !text.includes('{') && text.includes(' '));
const germanTexts = new Set<string>(Object.values(german));
const telltale = untranslated.filter((text) => !germanTexts.has(text));

/** Everything that is shown or said on the page. */
async function said(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const names = ['aria-label', 'placeholder', 'title', 'alt', 'data-tip', 'aria-description'];
    const attributes = [...document.querySelectorAll('*')].flatMap((element) =>
      names.map((name) => element.getAttribute(name) ?? ''),
    );
    return [document.title, document.body.textContent, ...attributes].join('\n');
  });
}

async function assertGerman(page: Page): Promise<void> {
  const text = await said(page);
  expect(
    telltale.filter((each) => text.includes(each)),
    `English on ${page.url()}`,
  ).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
}

inBrowser('the app in German', ({ stage, browser }) => {
  let ann: Person;
  let ben: Person;
  beforeAll(async () => {
    [ann, ben] = await Promise.all([person(stage.home('Ann')), person(stage.home('Ben'))]);
  });

  test('whose browser speaks German is met in German', async () => {
    await ann.api.settings.set.mutate({ welcomed: false });
    const page = await browser().open(ann.home, { locale: 'de-DE' });
    await page.getByRole('textbox', { name: 'Dein Name' }).waitFor();
    await assertGerman(page);
    await page.getByRole('button', { name: 'Weiter' }).click();
    await page.getByRole('tab', { name: 'Meine weitergeben' }).click();
    await page.getByRole('button', { name: german['card.copy'] }).waitFor();
    await assertGerman(page);
    await page.context().close();
    await ann.api.settings.set.mutate({ welcomed: true });
  });

  test('the settings turn every screen German at once, also dates, and back', async () => {
    const conversation = await befriend(ben, ann, 'Ben');
    const page = await browser().open(ann.home, { locale: 'en-GB' });
    const go = async (path: string, heading: string): Promise<void> => {
      await page.goto(new URL(path, page.url()).href);
      await page.getByRole('heading', { name: heading }).first().waitFor();
    };
    await go('/settings/language', 'Language');
    await page.getByRole('radio', { name: 'Deutsch' }).click();
    await page.getByRole('heading', { name: 'Sprache' }).first().waitFor();
    await assertGerman(page);
    for (const section of [
      'profile',
      'notifications',
      'appearance',
      'privacy',
      'lock',
      'storage',
      'network',
      'browsers',
      'about',
    ] as const) {
      await go(`/settings/${section}`, german[`settings.${section}`]);
      await assertGerman(page);
    }
    await go('/', german['shell.conversations']);
    await assertGerman(page);
    await go('/add', german['shell.add']);
    await assertGerman(page);
    await go('/requests', german['shell.requests']);
    await assertGerman(page);
    await page.goto(new URL(`/c/${conversation}`, page.url()).href);
    const field = page.getByRole('textbox', { name: words('Nachricht an {}', 'Ben') });
    await field.fill('Grüße');
    await field.press('Enter');
    await page.getByRole('article', { name: /Grüße/ }).waitFor();
    await page
      .getByText(/^(Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Heute)/)
      .first()
      .waitFor();
    await assertGerman(page);
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: german['switcher.title'] }).waitFor();
    await assertGerman(page);
    await page.keyboard.press('Escape');
    await ann.api.settings.set.mutate({ language: 'en' });
    await page.getByRole('textbox', { name: words('Message to {}', 'Ben') }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });
});
