/** Keeps everything up to date for as long as the page lives: follows the node's events, and asks anew after a break. */
import { useSyncExternalStore } from 'react';
import { patchCaches, StaleKeys } from './apply-events.ts';
import { api, connectionState, watchConnection } from './connection.ts';
import { feedEvent, onEvents } from './event-feed.ts';
import { queryClient } from './query-client.ts';
import { queries } from './queries.ts';

/** `starting`: a status or a stream is under way. `following`: whatever is asked now is followed by its events. */
let phase: 'idle' | 'starting' | 'following' = 'idle';
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
 * From the event that the status names, so that nothing between the first answers and the first event is missed. Later
 * breaks are the client's: it goes on where it stopped.
 */
async function startFollowing(): Promise<void> {
  if (phase !== 'idle') return;
  phase = 'starting';
  try {
    const { lastSeq } = await queryClient.fetchQuery(queries.status);
    api.events.follow.subscribe(
      { since: lastSeq },
      {
        onData: ({ data }) => feedEvent(data),
        onError: () => {
          // The stream was refused. The next connection begins it anew, from the same event: none is missed.
          phase = 'idle';
          start = Promise.withResolvers();
        },
      },
    );
    phase = 'following';
    start.resolve();
    if (wasReady) void queryClient.invalidateQueries();
    wasReady = true;
    for (const watcher of watchers) watcher();
  } catch {
    // No node yet: when there is one, watchConnection tells.
    phase = 'idle';
  }
}
