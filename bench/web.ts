/** The web app as it is served: how soon it is there, and how it bears a long conversation and a flood. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composer, openConversation } from '../test/e2e/web/person.ts';
import type { Bench, Goal } from './harness/bench.ts';
import {
  firstPaintMs,
  forget,
  heapMegabytes,
  linkTo,
  openTimed,
  scriptsOfList,
  scrollUp,
  seen,
  watchPage,
} from './harness/page-watch.ts';
import { endWebWorld, messagesFilled, webWorld } from './harness/web-world.ts';

const dist = join(import.meta.dirname, '../packages/web/dist');
/** Some 1,500 messages: several pages of the window come and go. */
const scrolledPx = 60_000;
const floodMessages = 500;
const floodPerSecond = 100;
/** Letters typed during the flood, ten a second: a quick typist. */
const letters = 'every letter must show at once, flood or not ';

const atMost = (what: string, name: string, limit: number): Goal => ({
  what: `${what} (at most ${limit})`,
  value: ({ figures }) => figures[name] ?? Number.NaN,
  sense: 'atMost',
  limit,
});

let roundsLeft = 5;

export const bench: Bench = {
  about: `the production build in Chromium, one page: first paint, ${messagesFilled.toLocaleString('en')} messages in a conversation, ${floodPerSecond} incoming messages a second while typing`,
  goals: [
    atMost('ms from navigation to the first paint of content', 'firstPaintMs', 1_000),
    atMost('ms from navigation to a list that answers', 'interactiveMs', 1_500),
    atMost('KB of scripts before that, gzip', 'scriptKilobytes', 200),
    atMost('ms to open the long conversation', 'openMs', 150),
    atMost('frames with a blank place while scrolling', 'blankFrames', 0),
    atMost('times the heap after scrolling', 'heapGrowth', 1.5),
    atMost('ms from a key to its picture during the flood, 95th percentile', 'keyMs', 50),
    atMost('ms: longest task during the flood', 'longTaskMs', 200),
    atMost('layout shift, loading, opening and the flood', 'layoutShift', 0.05),
  ],
  run: async () => {
    const world = await webWorld();
    const page = await world.open();
    try {
      await watchPage(page);
      await page.reload();
      await linkTo(page, world.long).waitFor();
      const { listedMs: interactiveMs } = await seen(page);
      const paintMs = await firstPaintMs(page);
      const scripts = await scriptsOfList(page);
      // As a person, who reads the list before they choose from it.
      await page.waitForLoadState('networkidle');
      const openMs = await openTimed(page, world.long);
      const heapBefore = await heapMegabytes(page);
      const scrolled = await scrollUp(page, scrolledPx);
      const heapAfter = await heapMegabytes(page);
      const loading = await seen(page);
      await openConversation(page, world.friend);
      await forget(page);
      const flood = world.flood(floodMessages, floodPerSecond);
      await composer(page, world.friend).pressSequentially(letters, { delay: 100 });
      await flood;
      const flooded = await seen(page);
      const keys = flooded.keyMs.toSorted((a, b) => a - b);
      return {
        figures: {
          firstPaintMs: paintMs,
          interactiveMs,
          scriptKilobytes: kilobytes(scripts),
          openMs,
          framesScrolled: scrolled.frames,
          blankFrames: scrolled.blankFrames,
          rowsMax: scrolled.rowsMax,
          heapMegabytes: heapAfter,
          heapGrowth: heapAfter / heapBefore,
          keyMedianMs: keys[Math.floor(keys.length / 2)] ?? Number.NaN,
          keyMs: keys[Math.floor(keys.length * 0.95)] ?? Number.NaN,
          longTaskMs: flooded.longTaskMs,
          layoutShift: loading.shift + flooded.shift,
        },
        floors: {},
      };
    } catch (error) {
      roundsLeft = 1;
      throw error;
    } finally {
      await page.context().close();
      roundsLeft -= 1;
      if (roundsLeft === 0) await endWebWorld();
    }
  },
};

/** As they are served to a browser that takes gzip. */
function kilobytes(paths: readonly string[]): number {
  const bytes = [...new Set(paths)].map((path) => {
    try {
      return readFileSync(join(dist, `${path}.gz`)).length;
    } catch {
      return readFileSync(join(dist, path)).length; // Too small to be worth compressing.
    }
  });
  return bytes.reduce((sum, each) => sum + each, 0) / 1_000;
}
