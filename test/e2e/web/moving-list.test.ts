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
    // The second click of a double click, when the list has moved by then.
    await first.filter({ hasText: 'In between' }).waitFor();
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await composer(page, 'Ben').waitFor();
    expect(await composer(page, 'Cat').count()).toBe(0);
    // It has its place as soon as the list is left alone.
    await first.filter({ hasText: 'In between' }).waitFor();
    await first.getByRole('link', { name: words('^{}', 'Cat') }).click();
    await composer(page, 'Cat').waitFor();
    expect(await rows.count()).toBe(2);
  });

  test('stands still from one press to the next where they follow each other closely', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    const rows = page.getByRole('navigation', { name: 'Conversations' }).getByRole('listitem');
    const names = async (): Promise<(string | null)[]> =>
      await rows.evaluateAll((all) => all.map((row) => row.querySelector('bdi')?.textContent ?? null));
    expect(await names()).toEqual(['Cat', 'Ben']);
    const press = async (type: 'pointerdown' | 'pointerup'): Promise<void> =>
      await rows.first().dispatchEvent(type, { bubbles: true, buttons: 1 });
    await press('pointerdown');
    await ben.api.messages.send.mutate({ to: conversation, text: 'Above' });
    await rows.filter({ hasText: 'Above' }).waitFor();
    // In one go: no time passes between them.
    await rows.first().evaluate((row) => {
      for (const type of ['pointerup', 'pointerdown'])
        row.dispatchEvent(new PointerEvent(type, { bubbles: true, buttons: 1 }));
    });
    await cat.api.messages.send.mutate({ to: withCat, text: 'Once more' });
    await rows.filter({ hasText: 'Once more' }).waitFor();
    await ben.api.messages.send.mutate({ to: conversation, text: 'Far above' });
    await rows.filter({ hasText: 'Far above' }).waitFor();
    expect(await names()).toEqual(['Cat', 'Ben']);
    await press('pointerup');
    await expect.poll(names).toEqual(['Ben', 'Cat']);
  });
});
