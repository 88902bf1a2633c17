/** One row is reached by Tab; arrows lead from it to the others, also to those that are not drawn. */
import { flushSync } from 'react-dom';
import { useMemo, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Row } from './message-rows.ts';

export interface RowFocus {
  /** Key of the row that Tab reaches. */
  current: string | null;
  /** Rows that stay drawn wherever the list scrolls. */
  kept: number[];
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onFocus: (event: FocusEvent<HTMLElement>) => void;
}

export function useRowFocus(
  list: RefObject<VirtualizerHandle | null>,
  rows: readonly Row[],
  onLeave: () => void,
): RowFocus {
  const [chosen, setChosen] = useState<string | null>(null);
  const last = rows.findLast(({ kind }) => kind === 'message');
  const index =
    chosen === null ? -1 : rows.findIndex(({ key, kind }) => key === chosen && kind === 'message');
  const current = index === -1 ? (last?.key ?? null) : chosen;
  const kept = useMemo(() => (index === -1 ? [] : [index]), [index]);

  function go(event: KeyboardEvent, target: Row | undefined): void {
    if (target === undefined) return;
    event.preventDefault();
    flushSync(() => setChosen(target.key));
    list.current?.scrollToIndex(rows.indexOf(target), { align: 'nearest' });
    const place = event.currentTarget;
    // The row may have to be drawn first.
    if (!focusRow(place, target.key)) requestAnimationFrame(() => void focusRow(place, target.key));
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const isText = event.target instanceof HTMLElement && event.target.matches('input, textarea');
    if (isText || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const messages = rows.filter(({ kind }) => kind === 'message');
    const at = messages.findIndex(({ key }) => key === current);
    switch (event.key) {
      case 'ArrowUp':
        go(event, messages[at - 1]);
        break;
      case 'ArrowDown':
        if (at < messages.length - 1) go(event, messages[at + 1]);
        else leave(event);
        break;
      case 'Home':
        go(event, messages[0]);
        break;
      case 'End':
        go(event, messages.at(-1));
        break;
      case 'Escape':
        leave(event);
        break;
      default:
    }
  }

  function leave(event: KeyboardEvent): void {
    event.preventDefault();
    onLeave();
  }

  function onFocus(event: FocusEvent<HTMLElement>): void {
    const key = event.target.closest('[data-row]')?.getAttribute('data-row') ?? null;
    if (key !== null && key !== chosen) setChosen(key);
  }

  return { current, kept, onKeyDown, onFocus };
}

function focusRow(list: Element, key: string): boolean {
  const row = list.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
  row?.focus();
  return row !== null;
}
