/** What two people do in a conversation, in real browsers, over real nodes. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { skipAloud } from '../../skip.ts';
import { createStage } from '../node-process.ts';
import { assertAccessible } from './accessibility.ts';
import { chromiumMissing, chromiumPath, endTest, openBrowser, type BrowserStage } from './browser.ts';
import { act, composer, message, messages, openConversation, untilTick, words, write } from './person.ts';
import { twoFriends } from './two-friends.ts';

if (chromiumPath === undefined) skipAloud('conversations in a browser', chromiumMissing);
else {
  const stage = createStage();
  let browser: BrowserStage;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async ({ task }) => {
    await endTest(task, browser, stage);
  });
  afterAll(async () => browser.close());

  test('a message waits while the receiver is away, says so, and its ledger tells the whole way', async () => {
    const { ann, ben } = await twoFriends(stage, browser);
    await openConversation(ann.page, 'Ben');
    await ben.node.stop();
    await write(ann.page, 'Ben', 'Are you there?');
    await untilTick(message(ann.page, 'Are you there?'), /^Saved\. It will go as soon as/);
    await ben.restart();
    await untilTick(message(ann.page, 'Are you there?'), /^Delivered\./);
    await message(ann.page, 'Are you there?').focus();
    await ann.page.keyboard.press('Enter');
    const ledger = ann.page.getByRole('dialog', { name: 'What happened to it' });
    await ledger.getByText('Saved on this device').waitFor();
    await ledger.getByText(words('{}’s device confirmed that it has it', 'Ben')).waitFor();
    await assertAccessible(ann.page, 'the ledger of a message');
    browser.assertQuiet();
  });

  test('reply, edit, react and delete arrive at the other side, and reading shows', async () => {
    const { ann, ben } = await twoFriends(stage, browser);
    await Promise.all([openConversation(ann.page, 'Ben'), openConversation(ben.page, 'Ann')]);
    await write(ann.page, 'Ben', 'Tea at four?');
    await message(ben.page, 'Tea at four?').waitFor();
    await untilTick(message(ann.page, 'Tea at four?'), /^Read\./);
    await act(message(ben.page, 'Tea at four?'), 'Reply');
    await write(ben.page, 'Ann', 'Gladly');
    await message(ann.page, 'Gladly').getByText('Tea at four?').waitFor();
    await composer(ann.page, 'Ben').press('ArrowUp');
    await ann.page.getByRole('textbox', { name: 'Edit your message' }).fill('Tea at five?');
    await ann.page.keyboard.press('Enter');
    await message(ben.page, /^.*Tea at five\?/)
      .first()
      .waitFor();
    await message(ben.page, 'Tea at five?').last().focus();
    await ben.page.keyboard.press('+');
    await ben.page.getByRole('button', { name: 'React with 👍' }).click();
    await ann.page.getByRole('button', { name: words('👍 from {}', 'Ben') }).waitFor();
    await act(message(ben.page, 'Gladly'), 'Delete');
    await ben.page.getByRole('button', { name: 'Delete everywhere' }).click();
    await ann.page.getByText(words('{} deleted this message', 'Ben')).waitFor();
    expect(await message(ann.page, 'Gladly').count()).toBe(0);
    browser.assertQuiet();
  });

  test('numbers are compared and match, and a blocked contact hears nothing', async () => {
    const { ann, ben } = await twoFriends(stage, browser);
    await openConversation(ann.page, 'Ben');
    await ann.page.getByRole('link', { name: words('About {}', 'Ben') }).click();
    await ann.page.getByRole('link', { name: 'Verify' }).click();
    const { safetyNumber } = await ben.home.json<{ safetyNumber: string }>(['verify', 'Ann']);
    const shown = await ann.page.getByRole('main').innerText();
    expect(shown.replaceAll(/\D/g, '')).toContain(safetyNumber.replaceAll(/\D/g, ''));
    await assertAccessible(ann.page, 'comparing numbers');
    await ann.page.getByRole('button', { name: 'They are the same' }).click();
    await ann.page.getByRole('heading', { name: 'Verified' }).waitFor();
    await ann.page.getByRole('button', { name: 'To the conversation' }).click();
    await ann.page.getByRole('img', { name: /^Verified: you compared numbers/ }).waitFor();
    await ann.page.getByRole('link', { name: words('About {}', 'Ben') }).click();
    await ann.page.getByRole('button', { name: words('Block {}', 'Ben') }).click();
    await ann.page.getByText('Blocked. Nothing they send arrives.').first().waitFor();
    const sent = await ben.home.run(['send', 'Ann', 'Hello?', '--wait', 'stored', '--json']);
    expect(sent.code).toBe(0);
    expect(await ann.home.list(['history', 'Ben'])).toEqual([]);
    browser.assertQuiet();
  });

  test('search finds words of any conversation and leads to the message; the export opens without Kith', async () => {
    const { ann, ben } = await twoFriends(stage, browser);
    for (const text of ['The ferry leaves at nine', 'Bring the blue coat', 'See https://ferries.example']) {
      await ben.home.json(['send', 'Ann', text, '--wait', 'delivered']);
    }
    await ann.page.keyboard.press('Control+Shift+F');
    await ann.page.getByRole('searchbox', { name: 'Search in messages' }).fill('ferr');
    await ann.page.getByText('2 messages found').waitFor();
    await assertAccessible(ann.page, 'search');
    await ann.page.getByRole('button', { name: 'Has a link' }).click();
    await ann.page.getByText('1 message found').waitFor();
    await ann.page.getByRole('link', { name: /ferries\.example/ }).click();
    await message(ann.page, 'ferries.example').waitFor();
    await ann.page.getByRole('button', { name: 'More about this conversation' }).click();
    await ann.page.getByRole('menuitem', { name: 'Export' }).click();
    const saving = ann.page.waitForEvent('download');
    await ann.page.getByRole('button', { name: 'Save file' }).click();
    const file = await (await saving).path();
    const html = readFileSync(file, 'utf8');
    expect(html).toContain('Bring the blue coat');
    expect(html).not.toMatch(/<script|src=|@import|url\(/i);
    expect(await messages(ann.page).count()).toBe(3);
    browser.assertQuiet();
  });
}
