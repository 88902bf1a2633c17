/** Which messages are selected, and the keys that mean them while there are any, wherever in the conversation the focus is. */
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Message } from '@kith/api/shapes';
import { onEvents } from '../data/event-feed.ts';
import { showToast } from '../design/toast-store.ts';
import { useTexts } from '../i18n/texts.ts';
import { selectedMax, toggled, withEvents, type Selection } from './selection.ts';

export interface Selecting {
  /** Null: nothing is being selected. */
  selected: Selection | null;
  /** Selects it, or no longer. */
  select: (message: Message) => void;
  end: () => void;
}

export function useSelection(conversation: string): Selecting {
  const { t } = useTexts();
  const [selected, setSelected] = useState<Selection | null>(null);
  const isSelecting = selected !== null;
  useEffect(() => {
    if (!isSelecting) return undefined;
    return onEvents((events) => setSelected((before) => before && withEvents(before, conversation, events)));
  }, [isSelecting, conversation]);
  return {
    selected,
    select: (message) => {
      const next = toggled(selected, message);
      if (next === 'full') showToast({ text: t('talk.selected.max', { count: selectedMax }) });
      else setSelected(next);
    },
    end: () => setSelected(null),
  };
}

export interface SelectionKeys {
  onCopy: () => void;
  onDelete: () => void;
  onEscape: () => void;
}

/**
 * Before the rows hear of a key: there it would mean one message.
 *
 * @param bar - Stands in the section of the conversation.
 */
export function useSelectionKeys(bar: RefObject<HTMLElement | null>, keys: SelectionKeys): void {
  const latest = useRef(keys);
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const act = isIn(bar.current?.closest('section'), event.target) ? actOf(event, latest.current) : null;
      if (act === null) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press, true);
    return () => removeEventListener('keydown', press, true);
  }, [bar]);
}

/** The focus may have been in the composer, which has gone: then it is nowhere. */
function isIn(section: Element | null | undefined, target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Node && section?.contains(target) === true);
}

function actOf(event: KeyboardEvent, { onCopy, onDelete, onEscape }: SelectionKeys): (() => void) | null {
  if (event.altKey || event.shiftKey) return null;
  if (event.ctrlKey || event.metaKey)
    return event.key.toLowerCase() === 'c' && getSelection()?.isCollapsed !== false ? onCopy : null;
  if (event.key === 'Delete' || event.key === 'Backspace') return onDelete;
  return event.key === 'Escape' ? onEscape : null;
}
