/** A card, and a code for comparing, read by the camera from the other's screen: what the one shows is what the other's camera sees. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser, type BrowserStage } from './browser.ts';
import { composer, message, words, write } from './person.ts';
import { person, type Friend } from './two-friends.ts';
import { inBrowser } from './web-stage.ts';

inBrowser('the camera in a browser', ({ stage, browser }) => {
  const film = join(stage.folder, 'camera.mjpeg');
  let withCamera: BrowserStage;
  let ann: Friend;
  let ben: Friend;

  /** From now on Ben's camera is held before that. */
  async function holdBefore(code: Locator): Promise<void> {
    writeFileSync(film, await code.screenshot({ type: 'jpeg', quality: 90 }));
  }

  beforeAll(async () => {
    withCamera = await openBrowser([
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${film}`,
    ]);
    const [annHere, benHere] = await Promise.all([person(stage.home('Ann')), person(stage.home('Ben'))]);
    ann = Object.assign(annHere, { page: await browser().open(annHere.home, { deviceScaleFactor: 2 }) });
    ben = Object.assign(benHere, { page: await withCamera.open(benHere.home, { permissions: ['camera'] }) });
  });
  afterAll(async () => withCamera.close());

  test('a card is read from a screen, and both are connected', async () => {
    await ann.page.goto(new URL('/card', ann.page.url()).href);
    const code = ann.page.getByRole('img', { name: 'Your card as a code to scan' });
    await code.waitFor();
    await holdBefore(code);

    const { page } = ben;
    await page.getByRole('button', { name: 'Add somebody' }).first().click();
    await page.getByRole('button', { name: 'Scan with the camera' }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: words('^Write to {}', 'Ann') }).click();
    await write(page, 'Ann', 'I saw your screen');
    await ann.page.getByRole('link', { name: words('^{}', 'Ben') }).click();
    await message(ann.page, 'I saw your screen').waitFor();
    withCamera.assertQuiet();
  });

  test('another code is told apart, and the right one verifies', async () => {
    const { page } = ben;
    await composer(page, 'Ann').waitFor();
    for (const of of [ann, ben]) {
      await of.page.getByRole('button', { name: 'More about this conversation' }).click();
      await of.page.getByRole('menuitem', { name: 'Compare numbers' }).click();
      await of.page.getByRole('tab', { name: 'By camera' }).click();
    }
    // It is still held before the card.
    await page.getByRole('button', { name: 'Scan their code' }).click();
    await page.getByText('This is a code, but not one for comparing.').waitFor();
    await page.keyboard.press('Escape');
    await holdBefore(ann.page.getByRole('img', { name: 'Code for the other camera' }));
    await page.getByRole('button', { name: 'Scan their code' }).click();
    await page.getByRole('heading', { name: 'Verified' }).waitFor();
    withCamera.assertQuiet();
  });
});
