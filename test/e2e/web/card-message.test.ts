/** A card that a friend sends in a message: one short link that leads to the page where it is added. */
import { beforeAll, expect, test } from 'vitest';
import { assertFits } from './accessibility.ts';
import { act, composer, message, messages, openConversation, write } from './person.ts';
import { person, twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

inBrowser('a card in a message', ({ stage, browser }) => {
  let friends: Friends;
  let card: string;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser(), {
      viewport: { width: 390, height: 844 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const cat = await person(stage.home('Cat'));
    ({ card } = await cat.api.profile.makeCard.mutate({ once: true }));
    await openConversation(friends.ann.page, 'Ben');
  });

  test('is pressed, however it was sent, and the page for adding has it', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    const sent = [
      { text: card, name: 'A card' },
      { text: `Cat’s: <${card}>.`, name: 'A card' },
      { text: `Take [the card of Cat](${card})`, name: 'the card of Cat' },
    ];
    for (const { text, name } of sent) {
      const { id } = await ben.api.messages.send.mutate({ to: conversation, text });
      const row = page.locator(`[data-message="${id}"]`);
      await row.getByRole('button', { name, exact: true }).click();
      await expect
        .poll(async () => await page.getByRole('textbox', { name: 'Their card' }).inputValue())
        .toBe(card);
      await page.getByRole('button', { name: 'Add', exact: true }).waitFor();
      await page.goBack();
      await composer(page, 'Ben').waitFor();
    }
    await assertFits(page, 'cards in messages');
  });

  test('is a word in the list and in a quote, and whole in a copy', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    await ben.api.messages.send.mutate({ to: conversation, text: `${card} is hers` });
    const row = message(page, 'is hers');
    await act(row, 'Copy text');
    await expect
      .poll(async () => await page.evaluate(() => navigator.clipboard.readText()))
      .toBe(`${card} is hers`);
    await act(row, 'Reply');
    await write(page, 'Ben', 'Thank you');
    await messages(page).last().getByRole('button', { name: 'A card' }).waitFor();
    await ben.api.messages.send.mutate({ to: conversation, text: `${card} again` });
    await message(page, ' again').waitFor();
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('link', { name: /A card again/ }).waitFor();
  });
});
