/**
 * Goals: of a conversation that was cleared what is left is asked for by itself, once, whatever failed before; nothing is asked for
 * without end. Whoever is at the end stays there, and nobody else is taken there.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { VirtualizerHandle } from 'virtua';
import type { ApiClient } from '@kith/api/api-client';
import type { Page, PageInput } from '@kith/api/conversation-shapes';
import { KithError } from '@kith/api/errors';
import { emptyWindow, type MessageWindow } from '../data/messages/message-window.ts';
import { OpenWindow } from '../data/messages/open-windows.ts';
import { event, message } from '../data/messages/window-samples.ts';
import type { Place } from '../data/messages/reading-places.ts';
import { ListScroller, type Extent, type ListScrollInput } from './list-scroller.ts';
import { makeRows } from './message-rows.ts';
import type { Jump } from './use-opening.ts';

/** What the list of the browser says while it shows less than the screen holds: nothing can be scrolled there. */
const short: VirtualizerHandle = Object.assign(Object.create(null), {
  scrollOffset: 0,
  scrollSize: 0,
  viewportSize: 600,
  scrollToIndex: () => undefined,
  findItemIndex: () => 0,
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
      onLeavePlace: () => undefined,
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

/** A list that shows its end, 1,000 px of which 300 are seen. */
function atEnd() {
  const page = { scrollHeight: 1_000, clientHeight: 300, top: 700 };
  const log: Extent = {
    get scrollHeight() {
      return page.scrollHeight;
    },
    get clientHeight() {
      return page.clientHeight;
    },
    get scrollTop() {
      return page.top;
    },
    // As browsers do.
    set scrollTop(wanted) {
      page.top = Math.min(wanted, page.scrollHeight - page.clientHeight);
    },
  };
  const scroller = new ListScroller();
  scroller.hold(log);
  const rows = makeRows({
    messages: [message(1), message(2)],
    pending: [],
    keys: new Map(),
    unread: null,
    isStart: false,
  });
  const draw = (over: Partial<MessageWindow> = {}, jump: Jump | null = null): void =>
    scroller.update(short, {
      window: { ...emptyWindow, isEmpty: false, ...over },
      rows,
      jump,
      onAsk: () => undefined,
      onEnd: () => undefined,
      onTrim: () => undefined,
      onLeavePlace: () => undefined,
      onLook: () => undefined,
    });
  draw();
  const scrolled = (scrollTop: number): void => {
    log.scrollTop = scrollTop;
    scroller.onScroll(scrollTop);
  };
  type Heights = Partial<Record<'scrollHeight' | 'clientHeight', number>>;
  /** @returns whether the end is in sight when the page has its new heights. */
  const becomes = (heights: Heights): boolean => {
    Object.assign(page, heights);
    scrolled(page.top);
    scroller.onExtent();
    scrolled(page.top);
    return page.top + page.clientHeight >= page.scrollHeight;
  };
  /** The list scrolls by itself in the moment in which it has new heights. */
  const jumps = (heights: Heights, scrollTop: number): void => {
    Object.assign(page, heights);
    scrolled(scrollTop);
  };
  scrolled(700);
  return { page, scroller, scrolled, becomes, jumps, draw };
}

describe('the end of the list', () => {
  test('stays in sight when rows or the list become higher or lower', () => {
    const { becomes } = atEnd();
    expect(becomes({ scrollHeight: 1_400 })).toBe(true);
    expect(becomes({ clientHeight: 120 })).toBe(true);
    expect(becomes({ scrollHeight: 900, clientHeight: 500 })).toBe(true);
  });

  test('is not left by a list that scrolls because it became higher, and its rows a picture later', () => {
    const { becomes, jumps } = atEnd();
    jumps({ clientHeight: 500 }, 460);
    expect(becomes({ scrollHeight: 1_400 })).toBe(true);
    // What is above became lower, and the virtual list makes up for it; what is in sight became higher.
    jumps({ scrollHeight: 1_450 }, 850);
    expect(becomes({ scrollHeight: 1_500 })).toBe(true);
  });

  test('is left by a reader who scrolls up, and found again by one who comes back', () => {
    const { page, scroller, scrolled, becomes } = atEnd();
    scrolled(650);
    expect(becomes({ scrollHeight: 1_400 })).toBe(false);
    expect(page.top).toBe(650);
    scrolled(800);
    expect(becomes({ scrollHeight: 1_500 })).toBe(false);
    scrolled(1_200);
    scroller.onScrollEnd();
    expect(becomes({ scrollHeight: 1_600 })).toBe(true);
  });

  test('waits while something is pressed, and is there again after the click', () => {
    const { page, scroller, becomes, draw } = atEnd();
    scroller.onPress(true);
    draw({ messages: [message(1), message(2)] });
    expect(becomes({ scrollHeight: 1_400 })).toBe(false);
    expect(page.top).toBe(700);
    scroller.onPress(false);
    expect(page.top).toBe(1_100);
  });

  test('is left also while messages come in all the time', () => {
    const { page, scrolled, becomes } = atEnd();
    becomes({ scrollHeight: 1_050 });
    scrolled(page.top - 30);
    expect(becomes({ scrollHeight: 1_100 })).toBe(false);
  });
});

describe('a wheel that turns upwards', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('leaves the end also where a message comes in the same picture', () => {
    const { scroller, becomes, jumps } = atEnd();
    scroller.onWheelUp();
    jumps({ scrollHeight: 1_050 }, 640);
    expect(becomes({ scrollHeight: 1_100 })).toBe(false);
  });

  test('and scrolls nothing leaves nothing', () => {
    const { scroller, becomes } = atEnd();
    scroller.onWheelUp();
    vi.runAllTimers();
    expect(becomes({ scrollHeight: 1_100 })).toBe(true);
  });
});

describe('sent to a message', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const jump: Jump = { to: 'm1', turn: 0 };

  test('the end that is passed on the way holds nobody', () => {
    const { scroller, scrolled, becomes, draw } = atEnd();
    draw({}, jump);
    scrolled(700);
    expect(becomes({ scrollHeight: 1_100 }), 'nor pulls anybody back').toBe(false);
    scrolled(300);
    scroller.onScrollEnd();
    expect(becomes({ scrollHeight: 1_200 })).toBe(false);
  });

  test('the reader leads again when it is reached', () => {
    const { scroller, scrolled, becomes, draw } = atEnd();
    draw({}, jump);
    scrolled(300);
    scroller.onScrollEnd();
    scrolled(700);
    expect(becomes({ scrollHeight: 1_200 })).toBe(true);
  });

  test('that is in sight already nothing scrolls, and the end is held as before', () => {
    const { becomes, draw } = atEnd();
    draw({}, jump);
    vi.runAllTimers();
    expect(becomes({ scrollHeight: 1_200 })).toBe(true);
  });

  test('beyond what is here, the end of what is here is not the end', () => {
    const { scroller, scrolled, becomes, draw } = atEnd();
    draw({ hasNewer: true }, jump);
    scrolled(700);
    scroller.onScrollEnd();
    draw();
    expect(becomes({ scrollHeight: 1_200 })).toBe(false);
  });
});

