/** Messages that are selected: what is done means all of them, wherever the reader went meanwhile, and nothing that is gone. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { act, message, openConversation } from './person.ts';
import { twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

const bar = (page: Page) => page.getByRole('toolbar', { name: 'Selected messages' });

/** The lines that a copy gives, without who wrote them and when. */
async function copied(page: Page): Promise<string[]> {
  await page.evaluate(async () => await navigator.clipboard.writeText('nothing'));
  await page.keyboard.press('Control+C');
  const read = async (): Promise<string> =>
    await page.evaluate(async () => await navigator.clipboard.readText());
  await expect.poll(read).not.toBe('nothing');
  return (await read()).split('\n\n').map((each) => each.split('\n')[1] ?? each);
}

inBrowser('selected messages', ({ stage, browser }) => {
  let friends: Friends;
  let newest: string;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser(), { permissions: ['clipboard-read', 'clipboard-write'] });
    const { ann, ben, conversation } = friends;
    const send = async (text: string, replyTo?: string): Promise<string> => {
      const sent = await ben.api.messages.send.mutate({
        to: conversation,
        text,
        ...(replyTo === undefined ? {} : { replyTo }),
      });
      return sent.id;
    };
    const first = await send('The first');
    for (let at = 0; at < 150; at += 1) await send(`Between ${String(at)}`);
    await send('The answer', first);
    newest = await send('The newest');
    const { page } = ann;
    await page.getByRole('link', { name: /The newest/ }).waitFor();
    // Of what was read only the end is loaded.
    await ann.api.conversations.markRead.mutate({ conversation, upTo: newest });
    await page.reload();
    await openConversation(page, 'Ben');
    await message(page, 'The newest').waitFor();
  });

  test('are all copied and deleted, also those that are not loaded any more, in their order', async () => {
    const { page } = friends.ann;
    await act(message(page, 'The newest'), 'Select');
    // Its quote leads to the beginning, far from what was loaded; and it is selected.
    await message(page, 'The answer').getByRole('button', { name: 'The first' }).click();
    const first = page.getByRole('article', { name: /^Ben: The first/ });
    await first.click();
    await bar(page).getByText('3 selected').waitFor();
    expect(await message(page, 'The newest').count()).toBe(0);
    expect(await copied(page)).toEqual(['The first', 'The answer', 'The newest']);
    await page.keyboard.press('Delete');
    await page.getByRole('dialog', { name: 'Delete 3 messages?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await bar(page).getByText('3 selected').waitFor();
  });

  test('are not copied once they are deleted', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    await ben.api.messages.delete.mutate({ conversation, id: newest, everywhere: true });
    await expect.poll(async () => await copied(page)).toEqual(['The first', 'The answer']);
  });

  test('are none after Escape, wherever the focus is', async () => {
    const { page } = friends.ann;
    await page.getByRole('button', { name: 'More about this conversation' }).focus();
    await page.keyboard.press('Escape');
    await bar(page).waitFor({ state: 'detached' });
    await act(page.getByRole('article', { name: /^Ben: The first/ }), 'Select');
    await bar(page).getByRole('button', { name: 'Copy' }).focus();
    await page.keyboard.press('Escape');
    await bar(page).waitFor({ state: 'detached' });
    // Then keys are for the composer again.
    await page.keyboard.type('On we go');
    await expect
      .poll(async () => await page.getByRole('textbox', { name: /^Message to/ }).inputValue())
      .toBe('On we go');
  });
});
