/**
 * What runs inside the page while it is measured. Each function is handed to the browser as text, so none may use anything from
 * outside itself.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Locator, Page } from 'playwright-core';

/** Of the page since it began, or since {@link forget}. */
export interface Seen {
  /** Sum of the layout shifts that no input caused. */
  shift: number;
  /** The longest task. */
  longTaskMs: number;
  /** From a key, as the system stamped it, to the end of the frame that shows it, each. */
  keyMs: number[];
  /** From the start of the page to the frame in which its list stood; NaN before. */
  listedMs: number;
}

declare global {
  /** Kept by {@link watchPage} in the page. */
  var kithSeen: Seen;
}

/** Watches from before the first byte of the page. */
export async function watchPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.kithSeen = { shift: 0, longTaskMs: 0, keyMs: [], listedMs: Number.NaN };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value = 0, hadRecentInput = false } = entry as { value?: number; hadRecentInput?: boolean };
        if (!hadRecentInput) globalThis.kithSeen.shift += value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        globalThis.kithSeen.longTaskMs = Math.max(globalThis.kithSeen.longTaskMs, duration);
      }
    }).observe({ type: 'longtask', buffered: true });
    const look = (): void => {
      if (document.querySelector('a[href^="/c/"]') === null) requestAnimationFrame(look);
      else globalThis.kithSeen.listedMs = performance.now();
    };
    requestAnimationFrame(look);
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          // A message comes after style, layout and paint of this frame, and before the next.
          const { port1, port2 } = new MessageChannel();
          port1.addEventListener('message', () => {
            globalThis.kithSeen.keyMs.push(performance.now() - timeStamp);
            port1.close();
          });
          port1.start();
          port2.postMessage(undefined);
        });
      },
      { capture: true },
    );
  });
}

export async function seen(page: Page): Promise<Seen> {
  return await page.evaluate(() => globalThis.kithSeen);
}

export async function forget(page: Page): Promise<void> {
  await page.evaluate(() => {
    globalThis.kithSeen = { shift: 0, longTaskMs: 0, keyMs: [], listedMs: Number.NaN };
  });
}

/** The scripts that the page had asked for when its list stood, by path. */
export async function scriptsOfList(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ startTime }) => startTime <= globalThis.kithSeen.listedMs)
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => path.endsWith('.js')),
  );
}

/** Milliseconds from the start of the navigation to the first paint of content. */
export async function firstPaintMs(page: Page): Promise<number> {
  // It is told of after the picture is on the screen, which may be later than the page can be used.
  return await page.evaluate(
    async () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          for (const { name, startTime } of list.getEntries()) {
            if (name === 'first-contentful-paint') resolve(startTime);
          }
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}

/** The row of a conversation. After the name its time may stand: of "Zoë", at two o'clock, that is "Zoë 2:50 AM". */
export function linkTo(page: Page, name: string): Locator {
  return page.getByRole('link', { name: new RegExp(`^${name}(?![\\d:])`) });
}

/**
 * Opens what has that name in the list as a mouse does, which is over it before it presses, and resolves with the milliseconds from
 * the release of the button to the end of the frame that shows messages.
 */
export async function openTimed(page: Page, name: string): Promise<number> {
  const link = linkTo(page, name);
  await link.hover();
  const opened = page.evaluate(async () => {
    const pressed = new Promise<number>((resolve) => {
      addEventListener('click', ({ timeStamp }) => resolve(timeStamp), { capture: true, once: true });
    });
    // Rows may come before a frame or, from a ResizeObserver, within it. Either way an IntersectionObserver looks at them after
    // the layout of the frame that shows them, and tells in a task after its paint.
    await new Promise<void>((resolve) => {
      const sight = new IntersectionObserver((entries) => {
        const near = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target);
        if (!near.some((row) => row.checkVisibility({ visibilityProperty: true }))) {
          // A row stands hidden until it is measured: to be looked at again with the next frame.
          for (const row of near) sight.unobserve(row);
          for (const row of near) sight.observe(row);
          return;
        }
        rows.disconnect();
        sight.disconnect();
        resolve();
      });
      const rows = new MutationObserver(() => {
        for (const row of document.querySelectorAll('[role="log"] [role="article"]')) sight.observe(row);
      });
      rows.observe(document, { childList: true, subtree: true });
    });
    const pressedMs = await pressed;
    return performance.now() - pressedMs;
  });
  await link.click();
  return await opened;
}

export interface Scrolled {
  frames: number;
  /** Frames in which some place of the list showed no row. */
  blankFrames: number;
  /** Rows that were in the page at once, at the most. */
  rowsMax: number;
}

/** Scrolls up through the list as a wheel does, and looks at three places of every frame. */
export async function scrollUp(page: Page, pixels: number): Promise<Scrolled> {
  return await page.evaluate(async (wanted) => {
    const log = document.querySelector<HTMLElement>('[role="log"]');
    if (log === null) throw new Error('no list of messages');
    const box = log.getBoundingClientRect();
    const stepPx = 120;
    const found = { frames: 0, blankFrames: 0, rowsMax: 0 };
    for (let left = wanted; left > 0; left -= stepPx) {
      log.scrollTop -= stepPx;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      found.frames += 1;
      const isBlank = [0.2, 0.5, 0.8].some((part) => {
        const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height * part);
        return at === null || at === log || at.parentElement === log;
      });
      if (isBlank) found.blankFrames += 1;
      found.rowsMax = Math.max(found.rowsMax, log.querySelectorAll('[role="article"]').length);
    }
    return found;
  }, pixels);
}

/** Megabytes that the page's scripts hold after the rest was thrown away. */
export async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1e6;
}
