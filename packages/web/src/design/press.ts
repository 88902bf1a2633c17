/** A press is one thing from the button or finger going down to the click: what moves in between takes its meaning away. */

/** The click of a tap comes somewhat after the finger was lifted. */
const clickMs = 100;

/**
 * For what has just been pressed.
 * @param then - Called once, after the click that it may have made.
 * @returns calls it now. Safe to call twice.
 */
export function untilReleased(then: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const release = (): void => void (timer ??= setTimeout(end, clickMs));
  // A button may be released where nobody tells of it, as above another window's menu: the next move says that it is up.
  const move = ({ buttons }: PointerEvent): void => {
    if (buttons === 0) release();
  };
  function end(): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    removeEventListener('pointerup', release);
    removeEventListener('pointercancel', release);
    removeEventListener('pointermove', move);
    then();
  }
  addEventListener('pointerup', release);
  addEventListener('pointercancel', release);
  addEventListener('pointermove', move);
  return end;
}
