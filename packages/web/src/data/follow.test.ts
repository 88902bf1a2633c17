/** Goal: a stream that is refused begins again by itself, at the event after which the page is: none is missed, nothing hammers. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ApiEvent } from '@kith/api/shapes';

interface Stream {
  since: number;
  onStarted: () => void;
  onData: (tracked: { data: ApiEvent }) => void;
  onError: () => void;
}

const node = vi.hoisted(() => {
  const streams: Stream[] = [];
  const watchers: (() => void)[] = [];
  return { streams, watchers, lastSeq: 7, refusesStatus: 0, asked: 0, state: 'connected' };
});

vi.mock('./connection.ts', () => ({
  connectionState: () => node.state,
  watchConnection: (watcher: () => void) => {
    node.watchers.push(watcher);
    return () => undefined;
  },
  api: {
    node: {
      status: {
        query: async () => {
          node.asked += 1;
          if (node.refusesStatus > 0) {
            node.refusesStatus -= 1;
            throw new Error('busy');
          }
          return await Promise.resolve({ lastSeq: node.lastSeq });
        },
      },
    },
    events: {
      follow: {
        subscribe: ({ since }: { since: number }, on: Omit<Stream, 'since'>) =>
          void node.streams.push({ since, ...on }),
      },
    },
  },
}));

const at = '2026-01-01T00:00:00.000Z';
const eventOf = (seq: number): ApiEvent => ({ seq, at, event: 'settings', data: {} });

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  Object.assign(node, { lastSeq: 7, refusesStatus: 0, asked: 0, state: 'connected' });
  node.streams.length = 0;
  node.watchers.length = 0;
});
afterEach(() => void vi.useRealTimers());

function become(state: string): void {
  node.state = state;
  for (const watcher of node.watchers) watcher();
}

/** The page as it was begun, and the events that reached it. */
async function begun(): Promise<{ reached: number[]; untilFollowed: () => Promise<void> }> {
  const { followNode, untilFollowed } = await import('./follow.ts');
  const { onEvents } = await import('./event-feed.ts');
  const reached: number[] = [];
  onEvents((events) => reached.push(...events.map(({ seq }) => seq)));
  followNode();
  await vi.advanceTimersByTimeAsync(0);
  return { reached, untilFollowed };
}

/** Refuses the stream that is followed now. */
function refuse(): void {
  node.streams.at(-1)?.onError();
}

test('it goes on after the event that was handed on last, whatever the node has come to', async () => {
  const { reached } = await begun();
  expect(node.streams.map(({ since }) => since)).toEqual([7]);
  for (const seq of [8, 9]) node.streams[0]?.onData({ data: eventOf(seq) });
  node.lastSeq = 12;
  refuse();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(node.streams.map(({ since }) => since)).toEqual([7, 9]);
  for (const seq of [10, 11, 12]) node.streams[1]?.onData({ data: eventOf(seq) });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reached).toEqual([8, 9, 10, 11, 12]);
});

test('a stream that is refused again and again is tried less and less often', async () => {
  await begun();
  const delays: number[] = [];
  for (let count = 0; count < 8; count += 1) {
    const before = node.streams.length;
    refuse();
    const beganMs = Date.now();
    for (let second = 0; second < 40 && node.streams.length === before; second += 1)
      await vi.advanceTimersByTimeAsync(1_000);
    delays.push((Date.now() - beganMs) / 1_000);
  }
  expect(delays).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  node.streams.at(-1)?.onData({ data: eventOf(8) });
  refuse();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(node.streams.at(-1)?.since).toBe(8);
});

test('what is shown is asked for anew once a stream that was begun again stands, not while it is refused', async () => {
  await begun();
  const { queryClient } = await import('./query-client.ts');
  const invalidate = vi.spyOn(queryClient, 'invalidateQueries');
  node.streams[0]?.onStarted();
  expect(invalidate, 'nothing is older than the first').not.toHaveBeenCalled();
  for (let count = 0; count < 3; count += 1) {
    // As the node refuses: it begins the stream, and ends it at once.
    node.streams.at(-1)?.onStarted();
    refuse();
    await vi.advanceTimersByTimeAsync(30_000);
  }
  expect([node.streams.length, invalidate.mock.calls.length]).toEqual([4, 0]);
  node.streams.at(-1)?.onStarted();
  node.streams.at(-1)?.onStarted();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(invalidate).toHaveBeenCalledTimes(1);
});

test('without a connection it waits for the next one, and begins once', async () => {
  await begun();
  refuse();
  become('no-node');
  become('connected');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(node.streams.map(({ since }) => since)).toEqual([7, 7]);
  become('no-node');
  refuse();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(node.streams).toHaveLength(2);
  become('connected');
  await vi.advanceTimersByTimeAsync(0);
  expect(node.streams).toHaveLength(3);
});

test('a status that is refused is asked for again, and who waits for the events is told then', async () => {
  node.refusesStatus = 2;
  const { untilFollowed } = await begun();
  const told = vi.fn();
  void untilFollowed().then(told);
  expect(node.streams).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([node.asked, told.mock.calls.length]).toEqual([2, 0]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([node.asked, told.mock.calls.length]).toEqual([3, 1]);
  expect(node.streams.map(({ since }) => since)).toEqual([7]);
});
