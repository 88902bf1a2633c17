/** The app in a browser of another family: from the first screen to a delivered message, and what leaving the page decides. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { skipAloud } from '../../skip.ts';
import { createStage } from '../node-process.ts';
import { Firefox, firefoxMissing, firefoxPath, keys } from './firefox.ts';

if (firefoxPath === undefined) skipAloud('the app in Firefox', firefoxMissing);
else inFirefox(firefoxPath);

function inFirefox(executable: string): void {
  const stage = createStage();
  const [ann, ben] = [stage.home('Ann'), stage.home('Ben')];
  let firefox: Firefox;
  let stop = async (): Promise<void> => await Promise.resolve();
  let url: string;
  let benApi: Awaited<ReturnType<typeof ben.connect>>['api'];
  beforeAll(async () => {
    firefox = await Firefox.start(executable);
    stop = async () => await firefox.stop();
    await Promise.all([ann.up(['--lan', 'off']), ben.up(['--lan', 'off'])]);
    ({ api: benApi } = await ben.connect());
    const { api } = await ann.connect();
    url = (await api.node.webLink.mutate()).url ?? '';
  });
  afterAll(async () => {
    await stop();
    await stage.clear();
  });

  const focused = (selector: string): string =>
    `document.activeElement?.matches(${JSON.stringify(selector)})`;
  const row = (text: string): string =>
    `[...document.querySelectorAll('[data-row]')].some((each) => each.textContent.includes(${JSON.stringify(text)}))`;
  const toBen = '[data-composer][aria-label*="Ben"]';

  /** In whole, as Ben has it: the newest message last. */
  async function textsAtBen(): Promise<string[]> {
    const [conversation] = await benApi.conversations.list.query();
    if (conversation === undefined) return [];
    const { messages } = await benApi.messages.page.query({ conversation: conversation.id, limit: 10 });
    return messages.map(({ text, deleted }) => (deleted ? 'deleted' : text));
  }

  test('from the first screen to a delivered message', async () => {
    const { card } = await ben.json<{ card: string }>(['card', '--once']);
    await firefox.goto(url);
    await firefox.until(focused('input'));
    await firefox.type(`Ann${keys.enter}`);
    await firefox.until(`document.querySelector('textarea') !== null`);
    await firefox.evaluate(`document.querySelector('textarea').focus()`);
    // Pasted: letter by letter it takes a minute.
    await firefox.evaluate(`document.execCommand('insertText', false, ${JSON.stringify(card)})`);
    await firefox.press('button', 'Add');
    await firefox.press('button', 'Write to');
    await firefox.until(focused(toBen));
    await firefox.type(`Hello from **afar**${keys.enter}`);
    await firefox.until(`document.querySelector('[data-row] [aria-label^="Delivered"]') !== null`);
    expect(await textsAtBen()).toEqual(['Hello from **afar**']);
    expect(await firefox.evaluate(`document.querySelector('[data-row] strong').textContent`)).toBe('afar');
    expect(firefox.strange).toEqual([]);
  });

  test('what was deleted is deleted, and what was typed is kept, also when the page is left at once', async () => {
    await firefox.type(`Never mind${keys.enter}`);
    await firefox.until(row('Never mind'));
    await expect.poll(textsAtBen).toEqual(['Hello from **afar**', 'Never mind']);
    await firefox.type(keys.pageUp);
    await firefox.until(`document.activeElement.textContent.includes('Never mind')`);
    await firefox.type(keys.delete);
    await firefox.press('[role=dialog] button, [role=alertdialog] button', 'Delete everywhere');
    await firefox.until(`!${row('Never mind')}`);
    await firefox.until(focused('[data-row], [data-composer]'));
    await firefox.evaluate(`document.querySelector('[data-composer]').focus()`);
    await firefox.type('Half a sent');
    await firefox.reload();
    await expect.poll(textsAtBen).toEqual(['Hello from **afar**', 'deleted']);
    await firefox.until(`document.querySelector('[data-composer]')?.value === 'Half a sent'`);
    expect(firefox.strange).toEqual([]);
  });
}
