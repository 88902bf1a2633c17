/** A friend whose device went back to a copy: what the app says of it, until the person has seen it. */
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { nodeIsOff } from './browser.ts';
import { message, openConversation, untilTick, words, write } from './person.ts';
import { twoFriends, type Friends, type Person } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

/** The files of the database alone: the keys go on, as they do in a keychain. */
function copyDatabase(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(to)) if (name.startsWith('kith.db')) rmSync(join(to, name));
  for (const name of readdirSync(from)) {
    if (name.startsWith('kith.db')) cpSync(join(from, name), join(to, name));
  }
}

/** What a person does who puts a backup back: the node finds it older than its keys, and begins its sessions anew. */
async function goBack(of: Person): Promise<void> {
  const copy = join(of.home.folder, 'copy');
  await of.node.stop();
  copyDatabase(of.home.data, copy);
  await of.restart();
  await of.node.stop();
  copyDatabase(copy, of.home.data);
  await of.restart();
}

function note(page: Page): Locator {
  return page.getByRole('region', { name: words('The secure session with {} was set up anew', 'Ben') });
}

inBrowser('a session that was set up anew, in a browser', ({ stage, browser }) => {
  let friends: Friends;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser());
    const { page } = friends.ann;
    await openConversation(page, 'Ben');
    await write(page, 'Ben', 'Before');
    await untilTick(message(page, 'Before'), /^(Delivered|Read)\./);
  });

  test('the conversation says it in every window, over a reload and a restart, until it was seen', async () => {
    const { ann, ben } = friends;
    const { page } = ann;
    browser().allow(nodeIsOff);
    expect(await note(page).count()).toBe(0);
    await ben.page.close();
    await goBack(ben);
    await note(page).waitFor();
    await write(page, 'Ben', 'After');
    await untilTick(message(page, 'After'), /^(Delivered|Read)\./);
    await ann.node.stop();
    await ann.restart();
    await page.reload();
    await note(page).waitFor();
    const beside = await browser().openBeside(page);
    await openConversation(beside, 'Ben');
    await note(beside).getByRole('button', { name: 'Compare numbers' }).waitFor();
    await note(beside).getByRole('button', { name: 'I have seen this' }).click();
    await Promise.all([page, beside].map((each) => note(each).waitFor({ state: 'detached' })));
    await page.reload();
    await message(page, 'After').waitFor();
    expect(await note(page).count()).toBe(0);
    await beside.close();
  });
});
