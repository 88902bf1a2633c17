/** Keys that come faster than the page draws, and what stood on it for a moment. */
import type { Page } from 'playwright-core';

const codes: Readonly<Record<string, number>> = {
  Enter: 13,
  Escape: 27,
  ArrowUp: 38,
  ArrowDown: 40,
};

/**
 * Presses keys while the page is busy: they all wait for it, and come to it one after the other without a picture between.
 * @param parts - Names of keys, and letters to type.
 */
export async function burst(page: Page, parts: readonly string[], busyMs = 300): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate((ms) => {
    setTimeout(() => {
      const endMs = performance.now() + ms;
      while (performance.now() < endMs);
    });
  }, busyMs);
  const keys = parts.flatMap((part) => (part in codes ? [part] : part.split('')));
  const presses = keys.flatMap((key) => {
    const code = codes[key];
    const text = key === 'Enter' ? '\r' : code === undefined ? key : '';
    const virtual = code ?? (/[a-z]/.test(key) ? key.toUpperCase().charCodeAt(0) : 0);
    const press = { key, windowsVirtualKeyCode: virtual };
    return [
      devtools.send('Input.dispatchKeyEvent', {
        type: text === '' ? 'rawKeyDown' : 'keyDown',
        ...press,
        text,
      }),
      devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...press }),
    ];
  });
  await Promise.all(presses);
  await devtools.detach();
}

/** Looks at every change of the page's content. @returns whether those words stood there at any moment since. */
export async function watchFor(page: Page, words: string): Promise<() => Promise<boolean>> {
  const watch = await page.evaluateHandle((text) => {
    const seen = { any: false };
    const look = (): void => {
      seen.any ||= document.querySelector('main')?.textContent.includes(text) === true;
    };
    look();
    new MutationObserver(look).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    return seen;
  }, words);
  return async () => await watch.evaluate(({ any }) => any);
}
