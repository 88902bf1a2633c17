/** The list of conversations moves whenever somebody writes: a press means the row that it was made on. */
import { beforeAll, expect, test } from 'vitest';
import { composer, words } from './person.ts';
import { befriend, person, twoFriends, type Friends, type Person } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

inBrowser('a list that moves', ({ stage, browser }) => {
  let friends: Friends;
  let cat: Person;
  let withCat: string;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser());
    cat = await person(stage.home('Cat'));
    withCat = await befriend(cat, friends.ann, 'Cat');
  });

  test('opens what was pressed, also where another row comes above before the release', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    const rows = page.getByRole('navigation', { name: 'Conversations' }).getByRole('listitem');
    const first = rows.first();
    await ben.api.messages.send.mutate({ to: conversation, text: 'First of all' });
    await first.filter({ hasText: 'First of all' }).waitFor();
    const box = await first.boundingBox();
    if (box === null) throw new Error('it is not on the screen');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await cat.api.messages.send.mutate({ to: withCat, text: 'In between' });
    await rows.filter({ hasText: 'In between' }).waitFor();
    await page.mouse.up();
    await composer(page, 'Ben').waitFor();
    // It has its place as soon as the list is left alone.
    await first.filter({ hasText: 'In between' }).waitFor();
    await first.getByRole('link', { name: words('^{}', 'Cat') }).click();
    await composer(page, 'Cat').waitFor();
    expect(await rows.count()).toBe(2);
  });
});
