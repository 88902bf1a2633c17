/**
 * Rows of a list stay where they are while one is pressed. What moves in the meantime gets no click, as its release is
 * elsewhere than its press, or it takes the place of what was meant.
 */
import { useEffect, useMemo, useRef, useState } from 'react';

/** The click of a tap comes somewhat after the finger was lifted. */
const clickMs = 100;

/** @returns what to show, and what the list does when it is pressed. */
export function useHeldOrder<Row extends { id: string }>(
  rows: readonly Row[],
): { rows: readonly Row[]; onPointerDown: () => void } {
  const [held, setHeld] = useState<readonly string[] | null>(null);
  const end = useRef<(() => void) | undefined>(undefined);
  useEffect(() => () => end.current?.(), []);
  function onPointerDown(): void {
    end.current?.();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const release = (): void => void (timer ??= setTimeout(letGo, clickMs));
    function letGo(): void {
      clearTimeout(timer);
      removeEventListener('pointerup', release);
      removeEventListener('pointercancel', release);
      end.current = undefined;
      setHeld(null);
    }
    addEventListener('pointerup', release);
    addEventListener('pointercancel', release);
    end.current = letGo;
    setHeld((order) => order ?? rows.map(({ id }) => id));
  }
  return { rows: useMemo(() => (held === null ? rows : inOrder(rows, held)), [rows, held]), onPointerDown };
}

/** Those that are new come behind: in front they would push the others down. Those that are gone are gone. */
export function inOrder<Row extends { id: string }>(
  rows: readonly Row[],
  order: readonly string[],
): readonly Row[] {
  const place = new Map(order.map((id, at) => [id, at]));
  return rows.toSorted((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length));
}
