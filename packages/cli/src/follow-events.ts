/** The stream of events as something to loop over. */
import type { ApiClient } from '@kith/api/client';
import type { ApiEvent } from '@kith/api/shapes';

/**
 * Every event after `since`, then each new one, through restarts of the node. Ends when the signal says so.
 *
 * @throws what the stream failed with, for `asKithError`.
 */
export async function* followEvents(
  api: ApiClient,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<ApiEvent, void, undefined> {
  const waiting: ApiEvent[] = [];
  let failure: unknown;
  let isOver = false;
  let wake: (() => void) | undefined;
  const rouse = (): void => wake?.();
  const end = (): void => {
    isOver = true;
    rouse();
  };
  const subscription = api.events.follow.subscribe(
    { since },
    {
      onData: ({ data }) => {
        waiting.push(data);
        rouse();
      },
      onError: (error) => {
        failure = error;
        end();
      },
      onComplete: end,
    },
  );
  signal.addEventListener('abort', end);
  try {
    for (;;) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else if (isOver) break;
      else {
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        await woken.promise;
      }
    }
  } finally {
    signal.removeEventListener('abort', end);
    subscription.unsubscribe();
  }
  if (failure !== undefined) throw failure;
}
