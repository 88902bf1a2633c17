/** How a menu on a thing is asked for: right click, the menu key, and a long press where the system does not tell of one. */
import { useLayoutEffect, useMemo, useRef, type HTMLAttributes } from 'react';

/** Of the window, in CSS pixels. Each wish is an object of its own. */
export interface MenuPlace {
  x: number;
  y: number;
}

/** As long as systems take. */
const pressMs = 700;

/**
 * @param onAsk - Told of the element that was meant.
 * @returns the handlers of whatever is around those elements.
 */
export function useMenuAsked(onAsk: (target: Element, at: MenuPlace) => void): HTMLAttributes<HTMLElement> {
  const latest = useRef(onAsk);
  useLayoutEffect(() => {
    latest.current = onAsk;
  });
  const press = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const wasPressed = useRef(false);
  return useMemo(() => {
    const forget = (): void => clearTimeout(press.current);
    return {
      onContextMenu: (event) => {
        if (event.defaultPrevented || !(event.target instanceof Element)) return;
        forget();
        event.preventDefault();
        latest.current(event.target, { x: event.clientX, y: event.clientY });
      },
      onPointerDown: ({ pointerType, target, clientX: x, clientY: y }) => {
        forget();
        wasPressed.current = false;
        if (pointerType === 'mouse' || !(target instanceof Element)) return;
        press.current = setTimeout(() => {
          wasPressed.current = true;
          latest.current(target, { x, y });
        }, pressMs);
      },
      // The finger that opened the menu does not also choose the row under it.
      onClickCapture: (event) => {
        if (!wasPressed.current) return;
        wasPressed.current = false;
        event.preventDefault();
        event.stopPropagation();
      },
      onPointerMove: forget,
      onPointerUp: forget,
      onPointerCancel: forget,
    };
  }, []);
}
