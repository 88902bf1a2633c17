/** A browser that is signed out from another one, while it shows a conversation: it says so, and keeps nothing on the screen. */
import { beforeAll, expect, test } from 'vitest';
import { composer, message, openConversation, spoken } from './person.ts';
import { befriend, person, twoFriends, type Friends } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

/** What a browser logs when the node ends its connection, asks who it is, and serves it nothing but a sentence. */
const signedOut = [/401/, /WebSocket/, /404.*favicon\.ico/];

inBrowser('signing a browser out from another', ({ stage, browser }) => {
  let friends: Friends;
  beforeAll(async () => {
    friends = await twoFriends(stage, browser());
  });

  test('it shows how to sign in again, nothing of the person, and comes back by a link alone', async () => {
    const { ann, ben, conversation } = friends;
    const { page } = ann;
    browser().allow(signedOut);
    const cat = await person(stage.home('Cat'));
    const other = await befriend(cat, ann, 'Cat');
    await openConversation(page, 'Ben');
    await ben.api.messages.send.mutate({ to: conversation, text: 'Read aloud' });
    await message(page, 'Read aloud').waitFor();
    await spoken(page, 'Read aloud').waitFor({ state: 'attached' });
    await cat.api.messages.send.mutate({ to: other, text: 'Not yet read' });
    await expect.poll(async () => await page.title()).toBe('(1) Kith');
    await composer(page, 'Ben').pressSequentially('A thought');

    const elsewhere = await browser().open(ann.home);
    await elsewhere.goto(new URL('/settings/browsers', elsewhere.url()).href);
    const browsers = elsewhere.getByRole('main').getByRole('listitem');
    const others = browsers.filter({ hasNotText: 'This browser' });
    await others.getByRole('button', { name: /^Sign out / }).click();
    await page.getByRole('heading', { name: 'This browser is not signed in' }).waitFor();
    await page.getByText('kith app', { exact: true }).waitFor();
    const shown = async (): Promise<string> =>
      await page.evaluate(() => `${document.title} ${document.documentElement.outerHTML}`);
    // A toast that just stood there fades.
    await expect.poll(shown).not.toMatch(/Ben|Cat|Ann|Read aloud|Not yet read|thought|\(1\)|favicon-unread/);
    await others.waitFor({ state: 'detached' });

    await page.reload();
    await page.getByText(/this browser is not signed in to it\. Run kith app in a terminal/).waitFor();
    expect(await shown()).not.toMatch(/Ben|Cat|Ann|aloud|thought/);
    const { url } = await ann.api.node.webLink.mutate();
    await page.goto(url ?? '');
    await page.getByRole('link', { name: /Not yet read/ }).waitFor();
  });
});
