/** When an entry leaves a list that had the focus, the one that comes next in it gets the focus; after the last one, the page. */
import { useLayoutEffect, useRef, type RefObject } from 'react';

export interface NextFocus {
  list: RefObject<HTMLUListElement | null>;
  /** Something was done that may take this entry away. */
  leaves: (id: string) => void;
}

/** @param ids - Of the entries, in their order. Each draws an `article` that can take the focus. */
export function useNextFocus(ids: readonly string[]): NextFocus {
  const list = useRef<HTMLUListElement>(null);
  const leaving = useRef<{ id: string; at: number }>(null);
  useLayoutEffect(() => {
    if (leaving.current === null || ids.includes(leaving.current.id)) return;
    const { at } = leaving.current;
    leaving.current = null;
    // Whoever went on meanwhile stays where they are.
    if (document.activeElement !== document.body) return;
    const entries = list.current?.querySelectorAll('article') ?? [];
    const next = entries[Math.min(at, entries.length - 1)] ?? document.querySelector<HTMLElement>('main');
    next?.focus();
  });
  return {
    list,
    leaves: (id) => {
      leaving.current = { id, at: ids.indexOf(id) };
    },
  };
}
