/** What axe finds, at the level that law and users expect; and whether a screen fits the width it has. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { patienceMs } from '../deadline.ts';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** @param where named when something is found: `settings, dark` */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  await assertNone(page, new AxeBuilder({ page }).withTags(tags), where);
}

/** Only what differs between the themes. */
export async function assertContrast(page: Page, where: string): Promise<void> {
  await assertNone(page, new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']), where);
}

async function assertNone(page: Page, axe: AxeBuilder, where: string): Promise<void> {
  await settled(page);
  // Without frames there is nothing to join: not in a page of its own, whose opening takes the focus and twice as long as the rest.
  axe.setLegacyMode();
  // What fades while one scrolls has every contrast once. Its colours are tokens, which are measured.
  const { violations } = await axe.exclude('[data-passing]').analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
  expect(found, `axe on ${where}`).toEqual([]);
}

/** Colours are judged when they have arrived: what was just done is drawn, and nothing moves any more but what moves for ever. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const drawn = async (): Promise<void> => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    };
    const moving = (): Animation[] =>
      document.getAnimations().filter(({ effect, playState }) => {
        const { iterations } = effect?.getTiming() ?? {};
        return playState === 'running' && iterations !== Number.POSITIVE_INFINITY;
      });
    await drawn();
    for (let still = moving(); still.length > 0; still = moving()) {
      await Promise.allSettled(still.map(async (each) => await each.finished));
      await drawn();
    }
  });
}

/** Nothing scrolls sideways but code, which says so, and no control lies beyond the edge. */
export async function assertFits(page: Page, where: string): Promise<void> {
  const beyond = async (): Promise<string[]> =>
    await page.evaluate(() => {
      const name = (element: Element): string =>
        `${element.tagName.toLowerCase()} ${element.getAttribute('aria-label') ?? element.textContent.slice(0, 40)}`;
      const wide = [
        ...document.querySelectorAll('html, body, main, aside, section, nav, [role="dialog"], [role="log"]'),
      ]
        // What may hang over does; an element around it that may not is wider for it.
        .filter((element) => getComputedStyle(element).overflowX !== 'visible')
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
        .map((element) => `wider than it is: ${name(element)}`);
      const controls = [
        ...document.querySelectorAll(
          'button, a, input, textarea, [role="tab"], [role="radio"], [role^="menuitem"]',
        ),
      ]
        .filter((element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))
        .filter((element) => {
          const { left, right, width, height, bottom } = element.getBoundingClientRect();
          // What is kept for screen readers alone, or waits above the screen for the focus, has no place on it.
          return width > 1 && height > 1 && bottom > 0 && (left < -1 || right > innerWidth + 1);
        })
        .map((element) => `beyond the edge: ${name(element)}`);
      return [...wide, ...controls];
    });
  // What floats finds its new place after the window has changed.
  await expect.poll(beyond, { timeout: patienceMs, message: `the width of ${where}` }).toEqual([]);
}