describe('the place that is left', () => {
  /** Rows of 100 px, the first a day, of which 300 px are seen from there on. */
  function seenFrom(scrollOffset: number) {
    const sent: [number, unknown][] = [];
    const list: VirtualizerHandle = Object.assign(Object.create(null), {
      scrollOffset,
      scrollSize: 1_000,
      viewportSize: 300,
      findItemIndex: (offset: number) => Math.floor(offset / 100),
      getItemOffset: (index: number) => index * 100,
      scrollToIndex: (index: number, options: unknown) => sent.push([index, options]),
    });
    const rows = makeRows({
      messages: Array.from({ length: 9 }, (_, position) => message(position)),
      pending: [],
      keys: new Map(),
      unread: null,
      isStart: false,
    });
    const places: (Place | null)[] = [];
    const input: ListScrollInput = {
      window: { ...emptyWindow, isEmpty: false },
      rows,
      jump: null,
      onAsk: () => undefined,
      onEnd: () => undefined,
      onTrim: () => undefined,
      onLeavePlace: (place) => places.push(place),
      onLook: () => undefined,
    };
    const scroller = new ListScroller();
    const leave = (jump: Jump | null): (Place | null)[] => {
      scroller.update(list, { ...input, jump });
      scroller.leave();
      return places;
    };
    return { leave, sent };
  }

  test('is the first message in sight, and is come back to without lighting it', () => {
    const { leave, sent } = seenFrom(230);
    expect(leave({ to: 'm1', turn: 0, topPx: -30 })).toEqual([{ id: 'm1', topPx: -30 }]);
    expect(sent).toEqual([[2, { align: 'start', offset: 30 }]]);
  });

  test('is the message below a day that is seen', () => {
    expect(seenFrom(40).leave({ to: 'm3', turn: 0 })).toEqual([{ id: 'm0', topPx: 60 }]);
  });

  test('is none at the end, and none for who was still on their way', () => {
    expect(seenFrom(700).leave(null)).toEqual([null]);
    expect(seenFrom(230).leave({ to: 'not here yet', turn: 0 })).toEqual([]);
  });
});
