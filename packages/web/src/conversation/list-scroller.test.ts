/** Goal: of a conversation that was cleared what is left is asked for by itself, once, whatever failed before; nothing is asked for without end. */
import { expect, test } from 'vitest';
import type { VirtualizerHandle } from 'virtua';
import type { ApiClient } from '@kith/api/api-client';
import type { Page, PageInput } from '@kith/api/conversation-shapes';
import { KithError } from '@kith/api/errors';
import { OpenWindow } from '../data/messages/open-windows.ts';
import { event, message } from '../data/messages/window-samples.ts';
import { ListScroller } from './list-scroller.ts';

/** What the list of the browser says while it shows less than the screen holds: nothing can be scrolled there. */
const short: VirtualizerHandle = Object.assign(Object.create(null), {
  scrollOffset: 0,
  scrollSize: 0,
  viewportSize: 600,
  scrollToIndex: () => undefined,
});

type Answer = () => Promise<Page>;

interface Scene {
  open: OpenWindow;
  asked: PageInput[];
  draw: () => void;
}

const page = (positions: number[], over: Partial<Page> = {}): Answer => {
  const messages = positions.map((position) => message(position));
  return async () => await Promise.resolve({ messages, hasOlder: false, hasNewer: false, ...over });
};
const refused =
  (code: 'no-node' | 'unknown-message'): Answer =>
  async () =>
    await Promise.reject(new KithError(code));

/** A window that shows messages 8 and 9, with older ones before them that were asked for once in vain. */
async function scene(...answers: Answer[]): Promise<Scene> {
  const asked: PageInput[] = [];
  const query = async (input: PageInput): Promise<Page> => {
    asked.push(input);
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`nobody expected ${JSON.stringify(input)}`);
    return await answer();
  };
  const api: ApiClient = Object.assign(Object.create(null), { messages: { page: { query } } });
  const open = new OpenWindow(api, 'c');
  answers.unshift(page([8, 9], { hasOlder: true }));
  await open.ask({ kind: 'newest' });
  asked.length = 0;
  const scroller = new ListScroller();
  const draw = (): void => {
    scroller.update(short, {
      window: open.store.getState(),
      rows: [],
      jump: null,
      onAsk: (ask) => void open.ask(ask),
      onEnd: (isAtEnd) => open.act({ type: 'end', isAtEnd }),
      onTrim: (side) => open.act({ type: 'trim', side }),
      onLook: () => undefined,
    });
    scroller.look(false);
  };
  open.store.subscribe(() => queueMicrotask(draw));
  return { open, asked, draw };
}

/** All that was under way has been answered and drawn. */
const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

const cleared = event('conversation', { id: 'c', what: 'cleared', messages: null });
const newest = { conversation: 'c', limit: 100 };
const older = { ...newest, before: 'm8' };

test('a cleared conversation asks for what is left of it, once', async () => {
  const { open, asked } = await scene(page([9]));
  open.act({ type: 'events', events: [cleared] });
  await settled();
  expect(asked).toEqual([newest]);
  expect(open.store.getState().messages.map(({ id }) => id)).toEqual(['m9']);
});

test.each(['before', 'after'] as const)(
  'it does so where an older page was refused just %s',
  async (order) => {
    const answer = Promise.withResolvers<Page>();
    const { open, asked, draw } = await scene(async () => await answer.promise, page([9]));
    draw();
    expect(asked).toEqual([older]);
    const refuse = async (): Promise<void> => {
      answer.reject(new KithError('unknown-message'));
      await settled();
    };
    if (order === 'before') await refuse();
    open.act({ type: 'events', events: [cleared] });
    await settled();
    if (order === 'after') await refuse();
    expect(asked).toEqual([older, newest]);
    expect(open.store.getState()).toMatchObject({ messages: [{ id: 'm9' }], asked: null, failed: null });
  },
);

test('it does so where a page around a message that is gone was refused', async () => {
  const answer = Promise.withResolvers<Page>();
  const { open, asked } = await scene(async () => await answer.promise, page([9]));
  const jumped = open.ask({ kind: 'around', id: 'm2' });
  open.act({ type: 'events', events: [cleared] });
  answer.reject(new KithError('unknown-message'));
  expect(await jumped).toBe('unknown-message');
  await settled();
  expect(asked).toEqual([{ ...newest, around: 'm2' }, newest]);
  expect(open.store.getState().messages).toHaveLength(1);
});

test('what failed long before holds nothing up', async () => {
  const { open, asked, draw } = await scene(refused('no-node'), page([9]));
  draw();
  await settled();
  for (let count = 0; count < 3; count += 1) draw();
  await settled();
  expect(asked, 'a drawing alone asks for nothing again').toEqual([older]);
  open.act({ type: 'events', events: [cleared] });
  await settled();
  expect(asked).toEqual([older, newest]);
  expect(open.store.getState().messages).toHaveLength(1);
});

test('while the node is away it is asked once, and again when it is back', async () => {
  const { open, asked, draw } = await scene(refused('no-node'), page([9]));
  open.act({ type: 'events', events: [cleared] });
  await settled();
  for (let count = 0; count < 5; count += 1) draw();
  await settled();
  expect(asked).toEqual([newest]);
  await open.retry();
  await settled();
  expect(asked).toEqual([newest, newest]);
  expect(open.store.getState().messages).toHaveLength(1);
});
