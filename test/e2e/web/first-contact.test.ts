/** From nothing to a first message: the first steps, a card handed over as a link, and a conversation. */
import { createServer } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { assertAccessible, assertContrast, assertFits } from './accessibility.ts';
import { freePort } from '../node-process.ts';
import { copyCard, introduce, message, untilTick, words, write } from './person.ts';
import { inBrowser } from './web-stage.ts';

async function assertInBoth(page: Page, where: string): Promise<void> {
  await assertAccessible(page, where);
  await page.emulateMedia({ colorScheme: 'dark' });
  await assertContrast(page, `${where}, dark`);
  await page.setViewportSize({ width: 360, height: 740 });
  await assertFits(page, where);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.emulateMedia({ colorScheme: 'light' });
}

inBrowser('first contact in a browser', ({ stage, browser }) => {
  /** Takes connections and never says a word. */
  const silent = createServer();
  afterAll(() => void silent.close());

  test('two people get from the first screen to a delivered message with one pasted card', async () => {
    const homes = { ann: stage.home('ann'), ben: stage.home('ben') };
    await Promise.all([homes.ann.up(['--lan', 'off']), homes.ben.up(['--lan', 'off'])]);
    const ann = await browser().open(homes.ann, { permissions: ['clipboard-read', 'clipboard-write'] });
    await ann.getByRole('textbox', { name: 'Your name' }).waitFor();
    await assertInBoth(ann, 'the first screen');
    expect(await ann.getByRole('textbox').count()).toBe(1);
    await ann.getByRole('textbox', { name: 'Your name' }).fill('Ann');
    await ann.keyboard.press('Enter');
    await ann.getByRole('tab', { name: 'They need mine' }).click();
    await ann.getByRole('button', { name: 'Copy my card' }).waitFor();
    await assertInBoth(ann, 'my card in the first steps');
    const card = await copyCard(ann);
    expect(card).toMatch(/^mesh:\/\/add\?p=/);

    const ben = await browser().open(homes.ben);
    await introduce(ben, { name: 'Ben', card });
    await write(ben, 'Ann', 'Hello Ann, it is me');
    await ann.getByRole('button', { name: words('Write to {}', 'Ben') }).click();
    await message(ann, 'Hello Ann, it is me').waitFor();
    await write(ann, 'Ben', 'There you are');
    await message(ben, 'There you are').waitFor();
    // Only their acknowledgement shows it.
    await untilTick(message(ben, 'Hello Ann'), /^(Delivered|Read)\./);
    await assertAccessible(ben, 'a conversation');
  });

  test('a card that is none, cut short or my own is refused in words, and nothing is added', async () => {
    const home = stage.home('cat');
    await home.up(['--lan', 'off']);
    const { card } = await home.json<{ card: string }>(['card']);
    const page = await browser().open(home);
    await page.getByRole('button', { name: 'Continue' }).click();
    const field = page.getByRole('textbox', { name: 'Their card' });
    await field.fill('hello there, this is no card');
    await page.getByText('This is not a card.').waitFor();
    await field.fill(card);
    await page.getByText('This is your own card.').waitFor();
    await field.fill(`${card.slice(0, 60)}${card[60] === 'q' ? 'p' : 'q'}${card.slice(61)}`);
    await page.getByText(/damaged or incomplete|not a card|beginning of a card/).waitFor();
    expect(await page.getByRole('button', { name: 'Add', exact: true }).count()).toBe(0);
  });

  test('whom nobody answers for is said to be so: a node that is gone, and a machine that says nothing', async () => {
    const [eve, fay] = [stage.home('eve'), stage.home('fay')];
    const port = await freePort();
    const node = await eve.up(['--lan', 'off', '--listen', `/ip4/127.0.0.1/tcp/${port}`]);
    const { card } = await eve.json<{ card: string }>(['card', '--once']);
    await node.stop();
    await fay.up(['--lan', 'off']);
    const page = await browser().open(fay);
    await page.getByRole('textbox', { name: 'Your name' }).fill('Fay');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('textbox', { name: 'Their card' }).fill(card);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const said = page.getByRole('status');
    await said.getByText(/^Their device is there, but Kith does not seem to be running on it\./).waitFor();

    silent.listen(port, '127.0.0.1');
    await said.getByText(/^Their device does not answer\./).waitFor();
    // It goes on by itself: what is written meanwhile waits for them.
    await page.getByRole('button', { name: /^Write to / }).click();
    await page.getByRole('textbox', { name: /^Message to / }).waitFor();
  });
});
