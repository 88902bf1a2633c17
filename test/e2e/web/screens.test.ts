/**
 * Every screen and everything that opens above one: axe at WCAG 2.2 AA, wide and narrow, light and dark; and whether it fits 360 px and
 * a window zoomed to 200 %.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { patienceMs } from '../deadline.ts';
import { assertAccessible, assertContrast, assertFits } from './accessibility.ts';
import { allScreens } from './screens/all-screens.ts';
import { screenWorld, type ScreenWorld } from './screens/screen-world.ts';
import { inBrowser } from './web-stage.ts';

const source = join(import.meta.dirname, '../../../packages/web/src');

/** What the router knows, and the parts of the settings: `/person/$contact`, `/settings/privacy`. */
function addresses(): string[] {
  const routes = readFileSync(join(source, 'app/router.tsx'), 'utf8').matchAll(/^ {2}path: '(.+)',$/gm);
  const sections = readFileSync(join(source, 'settings/sections.tsx'), 'utf8').matchAll(/^ {2}\| '(\w+)'/gm);
  const found = [...routes].map(([, path = '']) => path);
  expect(found.length).toBeGreaterThan(9);
  return [...found, ...[...sections].map(([, id = '']) => `/settings/${id}`)];
}

const wide = { width: 1280, height: 800 };
const narrow = { width: 360, height: 740 };
/** 1280 px at 200 %. */
const zoomed = { width: 640, height: 400 };

inBrowser('the screens in a browser', ({ stage, browser }) => {
  let world: ScreenWorld;
  beforeAll(async () => {
    world = await screenWorld(stage, browser);
    // Six nodes, and what a year leaves behind.
  }, 300_000);

  test('every address of the app and every part of its settings is among them', () => {
    const names = allScreens.map(({ name }) => name);
    expect(new Set(names).size, 'names').toBe(names.length);
    const pictured = allScreens.map(({ path }) => path.replace(/\?.*$/, ''));
    // A place in an address, as routes and screens write it.
    const missing = addresses().filter((address) => {
      const pattern = new RegExp(`^${address.replaceAll(/\$\w+/g, '[^/]+')}$`);
      return !pictured.some((path) => pattern.test(path));
    });
    expect(missing).toEqual([]);
  });

  describe.each(allScreens)('$name', (screen) => {
    test('is accessible in both themes, wide and narrow, and fits', async () => {
      const { name, isPlaced = false } = screen;
      let page = await world.show(screen, wide);
      const at = async (size: typeof wide): Promise<void> => {
        if (!isPlaced) return await page.setViewportSize(size);
        page = await world.show(screen, size);
        await page.emulateMedia({ colorScheme: 'dark' });
      };
      await page.emulateMedia({ colorScheme: 'light' });
      await assertAccessible(page, `${name}, light`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await assertContrast(page, `${name}, dark`);
      await at(zoomed);
      await assertFits(page, `${name} at 200 %`);
      await at(narrow);
      await assertFits(page, `${name} at 360 px`);
      await assertAccessible(page, `${name}, narrow and dark`);
      await world.leave(screen, page);
    });
  });

  test('whoever is at the end of a conversation stays there when the window becomes narrow, and wide again', async () => {
    const screen = allScreens.find(({ name }) => name === 'a long list beside a conversation');
    if (screen === undefined) throw new Error('it is among them');
    const page = await world.show(screen, wide);
    const below = async (): Promise<number> =>
      await page
        .getByRole('log')
        .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
    await expect.poll(below).toBeLessThan(5);
    for (const size of [narrow, zoomed, wide, narrow]) {
      const { width } = (await page.getByRole('log').boundingBox()) ?? { width: 0 };
      await page.setViewportSize(size);
      await expect.poll(async () => (await page.getByRole('log').boundingBox())?.width).not.toBe(width);
      await expect.poll(below, { timeout: patienceMs }).toBeLessThan(5);
      await page.getByRole('button', { name: 'Jump to the latest message' }).waitFor({ state: 'detached' });
    }
  });

  test('a changed key leads from the conversation to comparing, and nothing can be written', async () => {
    const screen = allScreens.find(({ name }) => name === 'a changed key');
    if (screen === undefined) throw new Error('it is among them');
    const page = await world.show(screen);
    expect(await page.getByRole('textbox', { name: /^Message to/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Compare numbers' }).click();
    await page.getByRole('button', { name: 'They are the same' }).waitFor();
  });
});
