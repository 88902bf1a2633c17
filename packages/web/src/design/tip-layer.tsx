/**
 * One tooltip for everything inside that carries `data-tip`: lists of thousands of rows would drown in tooltips of their own. What
 * it says stands in the element's accessible name too; it is for eyes alone.
 */
import { useEffect, useRef, useState, type ReactNode } from 'react';

const delayMs = 350;
const marginPx = 6;

interface Tip {
  text: string;
  box: DOMRect;
}

export function TipLayer({ children, className }: { children: ReactNode; className?: string }) {
  const [tip, setTip] = useState<Tip | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const shown = useRef<Element | null>(null);
  useEffect(() => () => clearTimeout(timer.current), []);

  function show(target: EventTarget, afterMs: number): void {
    const element = target instanceof Element ? target.closest('[data-tip]') : null;
    if (element === shown.current) return;
    hide();
    const text = element?.getAttribute('data-tip') ?? '';
    if (element === null || text === '') return;
    shown.current = element;
    timer.current = setTimeout(() => {
      if (element.isConnected) setTip({ text, box: element.getBoundingClientRect() });
    }, afterMs);
  }

  function hide(): void {
    clearTimeout(timer.current);
    shown.current = null;
    setTip(null);
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- it only shows words that its controls have as names.
    <div
      className={className}
      onPointerOver={(event) => event.pointerType === 'mouse' && show(event.target, delayMs)}
      onPointerLeave={hide}
      onPointerDown={hide}
      onContextMenu={hide}
      onFocus={(event) => event.target.matches(':focus-visible') && show(event.target, 0)}
      onBlur={hide}
      onWheel={tip === null ? undefined : hide}
      onKeyDown={(event) => event.key === 'Escape' && hide()}
    >
      {children}
      {tip !== null && <TipView tip={tip} />}
    </div>
  );
}

function TipView({ tip }: { tip: Tip }) {
  const { box, text } = tip;
  const isBelow = box.top < 72;
  const middle = box.left + box.width / 2;
  const half = Math.min(144, innerWidth / 2 - 8);
  return (
    <div
      aria-hidden="true"
      className="appear pointer-events-none fixed z-50 flex w-72 max-w-[calc(100vw-1rem)] justify-center"
      style={{
        left: Math.min(Math.max(middle - half, 8), innerWidth - 2 * half - 8),
        ...(isBelow ? { top: box.bottom + marginPx } : { bottom: innerHeight - box.top + marginPx }),
      }}
    >
      <span
        dir="auto"
        className="rounded-small bg-tooltip px-2 py-1 text-meta text-balance text-on-tooltip shadow-float"
      >
        {text}
      </span>
    </div>
  );
}
