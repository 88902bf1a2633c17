/** How a menu on a thing is asked for: right click, the menu key, and a long press where the system does not tell of one. */
import { useLayoutEffect, useState, type HTMLAttributes } from 'react';

/** Of the window, in CSS pixels. Each wish is an object of its own. */
export interface MenuPlace {
  x: number;
  y: number;
}

/** A finger that rests moves by so much, in CSS pixels. As systems have it. */
const restPx = 10;

export function isResting(from: MenuPlace, to: MenuPlace): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) <= restPx;
}

/** As long as systems take. */
const pressMs = 700;

/**
 * @param onAsk - Told of the element that was meant.
 * @returns the handlers of whatever is around those elements.
 */
export function useMenuAsked(onAsk: OnAsk): HTMLAttributes<HTMLElement> {
  const [asking] = useState(() => menuHandlers());
  useLayoutEffect(() => {
    asking.tell(onAsk);
  });
  return asking.handlers;
}

type OnAsk = (target: Element, at: MenuPlace) => void;

/** Exported for its test. `tell`: whom to tell from now on. */
export function menuHandlers(): { handlers: HTMLAttributes<HTMLElement>; tell: (onAsk: OnAsk) => void } {
  let onAsk: OnAsk = () => undefined;
  let press: ReturnType<typeof setTimeout> | undefined;
  let wasPressed = false;
  let pressed: MenuPlace = { x: 0, y: 0 };
  const forget = (): void => clearTimeout(press);
  const handlers: HTMLAttributes<HTMLElement> = {
    onContextMenu: (event) => {
      if (event.defaultPrevented || !(event.target instanceof Element)) return;
      forget();
      event.preventDefault();
      onAsk(event.target, { x: event.clientX, y: event.clientY });
    },
    onPointerDown: ({ pointerType, target, clientX: x, clientY: y }) => {
      forget();
      wasPressed = false;
      if (pointerType === 'mouse' || !(target instanceof Element)) return;
      pressed = { x, y };
      press = setTimeout(() => {
        wasPressed = true;
        onAsk(target, { x, y });
      }, pressMs);
    },
    // The finger that opened the menu does not also choose the row under it.
    onClickCapture: (event) => {
      if (!wasPressed) return;
      wasPressed = false;
      event.preventDefault();
      event.stopPropagation();
    },
    // Nor does it take the focus from the menu, which closes it: browsers make a mouse of the finger when it leaves.
    onTouchEnd: (event) => {
      if (!wasPressed) return;
      wasPressed = false;
      event.preventDefault();
    },
    // Not every long press ends with a click: what is chosen by key is chosen.
    onKeyDownCapture: () => {
      wasPressed = false;
    },
    onPointerMove: ({ clientX, clientY }) => {
      if (!isResting(pressed, { x: clientX, y: clientY })) forget();
    },
    onPointerUp: forget,
    onPointerCancel: forget,
  };
  return {
    handlers,
    tell: (next) => {
      onAsk = next;
    },
  };
}
