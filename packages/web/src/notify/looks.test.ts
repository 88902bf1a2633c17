/** Goal: whoever would notify knows what any window of the browser looks at, and nothing that none does any more. */
import { expect, it } from 'vitest';
import { Looks } from './looks.ts';

/** The locks of a browser, as far as windows use them here; `close` lets go of what a window held. */
class Browser {
  #held: { window: string; name: string }[] = [];

  window(window: string): Looks {
    const request = async (
      name: string,
      { signal }: LockOptions,
      callback: LockGrantedCallback<unknown>,
    ): Promise<unknown> => {
      await Promise.resolve();
      signal?.throwIfAborted();
      const lock = { window, name };
      this.#held.push(lock);
      await callback({ name, mode: 'shared' });
      this.#held = this.#held.filter((each) => each !== lock);
      return undefined;
    };
    const query = async (): Promise<LockManagerSnapshot> => ({ held: this.#held, pending: [] });
    return new Looks({ request: request as LockManager['request'], query });
  }

  close(window: string): void {
    this.#held = this.#held.filter((each) => each.window !== window);
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

it('a window knows what another looks at, until that looks elsewhere or is gone', async () => {
  const browser = new Browser();
  const [one, two] = [browser.window('one'), browser.window('two')];
  two.set('a');
  await settled();
  expect(await Promise.all(['a', 'b'].map((each) => one.isLookedAt(each)))).toEqual([true, false]);
  two.set('b');
  await settled();
  expect(await Promise.all(['a', 'b'].map((each) => one.isLookedAt(each)))).toEqual([false, true]);
  two.set(null);
  await settled();
  expect(await one.isLookedAt('b')).toBe(false);
  two.set('a');
  await settled();
  browser.close('two');
  expect(await one.isLookedAt('a')).toBe(false);
});

it('of two windows that look at one conversation each counts, and the own one at once', async () => {
  const browser = new Browser();
  const [one, two] = [browser.window('one'), browser.window('two')];
  one.set('a');
  expect(await one.isLookedAt('a')).toBe(true);
  two.set('a');
  await settled();
  one.set(null);
  await settled();
  expect(await one.isLookedAt('a')).toBe(true);
  two.set(null);
  await settled();
  expect(await one.isLookedAt('a')).toBe(false);
});

it('a look that ended before the browser granted it is none', async () => {
  const browser = new Browser();
  const [one, two] = [browser.window('one'), browser.window('two')];
  two.set('a');
  two.set(null);
  await settled();
  expect(await one.isLookedAt('a')).toBe(false);
});
