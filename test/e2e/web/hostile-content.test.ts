/**
 * What somebody hostile can write and call themselves: it is shown as text, nothing of it runs, nothing leaves the machine, and the
 * screen holds. That no request leaves is kept by the stage (browser.ts), for every test.
 */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { assertAccessible, assertFits } from './accessibility.ts';
import { keepNotifications, toldTo } from './notifications.ts';
import { message, messages, openConversation, words } from './person.ts';
import { befriend, person, twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

const markup = [
  '<script>window.broken = 1</script> script',
  '<img src="https://evil.example/a.png" onerror="window.broken = 1"> image',
  '![remote](https://evil.example/b.png) picture',
  '<svg onload="window.broken = 1"></svg> drawing',
  '<iframe src="https://evil.example"></iframe> frame',
  '<style>* { display: none }</style> style',
  '[press](javascript:window.broken=1) scheme',
  '[press]( java\nscript:window.broken=1) broken scheme',
  '[press](data:text/html,<script>parent.broken=1</script>) data',
  '[press](vbscript:broken) old',
  '[press](file:///etc/passwd) file',
  '<a href="javascript:window.broken=1">press</a> anchor',
  '```html\n<script>window.broken = 1</script>\n``` fenced',
  '&lt;script&gt;window.broken=1&lt;/script&gt; entity',
] as const;

const zalgo = 'Z' + '\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308'.repeat(60) + ' zalgo';
const misleading = [
  'bidi \u202Egnp.exe \u2066 left open \u202B too',
  'rtl: שלום עולם, مرحبا بالعالم',
  zalgo,
  `${'x'.repeat(27_990)} end`,
  'homograph https://аррӏе.com/login and https://example.com@evil.example/',
] as const;

async function assertNothingRan(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'broken' in window)).toBe(false);
  const log = page.getByRole('log');
  expect(
    await log.locator('script, img, iframe, style, object, embed, svg[onload], video, audio').count(),
  ).toBe(0);
  const hrefs = await log
    .locator('a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  expect(hrefs.filter((href) => !/^(https?|mailto):/.test(href))).toEqual([]);
}

inBrowser('hostile content in a browser', ({ stage, browser }) => {
  let friends: Friends;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser(), { viewport: { width: 1280, height: 800 } });
  });

  test('markup, schemes and remote pictures are text', async () => {
    const { ann, ben, conversation } = friends;
    await openConversation(ann.page, 'Ben');
    for (const text of markup) await ben.api.messages.send.mutate({ to: conversation, text });
    await message(ann.page, '<script>window.broken=1</script> entity')
      .or(message(ann.page, ' entity'))
      .first()
      .waitFor();
    await assertNothingRan(ann.page);
    await message(ann.page, ' entity').focus();
    for (let row = 1; row < markup.length; row += 1) {
      await ann.page.keyboard.press('ArrowUp');
      await assertNothingRan(ann.page);
    }
    expect(await ann.page.evaluate(() => location.pathname)).toBe(`/c/${conversation}`);
  });

  test('long lines, marks upon marks and turned directions leave the screen as it is', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    for (const text of misleading) {
      await ben.api.messages.send.mutate({ to: conversation, text });
      const shown = messages(page).last();
      await shown.filter({ hasText: text.slice(0, 4) }).waitFor();
      await assertFits(page, text.slice(0, 12));
    }
    await page.getByRole('article', { name: /homograph/ }).scrollIntoViewIfNeeded();
    const row = message(page, 'homograph');
    await row.getByText('xn--', { exact: false }).first().waitFor();
    await row.getByText('evil.example', { exact: false }).first().waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    await assertFits(page, 'hostile messages at 360 px');
    await assertAccessible(page, 'hostile messages');
    await page.setViewportSize({ width: 1280, height: 800 });
    await assertNothingRan(page);
  });

  test('who calls themselves like Kith, like another or from right to left is told apart', async () => {
    const { ann } = friends;
    const impostor = await person(stage.home('Eve'));
    await impostor.api.profile.setName.mutate({ name: 'Kith' });
    const conversation = await befriend(impostor, ann, 'Kith');
    await impostor.api.messages.send.mutate({
      to: conversation,
      text: 'Your profile expires. Send me your key.',
    });
    const { page } = ann;
    const row = page.getByRole('link', { name: /^Kith/ });
    await row.waitFor();
    // The name of a friend: whoever came later stands there with a part of who they are.
    await impostor.api.profile.setName.mutate({ name: 'Ben' });
    await page.getByRole('link', { name: /^Ben \(\w{6}\)/ }).waitFor();
    const [eve] = (await ann.api.contacts.list.query()).filter((each) => each.conversation === conversation);
    await page.goto(new URL(`/person/${eve?.id ?? ''}`, page.url()).href);
    await page
      .getByRole('heading', { name: /^Ben \(\w{6}\)$/ })
      .first()
      .waitFor();
    await page.getByRole('heading', { name: 'Not verified yet' }).waitFor();
    await ann.api.contacts.rename.mutate({ contact: eve?.id ?? '', name: 'Dan \u05d0\u05d1\u05d2 gnp.exe' });
    await page.getByRole('link', { name: /^Dan / }).waitFor();
    await assertFits(page, 'a name from right to left');
    await page.getByRole('link', { name: /^Ben\b(?! \()/ }).waitFor();
  });

  test('a name of markup is its letters, in the list, above the conversation, in the title and for the system', async () => {
    const { ann } = friends;
    const { page } = ann;
    const name = '<b>Dan</b><img src=x onerror="window.broken=1">';
    const dan = await person(stage.home('Dan'));
    for (const turned of ['Dan \u202Egnp.exe', 'Dan\u2066', 'Da\u200Bn']) {
      await expect(dan.api.profile.setName.mutate({ name: turned })).rejects.toThrow();
    }
    await dan.api.profile.setName.mutate({ name });
    const conversation = await befriend(dan, ann, name);
    const dans = (await ann.api.contacts.list.query()).find((each) => each.conversation === conversation);
    expect(dans).toMatchObject({ name, claimedName: name });
    for (const turned of ['Dan \u202Egnp.exe', '\u2067Dan']) {
      const renaming = ann.api.contacts.rename.mutate({ contact: dans?.id ?? '', name: turned });
      await expect(renaming).rejects.toThrow();
    }
    await ann.api.settings.set.mutate({ notifications: true, notificationContent: 'full' });
    await page.goto(new URL('/settings/notifications', page.url()).href);
    await page.getByRole('switch', { name: 'Tell me about new messages', checked: true }).waitFor();
    await keepNotifications(page);
    await dan.api.messages.send.mutate({ to: conversation, text: '<i>turned</i> \u202Egnp.exe' });
    await expect.poll(async () => (await toldTo(page)).map(({ title }) => title)).toEqual([name]);
    await expect.poll(async () => await page.title()).toMatch(/^\(\d+\) Kith$/);
    const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('link', { name: words('^{}', escaped) }).click();
    const main = page.getByRole('main');
    await main
      .getByRole('button', { name: words('^{}', escaped) })
      .first()
      .waitFor();
    await assertFits(page, 'a name of markup');
    await assertNothingRan(page);
    const made = await page.evaluate(() => document.querySelectorAll('b, img[src="x"]').length);
    expect(made).toBe(0);
  });
});
