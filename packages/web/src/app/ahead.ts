/**
 * Loads what is wanted soon while the browser has nothing else to do: the first page of a conversation, the toasts, menus and
 * panels are there when they are asked for, also when the node went away meanwhile.
 */
import { useEffect, useState } from 'react';
import { afterPaint } from '../design/after-paint.ts';

/** The page answers first. Browsers without idle callbacks wait as long. A guess. */
const latestMs = 2_000;

/**
 * @param isDrawn - What the person waits for is there.
 * @returns whether that time has come.
 */
export function useIsIdle(isDrawn: boolean): boolean {
  const [isIdle, setIsIdle] = useState(false);
  useEffect(() => {
    if (!isDrawn) return undefined;
    let callOff = (): void => undefined;
    const tell = (): void => setIsIdle(true);
    const callOffPaint = afterPaint(() => {
      if ('requestIdleCallback' in globalThis) {
        const asked = requestIdleCallback(tell, { timeout: latestMs });
        callOff = () => cancelIdleCallback(asked);
      } else {
        const timer = setTimeout(tell, latestMs);
        callOff = () => clearTimeout(timer);
      }
    });
    return () => {
      callOffPaint();
      callOff();
    };
  }, [isDrawn]);
  return isIdle;
}
