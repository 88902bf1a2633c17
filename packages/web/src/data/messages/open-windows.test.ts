/** Goal: what is looked at stays and is kept up, whatever is prepared beside it; a page is asked for once. */
import { expect, test } from 'vitest';
import type { ApiClient } from '@kith/api/api-client';
import type { Page, PageInput } from '@kith/api/conversation-shapes';
import { OpenWindows, openWindowsMax } from './open-windows.ts';
import { event, message } from './window-samples.ts';

function apiOf(answer: (input: PageInput) => Promise<Page>): { api: ApiClient; asked: PageInput[] } {
  const asked: PageInput[] = [];
  const query = (input: PageInput): Promise<Page> => {
    asked.push(input);
    return answer(input);
  };
  return { api: Object.assign(Object.create(null), { messages: { page: { query } } }), asked };
}

const pageOf = (input: PageInput): Page => ({
  messages: [message(1, { conversation: input.conversation })],
  hasOlder: false,
  hasNewer: false,
});

test('a prepared window takes the place of no window that was opened', async () => {
  const { api } = apiOf(async (input) => await Promise.resolve(pageOf(input)));
  const windows = new OpenWindows(api);
  const shown = windows.open('shown');
  await shown.begin(null);
  for (let index = 0; index < openWindowsMax * 3; index += 1) {
    windows.prepare(`row ${String(index)}`);
    expect(windows.all().length).toBeLessThanOrEqual(openWindowsMax);
  }
  expect(windows.open('shown')).toBe(shown);
  windows.takeEvents([event('message', message(2, { conversation: 'shown' }))]);
  expect(shown.store.getState().messages.map(({ position }) => position)).toEqual([1, 2]);
});

test('opening what was prepared finds its page, which was asked for once', async () => {
  const { api, asked } = apiOf(async (input) => await Promise.resolve(pageOf(input)));
  const windows = new OpenWindows(api);
  const [first, second] = [windows.prepare('c').begin('m9'), windows.prepare('c').begin('m9')];
  await Promise.all([first, second]);
  await windows.prepare('c').begin('m9');
  expect(asked).toMatchObject([{ conversation: 'c', around: 'm9' }]);
  expect(windows.open('c').store.getState().messages).toHaveLength(1);
});

test('a page that cannot be had leaves the window to whoever opens it', async () => {
  const { api } = apiOf(async () => await Promise.reject(new Error('gone')));
  const windows = new OpenWindows(api);
  await windows.prepare('c').begin(null);
  expect(windows.open('c').store.getState()).toMatchObject({ isEmpty: true, asked: null });
});

test('who asks for the page in which the reader begins, while it is under way, waits for that one', async () => {
  const { api, asked } = apiOf(async (input) => await Promise.resolve(pageOf(input)));
  const windows = new OpenWindows(api);
  for (const [firstUnread, same] of [
    [null, { kind: 'newest' }],
    ['m1', { kind: 'around', id: 'm1' }],
  ] as const) {
    const window = windows.open(`begins at ${String(firstUnread)}`);
    const begun = window.begin(firstUnread);
    expect(await window.ask(same)).toBeNull();
    await begun;
    expect(window.store.getState()).toMatchObject({ isEmpty: false, asked: null });
  }
  expect(asked).toHaveLength(2);
});

test('who asks for another page than that is given it, and so is who comes back to the first', async () => {
  const { api, asked } = apiOf(async (input) => await Promise.resolve(pageOf(input)));
  const window = new OpenWindows(api).open('c');
  const begun = window.begin(null);
  const others = [window.ask({ kind: 'around', id: 'm1' }), window.ask({ kind: 'newest' })];
  await Promise.all([begun, ...others]);
  expect(asked.map(({ around }) => around)).toEqual([undefined, 'm1', undefined]);
  await window.ask({ kind: 'newest' });
  expect(asked).toHaveLength(4);
});

test('that it cannot be had is told to both', async () => {
  const { api, asked } = apiOf(async () => await Promise.reject(new Error('gone')));
  const window = new OpenWindows(api).open('c');
  const begun = window.begin(null);
  expect(await window.ask({ kind: 'newest' })).toBe('internal');
  await begun;
  expect(asked).toHaveLength(1);
});
