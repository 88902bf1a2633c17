/** The stream of typing signs: live alone, at the pace of the reader, of each person the newest. */
import type { TypingSign } from '@kith/api/conversation-shapes';
import type { Pace } from './events.ts';
import type { NodeHandle } from './node-handle.ts';

/** Signs until the signal. What waits for a slow reader is at most one sign of each person. */
export async function* typingSigns(
  handle: Pick<NodeHandle, 'watchTyping'>,
  pace: Pace,
): AsyncGenerator<TypingSign, void, undefined> {
  const waiting = new Map<string, TypingSign>();
  let wake: (() => void) | undefined;
  const rouse = (): void => wake?.();
  const unwatch = handle.watchTyping(({ conversation, person, on }) => {
    waiting.delete(person); // The newest stands last.
    waiting.set(person, { conversation, person, typing: on });
    rouse();
  });
  pace.signal.addEventListener('abort', rouse);
  try {
    while (!pace.signal.aborted) {
      const [next] = waiting;
      if (next === undefined) {
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        await woken.promise;
        continue;
      }
      await pace.drained();
      // What came while we waited for the reader is newer.
      const sign = waiting.get(next[0]) ?? next[1];
      waiting.delete(next[0]);
      yield sign;
    }
  } finally {
    pace.signal.removeEventListener('abort', rouse);
    unwatch();
  }
}
