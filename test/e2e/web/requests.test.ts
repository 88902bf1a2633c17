/** The request box: strangers wait there, and each of the three answers does what it says. */
import { beforeAll, expect, test } from 'vitest';
import { composer, dismissToast, words } from './person.ts';
import { person, request, type Person } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

inBrowser('the request box in a browser', ({ stage, browser }) => {
  let ann: Person;
  let strangers: Person[];
  const named = ['Cat', 'Dan', 'Eve', 'Fay'];
  beforeAll(async () => {
    const [first, ...rest] = await Promise.all(['Ann', ...named].map((name) => person(stage.home(name))));
    if (first === undefined) throw new Error('there are five');
    ann = first;
    strangers = rest;
    for (const stranger of strangers) await request(ann, stranger);
  });

  test('a stranger is accepted, deleted with a way back, or blocked', async () => {
    const page = await browser().open(ann.home);
    await page.getByRole('link', { name: /^Requests, 4 requests/ }).click();
    const card = (name: string) => page.getByRole('article', { name });
    await card('Cat').getByText('Calls themselves that; nothing is verified.').waitFor();
    await card('Cat').getByRole('button', { name: 'Accept' }).click();
    await card('Cat').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: words('^{}', 'Cat') }).waitFor();
    await page.getByText(words('{} can write to you now', 'Cat')).waitFor();
    await card('Dan').and(page.locator(':focus')).waitFor();
    await page.getByRole('button', { name: 'Message', exact: true }).click();
    await composer(page, 'Cat').waitFor();
    await page.goBack();

    await card('Dan').getByRole('button', { name: 'Delete' }).click();
    await card('Dan').waitFor({ state: 'detached' });
    await card('Eve').and(page.locator(':focus')).waitFor();
    // The second click of a double click finds the next card there.
    const under = card('Eve').getByRole('button', { name: 'Delete' });
    await page.mouse.down({ clickCount: 2 });
    await under.and(page.locator(':focus')).waitFor();
    await page.mouse.up({ clickCount: 2 });
    await page.getByRole('button', { name: 'Undo' }).click();
    await card('Dan').waitFor();
    await card('Dan').getByRole('button', { name: 'Delete' }).click();
    await dismissToast(page);
    await expect
      .poll(async () => (await ann.api.contacts.list.query()).map(({ name }) => name).toSorted())
      .toEqual(['Cat', 'Eve', 'Fay']);

    await card('Eve').getByRole('button', { name: 'Block' }).click();
    await card('Eve').waitFor({ state: 'detached' });
    const states = (await ann.api.contacts.list.query()).map(({ name, state }) => `${name} ${state}`);
    expect(states.toSorted()).toEqual(['Cat connected', 'Eve blocked', 'Fay incoming']);
    await card('Fay').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'No requests' }).waitFor();
    await page.getByRole('main').and(page.locator(':focus')).waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await card('Fay').getByRole('button', { name: 'Accept' }).click();
    await composer(page, 'Fay').waitFor();
    await page.goto(new URL('/settings/privacy', page.url()).href);
    await page.getByText('Eve').waitFor();

    await page.getByRole('link', { name: 'Conversations' }).click();
    await page.getByRole('link', { name: words('^{}', 'Cat') }).click();
    await composer(page, 'Cat').waitFor();
  });
});
