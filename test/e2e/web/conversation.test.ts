/**
 * What two people do in a conversation, in real browsers, over real nodes. They stay the same two from the first test to the last, as
 * people do; each test opens what it needs and leaves the conversation as friends find it, until the last one blocks.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { assertAccessible } from './accessibility.ts';
import { nodeIsOff } from './browser.ts';
import { act, composer, dismissToast, message, openConversation, untilTick, words, write } from './person.ts';
import { twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

inBrowser('conversations in a browser', ({ stage, browser }) => {
  let friends: Friends;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser());
    await Promise.all([openConversation(friends.ann.page, 'Ben'), openConversation(friends.ben.page, 'Ann')]);
  });

  test('a message waits while the receiver is away, says so, and its ledger tells the whole way', async () => {
    const { ann, ben } = friends;
    browser().allow(nodeIsOff);
    await ben.node.stop();
    await write(ann.page, 'Ben', 'Are you there?');
    await untilTick(message(ann.page, 'Are you there?'), /^Saved\. It will go as soon as/);
    await ben.restart();
    await untilTick(message(ann.page, 'Are you there?'), /^(Delivered|Read)\./);
    await message(ann.page, 'Are you there?').focus();
    await ann.page.keyboard.press('Enter');
    const ledger = ann.page.getByRole('dialog', { name: 'What happened to it' });
    await ledger.getByText('Saved on this device').waitFor();
    await ledger.getByText(words('{}’s device confirmed that it has it', 'Ben')).waitFor();
    await assertAccessible(ann.page, 'the ledger of a message');
    await ann.page.keyboard.press('Escape');
    await ledger.waitFor({ state: 'detached' });
  });

  test('reply, edit, react and delete arrive at the other side, and reading shows', async () => {
    const { ann, ben } = friends;
    await write(ann.page, 'Ben', 'Tea at four?');
    await message(ben.page, 'Tea at four?').waitFor();
    await untilTick(message(ann.page, 'Tea at four?'), /^Read\./);
    await act(message(ben.page, 'Tea at four?'), 'Reply');
    await write(ben.page, 'Ann', 'Gladly');
    await message(ann.page, 'Gladly').getByText('Tea at four?').waitFor();
    await composer(ann.page, 'Ben').press('ArrowUp');
    await ann.page.getByRole('textbox', { name: 'Edit your message' }).fill('Tea at five?');
    await ann.page.keyboard.press('Enter');
    const edited = ben.page.getByRole('article', { name: /^Ann: Tea at five\?/ });
    await edited.focus();
    await ben.page.keyboard.press('+');
    await ben.page.getByRole('button', { name: 'React with 👍' }).click();
    await ann.page.getByRole('button', { name: words('👍 from {}', 'Ben') }).waitFor();
    // Fingers have the menu alone.
    await act(edited, 'React');
    await ben.page.getByRole('button', { name: 'React with 😂' }).click();
    await ann.page.getByRole('button', { name: words('😂 from {}', 'Ben') }).waitFor();
    await act(ben.page.getByRole('article', { name: /^You: Gladly/ }), 'Delete');
    await ben.page.getByRole('button', { name: 'Delete everywhere' }).click();
    // They are asked to delete it when it cannot be taken back any more.
    await dismissToast(ben.page);
    await ann.page.getByText(words('{} deleted this message', 'Ben')).waitFor();
    expect(await message(ann.page, 'Gladly').count()).toBe(0);
  });

  test('search finds words of any conversation and leads to the message', async () => {
    const { ann, ben, conversation } = friends;
    for (const text of ['The ferry leaves at nine', 'Bring the blue coat', 'See https://ferries.example']) {
      await ben.api.messages.send.mutate({ to: conversation, text });
    }
    await message(ann.page, 'ferries.example').waitFor();
    await ann.page.keyboard.press('Control+F');
    await ann.page.getByRole('searchbox', { name: 'Search in messages' }).fill('ferr');
    await ann.page.getByText('2 messages found').waitFor();
    await assertAccessible(ann.page, 'search');
    await ann.page.getByRole('button', { name: 'Has a link' }).click();
    await ann.page.getByText('1 message found').waitFor();
    await ann.page.getByRole('button', { name: /ferries\.example/ }).click();
    await message(ann.page, 'ferries.example').waitFor();
  });

  test('a lifetime that was chosen is in force, and said, until it is taken back', async () => {
    const { page } = friends.ann;
    const note = page.getByRole('main').getByText('Delivery is tried for 1 hour.');
    await write(page, 'Ben', '/expire 1h');
    await note.waitFor();
    await page.keyboard.press('Control+F');
    await page.getByRole('searchbox', { name: 'Search in messages' }).waitFor();
    await page.goBack();
    await composer(page, 'Ben').waitFor();
    await note.waitFor();
    await page.reload();
    await composer(page, 'Ben').waitFor();
    await note.waitFor();
    await write(page, 'Ben', '/expire off');
    await note.waitFor({ state: 'detached' });
  });

  test('the export is a page that opens without Kith and calls nobody', async () => {
    const { ann } = friends;
    await ann.page.getByRole('button', { name: 'More about this conversation' }).click();
    await ann.page.getByRole('menuitem', { name: 'Export' }).click();
    const saving = ann.page.waitForEvent('download');
    await ann.page.getByRole('button', { name: 'Save file' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toMatch(/\.html$/);
    const html = readFileSync(await saved.path(), 'utf8');
    expect(html).toContain('Bring the blue coat');
    expect(html).not.toMatch(/<script|src=|@import|url\(/i);
  });

  test('what was deleted is deleted also when the page is left at once, and after another toast was closed', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    for (const text of ['Never mind', 'Nor this']) {
      await write(page, 'Ben', text);
      await message(ben.page, text).waitFor();
    }
    await act(message(page, 'Never mind'), 'Delete');
    await page.getByRole('button', { name: 'Delete everywhere' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.reload();
    await composer(page, 'Ben').waitFor();
    await ben.page.getByText(words('{} deleted this message', 'Ann')).waitFor();
    await composer(page, 'Ben').fill('/expire 1h');
    await composer(page, 'Ben').press('Enter');
    await dismissToast(page);
    await composer(page, 'Ben').fill('/expire off');
    await composer(page, 'Ben').press('Enter');
    await dismissToast(page);
    await act(message(page, 'Nor this'), 'Delete');
    await page.getByRole('button', { name: 'Delete here' }).click();
    await expect
      .poll(async () =>
        (await ann.api.messages.history.query({ conversation, limit: 50 })).map(({ text }) => text),
      )
      .not.toContain('Nor this');
  });

  test('a conversation that is cleared keeps what comes before that is final', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    await page.getByRole('button', { name: 'More about this conversation' }).click();
    await page.getByRole('menuitem', { name: 'Delete all messages here' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await expect.poll(async () => await message(page, /./).count()).toBe(0);
    await ben.api.messages.send.mutate({ to: conversation, text: 'Meanwhile' });
    await message(page, 'Meanwhile').waitFor();
    await page
      .getByRole('link', { name: words('^{}', 'Ben') })
      .filter({ hasText: 'Meanwhile' })
      .waitFor();
    await dismissToast(page);
    await expect
      .poll(async () =>
        (await ann.api.messages.history.query({ conversation, limit: 50 })).map(({ text }) => text),
      )
      .toEqual(['Meanwhile']);
    await message(page, 'Meanwhile').waitFor();
  });

  test('a name as long as one may be stays beside the buttons of its page on a narrow screen', async () => {
    const { ann, conversation } = friends;
    const { page } = ann;
    const contact = (await ann.api.contacts.list.query()).find((each) => each.conversation === conversation);
    const rename = async (name: string): Promise<void> =>
      void (await ann.api.contacts.rename.mutate({ contact: contact?.id ?? '', name }));
    const long = 'Wilhelmina'.repeat(6);
    await rename(long);
    await page.setViewportSize({ width: 360, height: 740 });
    await page
      .getByRole('main')
      .getByRole('button', { name: words('^{}', long) })
      .first()
      .click();
    const verify = (await page.getByRole('button', { name: 'Verify', exact: true }).boundingBox())!;
    const lines = await page.getByText(/^Compare once with .*Wilhelmina/).evaluate((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      return [...range.getClientRects()].map(({ left, right, top, bottom }) => ({
        left,
        right,
        top,
        bottom,
      }));
    });
    const isUnder = ({ left, right, top, bottom }: (typeof lines)[number]): boolean =>
      left < verify.x + verify.width &&
      right > verify.x &&
      top < verify.y + verify.height &&
      bottom > verify.y;
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter(isUnder)).toEqual([]);
    expect(Math.max(...lines.map(({ right }) => right))).toBeLessThan(360 - 20);
    await page.goBack();
    await page.setViewportSize({ width: 1280, height: 800 });
    await rename('Ben');
    await composer(page, 'Ben').waitFor();
  });

  test('numbers are compared and match, and a blocked contact hears nothing', async () => {
    const { ann, ben, conversation } = friends;
    const page = ann.page;
    await page
      .getByRole('main')
      .getByRole('button', { name: words('^{}', 'Ben') })
      .first()
      .click();
    await page.getByRole('button', { name: 'Verify' }).click();
    const number = page.getByRole('img', { name: /^(\d \d \d \d \d(, )?){12}$/ });
    const shown = (await number.getAttribute('aria-label')) ?? '';
    const [contact] = await ben.api.contacts.list.query();
    const { safetyNumber } = await ben.api.contacts.verify.mutate({ contact: contact?.id ?? '' });
    expect(shown.replaceAll(/\D/g, '')).toBe(safetyNumber.replaceAll(/\D/g, ''));
    await page.getByRole('button', { name: 'They are the same' }).click();
    await page.getByRole('heading', { name: 'Verified' }).waitFor();
    await page.getByRole('button', { name: 'To the conversation' }).click();
    await page.getByRole('img', { name: /^Verified: you compared numbers/ }).waitFor();
    await page
      .getByRole('main')
      .getByRole('button', { name: words('^{}', 'Ben') })
      .first()
      .click();
    const follower = await ben.home.follow();
    await page.getByRole('button', { name: words('Block {}', 'Ben') }).click();
    await page.getByText('Blocked. Nothing they send arrives.').first().waitFor();
    await follower.until('Ann out of reach', ({ event, data }) => event === 'contact' && !data.reachable);
    const before = await ann.api.messages.history.query({ conversation, limit: 50 });
    const { id } = await ben.api.messages.send.mutate({ to: conversation, text: 'Hello?' });
    expect((await ben.api.messages.get.query({ id })).state).toBe('stored');
    expect(await ann.api.messages.history.query({ conversation, limit: 50 })).toEqual(before);
  });
});
