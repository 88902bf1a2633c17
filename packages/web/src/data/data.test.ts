import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ApiEvent, Contact } from '@kith/api/shapes';
import { patchCaches, StaleKeys } from './apply-events.ts';
import { batchMax, feedEvent, onEvents } from './event-feed.ts';
import { keys } from './query-client.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const at = '2026-01-01T00:00:00.000Z';
const contactEvent = (seq: number, state: Contact['state'] | 'removed'): ApiEvent => ({
  seq,
  at,
  event: 'contact',
  data: {
    id: 'kith1a',
    name: 'Ana',
    claimedName: 'Ana',
    hue: null,
    state,
    verified: true,
    keyChanged: false,
    reachable: true,
    conversation: 'c1',
  },
});
const peerEvent = (seq: number): ApiEvent => ({ seq, at, event: 'peer', data: { id: 'n', link: 'lan' } });

const contact: Contact = {
  id: 'kith1a',
  name: 'A',
  claimedName: 'Ana',
  hue: null,
  state: 'requested',
  verified: false,
  keyChanged: false,
  reachable: false,
  lastSeen: null,
  greeting: '',
  conversation: 'c',
};

it('hands events on in order, a burst at once, and at once when many wait', () => {
  const batches: number[][] = [];
  const end = onEvents((events) => batches.push(events.map(({ seq }) => seq)));
  feedEvent(peerEvent(1));
  feedEvent(peerEvent(2));
  expect(batches).toEqual([]);
  vi.runAllTimers();
  expect(batches).toEqual([[1, 2]]);
  for (let seq = 3; seq < 3 + batchMax; seq += 1) feedEvent(peerEvent(seq));
  expect(batches[1]).toHaveLength(batchMax);
  end();
  feedEvent(peerEvent(999));
  vi.runAllTimers();
  expect(batches).toHaveLength(2);
});

it('draws a flood ten times a second, and what comes alone with the next frame', () => {
  const timesMs: number[] = [];
  const startMs = performance.now();
  const end = onEvents(() => timesMs.push(performance.now() - startMs));
  for (let seq = 0; seq < 100; seq += 1) {
    feedEvent(peerEvent(seq));
    vi.advanceTimersByTime(10);
  }
  vi.runAllTimers();
  // The first with its frame, then one each 100 ms and the time that a timer is late.
  expect(timesMs.length).toBeGreaterThanOrEqual(8);
  expect(timesMs.length).toBeLessThanOrEqual(11);
  vi.advanceTimersByTime(1_000);
  timesMs.length = 0;
  const aloneMs = performance.now() - startMs;
  feedEvent(peerEvent(100));
  vi.runAllTimers();
  expect(timesMs).toEqual([aloneMs + 16]);
  end();
});

it('takes in what an event says of a contact, and takes a removed one away', () => {
  const client = new QueryClient();
  client.setQueryData(keys.contacts, [contact]);
  patchCaches(client, [contactEvent(1, 'connected')]);
  expect(client.getQueryData(keys.contacts)).toMatchObject([
    { name: 'Ana', state: 'connected', reachable: true },
  ]);
  patchCaches(client, [contactEvent(2, 'removed')]);
  expect(client.getQueryData(keys.contacts)).toEqual([]);
});

it('makes up nothing where nothing was known', () => {
  const client = new QueryClient();
  patchCaches(client, [contactEvent(1, 'connected')]);
  expect(client.getQueryData(keys.contacts)).toBeUndefined();
});

it('asks once for a flood', () => {
  const client = new QueryClient();
  const asked = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
  const stale = new StaleKeys(client);
  for (let seq = 0; seq < 1_000; seq += 1) stale.add([peerEvent(seq)]);
  expect(asked).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(asked.mock.calls.map(([filter]) => filter?.queryKey)).toEqual([
    keys.peers,
    keys.status,
    keys.allReach,
  ]);
  vi.runAllTimers();
  expect(asked).toHaveBeenCalledTimes(3);
});
