/** The stream of events, in pages from the disk, without a gap, at the pace of the reader. */
import { tracked, type TrackedEnvelope } from '@trpc/server';
import type { EventView } from '@kith/core/peer/contract';
import * as schemas from '@kith/api/schemas';
import type { ApiEvent } from '@kith/api/shapes';
import { messageJson } from './message-json.ts';
import type { ClientConnection } from './connection.ts';
import type { NodeHandle } from './node-handle.ts';
import { router, stream, type ResourceRouter } from './procedure.ts';

/** Events read at once. */
const pageRows = 200;

export interface Pace {
  signal: AbortSignal;
  /** Resolves when the reader has taken what it was given. */
  drained(): Promise<void>;
}

export function paceOf(connection: ClientConnection, signal: AbortSignal | undefined): Pace {
  return {
    signal: signal ?? new AbortController().signal,
    drained: async () => await connection.drained(),
  };
}

export const events: ResourceRouter<'events'> = router({
  follow: stream.input(schemas.eventsInput).subscription(async function* ({ input, ctx, signal }) {
    const closeStream = ctx.connection.openStream();
    const pace = paceOf(ctx.connection, signal);
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
 * newest, so that a profile restored from a copy does not stay silent. Messages are shown as they are when the event
 * is read: a deleted text is in none.
 */
export async function* follow(
  handle: NodeHandle,
  since: number,
  pace: Pace,
): AsyncGenerator<ApiEvent, void, undefined> {
  let cursor = Math.min(since, handle.lastEventSeq());
  const news = heard(handle, pace.signal);
  try {
    while (!pace.signal.aborted) {
      const rows = await handle.execute('events', { since: cursor, limit: pageRows });
      for (const row of rows) {
        await pace.drained();
        if (pace.signal.aborted) return;
        cursor = row.seq;
        const event = apiEvent(row);
        if (event !== undefined) yield event;
      }
      if (rows.length < pageRows) await news.above(cursor);
    }
  } finally {
    news.end();
  }
}

/** How far the events have come. Nothing waits here for a slow reader: what there is, is read when it is asked for. */
function heard(handle: NodeHandle, signal: AbortSignal): { above(seq: number): Promise<void>; end(): void } {
  let newest = handle.lastEventSeq();
  let wake: (() => void) | undefined;
  const rouse = (): void => {
    wake?.();
    wake = undefined;
  };
  const unsubscribe = handle.subscribe(newest, ({ seq }) => {
    newest = seq;
    rouse();
  });
  signal.addEventListener('abort', rouse);
  return {
    async above(seq) {
      if (newest > seq || signal.aborted) return;
      const woken = Promise.withResolvers<void>();
      wake = woken.resolve;
      await woken.promise;
    },
    end() {
      signal.removeEventListener('abort', rouse);
      unsubscribe();
    },
  };
}

/**
 * Undefined for an event about a message that is gone, and for one of a kind that this version does not know: skipped
 * rather than ending the stream.
 */
function apiEvent(row: EventView): ApiEvent | undefined {
  const at = new Date(row.atWallMs).toISOString();
  const isAboutMessage = row.event === 'message' || row.event === 'changed';
  if (isAboutMessage && row.message === undefined) return undefined;
  const data = row.message === undefined ? completed(row) : messageJson(row.message);
  const parsed = schemas.event.safeParse({ seq: row.seq, at, event: row.event, data });
  return parsed.success ? parsed.data : undefined;
}

/** What has no value is null, as everywhere. */
function completed({ event, data }: EventView): unknown {
  const parsed = parseJson(data);
  return event === 'conversation' && typeof parsed === 'object' ? { messages: null, ...parsed } : parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Our own row; if it ever is damaged, one event is skipped.
    return undefined;
  }
}
