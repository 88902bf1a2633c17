/** What stands outside the pages and would outlive them: toasts, and what was said to screen readers. */
import { useEffect } from 'react';
import { hush } from '../design/live-region.tsx';
import { dismissToasts } from '../design/toast-store.ts';

/** They leave when the app is locked, and when the browser is signed out. */
export function useNothingLeft(isLocked: boolean): void {
  useEffect(() => {
    if (isLocked) return undefined;
    return () => {
      dismissToasts();
      hush();
    };
  }, [isLocked]);
}
