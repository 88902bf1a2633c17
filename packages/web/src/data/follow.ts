/** Keeps everything up to date for as long as the page lives: follows the node's events, and asks anew after a break. */
import { useSyncExternalStore } from 'react';
import type { ApiEvent } from '@kith/api/shapes';
import { patchCaches, StaleKeys } from './apply-events.ts';
import { api, connectionState, watchConnection } from './connection.ts';
import { feedEvent, onEvents } from './event-feed.ts';
import { queryClient } from './query-client.ts';
import { queries } from './queries.ts';

/** `starting`: a status or a stream is under way. `following`: whatever is asked now is followed by its events. */
let phase: 'idle' | 'starting' | 'following' = 'idle';
/** The event that was handed on last, or after which the first status was. Null before that. */
let last: number | null = null;
/** Since something was handed on. */
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let refresh: ReturnType<typeof setTimeout> | undefined;
/** A node that refuses a stream says first that it has begun, and a moment later that it ended. A guess. */
const standsMs = 250;
/** Before the stream is begun again while the connection stands. A guess: a node that refuses has much to do. */
const retryMsMin = 1_000;
const retryMsMax = 30_000;

let wasReady = false;
/** Ends when the events are followed from a status on. */
let start = Promise.withResolvers<void>();
const watchers = new Set<() => void>();

/** Whether the node was there once: before that there is nothing to show. */
export function useIsReady(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => wasReady,
  );
}

/**
 * Resolves when the events are followed. What is asked after that is as new as the first of them or newer: whoever asks for what events
 * keep up asks then, or what happens between the answer and the first event would be missed for good.
 */
export async function untilFollowed(): Promise<void> {
  await start.promise;
}

/** Once, at the start of the app. Never throws; waits for the node where there is none. */
export function followNode(): void {
  const stale = new StaleKeys(queryClient);
  onEvents((events) => {
    patchCaches(queryClient, events);
    stale.add(events);
  });
  let state = connectionState();
  watchConnection(() => {
    const before = state;
    state = connectionState();
    if (state !== 'connected' || before === 'connected') return;
    // Not everything has an event: what was contacted, who is near. After a break all that is shown is asked anew.
    if (phase === 'following') void queryClient.invalidateQueries();
    else void startFollowing();
  });
  void startFollowing();
}

/**
 * From the event that the status names, so that nothing between the first answers and the first event is missed; begun again, from the
 * one that was handed on last: what is shown is as old as that. Where the connection breaks, the client goes on by itself.
 */
async function startFollowing(): Promise<void> {
  if (phase !== 'idle') return;
  phase = 'starting';
  clearTimeout(retry);
  try {
    last ??= (await queryClient.fetchQuery(queries.status)).lastSeq;
    // Asked anew once it stands: a node that refuses again and again has enough to do.
    let isStale = wasReady;
    const began = (): void => {
      if (!isStale) return;
      isStale = false;
      refresh = setTimeout(() => void queryClient.invalidateQueries(), standsMs);
    };
    const on = { onStarted: began, onData: ({ data }: { data: ApiEvent }) => take(data), onError: stopped };
    api.events.follow.subscribe({ since: last }, on);
    phase = 'following';
    start.resolve();
    wasReady = true;
    for (const watcher of watchers) watcher();
  } catch {
    stopped();
  }
}

function take(event: ApiEvent): void {
  last = event.seq;
  failures = 0;
  feedEvent(event);
}

/** The status or the stream was refused. Without a connection the next one begins it anew: watchConnection tells. */
function stopped(): void {
  if (phase === 'following') start = Promise.withResolvers();
  phase = 'idle';
  clearTimeout(retry);
  clearTimeout(refresh);
  if (connectionState() !== 'connected') return;
  retry = setTimeout(() => void startFollowing(), Math.min(retryMsMin * 2 ** failures, retryMsMax));
  failures = Math.min(failures + 1, 10);
}
