/** Tells which message was seen last: drawn on the screen, in a window that has the person's attention. */
import { useCallback, useEffect, useRef, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Message } from '@kith/api/shapes';
import type { Row } from './message-rows.ts';

/** A message that only flies by was not seen. A guess. */
const lookMs = 250;

/**
 * @param onSeen - Tells the node; resolves with whether it knows now.
 * @returns call it when what is on the screen may have changed.
 */
export function useSeen(
  rows: readonly Row[],
  virtualizer: RefObject<VirtualizerHandle | null>,
  onSeen: (message: Message) => Promise<boolean>,
): () => void {
  const told = useRef(-1);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef({ rows, onSeen });
  useEffect(() => {
    latest.current = { rows, onSeen };
  });

  const look = useCallback((): void => {
    const list = virtualizer.current;
    if (list === null || document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const bottom = list.findItemIndex(list.scrollOffset + list.viewportSize - 1);
    const message = lastIncoming(latest.current.rows, bottom);
    if (message === null || message.position <= told.current || message.state !== 'received') return;
    told.current = message.position;
    void latest.current.onSeen(message).then((isTold) => {
      // The node was away: it is told when it is looked at again.
      if (!isTold && told.current === message.position) told.current = -1;
    });
  }, [virtualizer]);

  const schedule = useCallback((): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(look, lookMs);
  }, [look]);

  useEffect(() => {
    addEventListener('focus', schedule);
    document.addEventListener('visibilitychange', schedule);
    return () => {
      removeEventListener('focus', schedule);
      document.removeEventListener('visibilitychange', schedule);
      clearTimeout(timer.current);
    };
  }, [schedule]);

  return schedule;
}

function lastIncoming(rows: readonly Row[], upTo: number): Message | null {
  for (let index = Math.min(upTo, rows.length - 1); index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.kind === 'message' && row.message.direction === 'in') return row.message;
  }
  return null;
}
