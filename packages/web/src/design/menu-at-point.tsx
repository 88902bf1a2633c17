/**
 * A menu for one of many things, for which a list has one place: rows with a menu each would draw hundreds that nobody opens. What
 * asks for it is light ({@link useMenuAsked} in menu-asked.ts); the menu itself is meant to be loaded when it is first wanted.
 */
import { useEffect, useRef } from 'react';
import type { MenuPlace } from './menu-asked.ts';
import { ContextMenu, type MenuEntry } from './menu.tsx';

export interface MenuAtPointProps {
  /** A new place opens it there. */
  at: MenuPlace;
  entries: () => readonly MenuEntry[];
}

export function MenuAtPoint({ at, entries }: MenuAtPointProps) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const { x: clientX, y: clientY } = at;
    const asked = new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX, clientY });
    place.current?.dispatchEvent(asked);
  }, [at]);
  return (
    <ContextMenu entries={entries}>
      <span ref={place} aria-hidden="true" className="fixed size-0" />
    </ContextMenu>
  );
}
