/** The stream of events: stored ones in pages, then live, without a gap, at the pace of the reader. */
import { tracked, type TrackedEnvelope } from '@trpc/server';
import type { EventRow } from '@kith/core/base/store';
import * as schemas from '@kith/api/schemas';
import type { ApiEvent } from '@kith/api/shapes';
import type { NodeHandle } from './node-handle.ts';
import { router, stream, type ResourceRouter } from './procedure.ts';

/** Stored events read at once. */
const pageRows = 200;
/** Live events that wait for a slow reader; beyond, they are read again from the disk when the reader is ready. */
export const waitingMax = 1_024;

export interface Pace {
  signal: AbortSignal;
  /** Resolves when the reader has taken what it was given. */
  drained(): Promise<void>;
}

export const events: ResourceRouter<'events'> = router({
  follow: stream.input(schemas.eventsInput).subscription(async function* ({ input, ctx, signal }) {
    const closeStream = ctx.connection.openStream();
    const pace = {
      signal: signal ?? new AbortController().signal,
      drained: async () => await ctx.connection.drained(),
    };
    const since = Number(input.lastEventId ?? input.since);
    try {
      for await (const event of follow(ctx.handle, since, pace)) yield envelope(event);
    } finally {
      closeStream();
    }
  }),
});

function envelope(event: ApiEvent): TrackedEnvelope<ApiEvent> {
  return tracked(String(event.seq), event);
}

/**
 * Every event after `since`, then each new one, until the signal. `since` above the newest event counts as the
 * newest, so that a profile restored from a copy does not stay silent.
 */
export async function* follow(
  handle: NodeHandle,
  since: number,
  pace: Pace,
): AsyncGenerator<ApiEvent, void, undefined> {
  let cursor = Math.min(since, handle.lastEventSeq());
  while (!pace.signal.aborted) {
    // An overflow of the live queue brings us back to the pages: nothing is lost, nothing grows.
    for await (const row of stored(handle, cursor, pace)) {
      cursor = row.seq;
      const event = apiEvent(row);
      if (event !== undefined) yield event;
    }
    for await (const row of live(handle, cursor, pace)) {
      cursor = row.seq;
      const event = apiEvent(row);
      if (event !== undefined) yield event;
    }
  }
}

async function* stored(
  handle: NodeHandle,
  since: number,
  pace: Pace,
): AsyncGenerator<EventRow, void, undefined> {
  let cursor = since;
  while (!pace.signal.aborted) {
    const rows = await handle.execute('events', { since: cursor, limit: pageRows });
    for (const row of rows) {
      await pace.drained();
      if (pace.signal.aborted) return;
      cursor = row.seq;
      yield row;
    }
    if (rows.length < pageRows) return;
  }
}

/** Live events above `since`. Ends when more wait than {@link waitingMax}. */
async function* live(
  handle: NodeHandle,
  since: number,
  pace: Pace,
): AsyncGenerator<EventRow, void, undefined> {
  const waiting: EventRow[] = [];
  let hasOverflowed = false;
  let wake: (() => void) | undefined;
  const rouse = (): void => {
    wake?.();
    wake = undefined;
  };
  const unsubscribe = handle.subscribe(since, (row) => {
    if (waiting.length >= waitingMax) hasOverflowed = true;
    if (!hasOverflowed) waiting.push(row);
    rouse();
  });
  pace.signal.addEventListener('abort', rouse);
  try {
    while (!pace.signal.aborted) {
      const row = waiting.shift();
      if (row !== undefined) {
        await pace.drained();
        yield row;
        continue;
      }
      if (hasOverflowed) return;
      const woken = Promise.withResolvers<void>();
      wake = woken.resolve;
      await woken.promise;
    }
  } finally {
    pace.signal.removeEventListener('abort', rouse);
    unsubscribe();
  }
}

/** Undefined for an event of a kind that this version does not know: skipped rather than ending the stream. */
function apiEvent(row: EventRow): ApiEvent | undefined {
  const at = new Date(row.atWallMs).toISOString();
  const parsed = schemas.event.safeParse({ seq: row.seq, at, event: row.event, data: parseJson(row.data) });
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Our own row; if it ever is damaged, one event is skipped.
    return undefined;
  }
}
