/** Goal: the finger that opened a menu chooses nothing with it, and nothing else is ever kept from choosing. */
import type { HTMLAttributes, MouseEvent } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { menuHandlers } from './menu-asked.ts';

class Row {}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Element', Row);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Handlers = HTMLAttributes<HTMLElement>;

/** The handlers read no more of an event than this. */
function send(handler: ((event: never) => void) | undefined, event: object = {}): void {
  handler?.(event as never);
}

function longPress(handlers: Handlers): void {
  send(handlers.onPointerDown, { pointerType: 'touch', target: new Row(), clientX: 1, clientY: 2 });
  vi.advanceTimersByTime(1_000);
  send(handlers.onPointerUp);
}

function isSwallowed(handlers: Handlers): boolean {
  const click = { preventDefault: vi.fn<MouseEvent['preventDefault']>(), stopPropagation: vi.fn() };
  send(handlers.onClickCapture, click);
  return click.preventDefault.mock.calls.length > 0;
}

test('a long press asks, and the click that it ends with chooses nothing', () => {
  const asked = vi.fn();
  const { handlers, tell } = menuHandlers();
  tell(asked);
  longPress(handlers);
  expect(asked).toHaveBeenCalledExactlyOnceWith(expect.any(Row), { x: 1, y: 2 });
  expect(isSwallowed(handlers)).toBe(true);
  expect(isSwallowed(handlers)).toBe(false);
});

test('where no click follows it, the next wish is heard, by key or by finger', () => {
  const { handlers } = menuHandlers();
  longPress(handlers);
  send(handlers.onKeyDownCapture);
  expect(isSwallowed(handlers)).toBe(false);
  longPress(handlers);
  send(handlers.onPointerDown, { pointerType: 'mouse', target: new Row(), clientX: 1, clientY: 2 });
  expect(isSwallowed(handlers)).toBe(false);
});

test('the finger that opened a menu becomes no mouse, which would close it; any other does', () => {
  const { handlers } = menuHandlers();
  const becomesMouse = (): boolean => {
    const preventDefault = vi.fn();
    send(handlers.onTouchEnd, { preventDefault });
    return preventDefault.mock.calls.length === 0;
  };
  expect(becomesMouse()).toBe(true);
  longPress(handlers);
  expect(becomesMouse()).toBe(false);
  expect(becomesMouse()).toBe(true);
  expect(isSwallowed(handlers), 'no click follows').toBe(false);
});

test('a finger that rests may move a little; one that goes further scrolls', () => {
  for (const [moved, isAsked] of [
    [9, true],
    [11, false],
  ] as const) {
    const asked = vi.fn();
    const { handlers, tell } = menuHandlers();
    tell(asked);
    send(handlers.onPointerDown, { pointerType: 'touch', target: new Row(), clientX: 50, clientY: 50 });
    send(handlers.onPointerMove, { clientX: 50, clientY: 50 - moved });
    vi.advanceTimersByTime(1_000);
    expect(asked).toHaveBeenCalledTimes(isAsked ? 1 : 0);
  }
});
