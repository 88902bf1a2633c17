/**
 * The node's events, handed on in order and in small batches: one drawing for a burst. What comes alone is there with the next
 * frame; in a flood, batches are {@link floodMs} apart. A page in the background, whose timers are slow, is woken by
 * {@link batchMax} instead.
 */
import type { ApiEvent } from '@kith/api/shapes';

/** A frame. */
const batchMs = 16;
/** A guess: ten drawings a second read as a stream, and most of the time is left to whoever types meanwhile. */
const floodMs = 100;
/** A guess: as many as one drawing takes in without being felt. */
export const batchMax = 256;

export type EventListener = (events: readonly ApiEvent[]) => void;

const listeners = new Set<EventListener>();
let waiting: ApiEvent[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let lastMs = Number.NEGATIVE_INFINITY;

/** @returns ends it. Events are told in the order of the node's commits, none twice. */
export function onEvents(listener: EventListener): () => void {
  const own: EventListener = (events) => listener(events);
  listeners.add(own);
  return () => listeners.delete(own);
}

export function feedEvent(event: ApiEvent): void {
  waiting.push(event);
  if (waiting.length >= batchMax) flush();
  else timer ??= setTimeout(flush, Math.max(batchMs, lastMs + floodMs - performance.now()));
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  lastMs = performance.now();
  const batch = waiting;
  waiting = [];
  for (const listener of listeners) listener(batch);
}
