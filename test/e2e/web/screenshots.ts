/**
 * `npm run screenshots [-- FOLDER] [--only PATTERN] [--language de] [--sizes narrow,small]`: every screen of the app in light and dark, wide,
 * half and narrow, from real nodes with real conversations between them. For looking at; screens.test.ts judges the same ones.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { createStage } from '../node-process.ts';
import { settled } from './accessibility.ts';
import { openBrowser } from './browser.ts';
import { allScreens } from './screens/all-screens.ts';
import type { Screen } from './screens/screen.ts';
import { screenWorld, type ScreenWorld } from './screens/screen-world.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** A regular expression that their names fit. */
    only: { type: 'string', default: '' },
    language: { type: 'string', default: 'en' },
    sizes: { type: 'string', default: 'wide,half,narrow' },
  },
});
const folder = resolve(positionals[0] ?? 'screenshots');
const language = values.language === 'de' ? 'de' : 'en';
const sizes = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'half', width: 900, height: 800 },
  { name: 'narrow', width: 390, height: 844 },
  { name: 'small', width: 360, height: 740 },
  /** 1280 px at 200 %. */
  { name: 'zoomed', width: 640, height: 400 },
].filter(({ name }) => values.sizes.split(',').includes(name));
const themes = ['light', 'dark'] as const;

type Size = (typeof sizes)[number];

async function picture(page: Page, name: string, size: Size): Promise<void> {
  await page.setViewportSize(size);
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page);
    await page.screenshot({ path: join(folder, `${name}-${size.name}-${colorScheme}.png`) });
  }
}

/** The screens are told by their English words: once one stands, it is turned into the other language. */
async function speak(
  page: Page,
  { of = 'ann' }: Screen,
  world: ScreenWorld,
  spoken: 'en' | 'de',
): Promise<void> {
  await world[of].api.settings.set.mutate({ language: spoken });
  await page.locator(`html[lang="${spoken}"]`).waitFor();
}

/** Pictures of those sizes, of one showing. */
async function pictures(
  screen: Screen,
  name: string,
  world: ScreenWorld,
  of: readonly Size[],
): Promise<void> {
  const page = await world.show(screen, screen.isPlaced === true ? of[0] : undefined);
  const isTranslated = language !== 'en' && screen.noise === undefined;
  if (isTranslated) await speak(page, screen, world, language);
  for (const size of of) await picture(page, name, size);
  if (isTranslated) await speak(page, screen, world, 'en');
  await world.leave(screen, page);
}

mkdirSync(folder, { recursive: true });
const stage = createStage();
const browser = await openBrowser();
try {
  const world = await screenWorld(stage, () => browser);
  for (const [index, screen] of allScreens.entries()) {
    if (!new RegExp(values.only).test(screen.name)) continue;
    const name = `${String(index + 1).padStart(3, '0')}-${screen.name.toLowerCase().replaceAll(/\W+/g, '-')}`;
    const showings = screen.isPlaced === true ? sizes.map((size) => [size]) : [sizes];
    for (const of of showings) await pictures(screen, name, world, of);
    console.log(name);
  }
  console.log(`pictures are in ${folder}`);
} finally {
  await browser.close();
  await stage.clear();
}
