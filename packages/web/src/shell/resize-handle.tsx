/** Makes the list wider or narrower, by pointer or by arrow keys; a double click puts it back. Kept on this browser. */
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { classNames } from '../design/class-names.ts';
import { useTexts } from '../i18n/texts.ts';

const keptAs = 'kith.list-width';
/** look.md. */
const widthMin = 220;
const widthMax = 360;
const widthFirst = 280;
const step = 10;

function bounded(width: number): number {
  return Math.round(Math.min(widthMax, Math.max(widthMin, width)));
}

function kept(): number {
  try {
    const width = Number(localStorage.getItem(keptAs) ?? widthFirst);
    return Number.isFinite(width) ? bounded(width) : widthFirst;
  } catch {
    return widthFirst;
  }
}

export function useListWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(kept);
  return [
    width,
    (next) => {
      setWidth(bounded(next));
      try {
        localStorage.setItem(keptAs, String(bounded(next)));
      } catch {
        // Storage is full or switched off: it lasts as long as the page.
      }
    },
  ];
}

export function ResizeHandle({ width, onChange }: { width: number; onChange: (width: number) => void }) {
  const { t } = useTexts();
  const start = useRef<{ x: number; width: number }>(undefined);
  const toEnd = (): number => (document.dir === 'rtl' ? -1 : 1);

  function move(event: PointerEvent): void {
    if (start.current === undefined) return;
    onChange(start.current.width + (event.clientX - start.current.x) * toEnd());
  }

  function press(event: KeyboardEvent): void {
    const direction = { ArrowLeft: -toEnd(), ArrowRight: toEnd(), Home: -100, End: 100 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    onChange(width + direction * step);
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a focusable separator is a control (ARIA 1.2).
    <div
      role="separator"
      aria-label={t('shell.resize')}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={widthMin}
      aria-valuemax={widthMax}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above.
      tabIndex={0}
      onKeyDown={press}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={() => (start.current = undefined)}
      onPointerCancel={() => (start.current = undefined)}
      onDoubleClick={() => onChange(widthFirst)}
      className={classNames(
        'absolute inset-y-0 -end-1 z-10 w-2 cursor-col-resize touch-none max-pane:hidden',
        'after:absolute after:inset-y-0 after:start-[3px] after:w-0.5 after:transition-colors hover:after:bg-accent/50 active:after:bg-accent',
      )}
    />
  );
}
