/**
 * Rows of a list stay where they are while one is pressed. What moves in the meantime gets no click, as its release is
 * elsewhere than its press, or it takes the place of what was meant.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import { untilReleased } from '../design/press.ts';

/** @returns what to show, and what the list does when it is pressed. */
export function useHeldOrder<Row extends { id: string }>(
  rows: readonly Row[],
): { rows: readonly Row[]; onPointerDown: () => void } {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const end = useRef<(() => void) | undefined>(undefined);
  useEffect(() => () => end.current?.(), []);
  const shown = useMemo(() => (held === null ? rows : inOrder(rows, held)), [rows, held]);
  const onPointerDown = (): void => {
    end.current?.();
    end.current = untilReleased(() => setHeld(null));
    // As they stand: after a press just before they are held as they were.
    setHeld(shown.map(({ id }) => id));
  };
  return { rows: shown, onPointerDown };
}

/** Those that are new come behind: in front they would push the others down. Those that are gone are gone. */
export function inOrder<Row extends { id: string }>(
  rows: readonly Row[],
  order: readonly string[],
): readonly Row[] {
  const place = new Map(order.map((id, at) => [id, at]));
  return rows.toSorted((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length));
}
