/** The toasts, with the library that moves them: in a file of their own, which comes after the first paint. */
import { useEffect } from 'react';
import { Motion, type MotionProps } from '../design/motion.tsx';
import { pauseToasts } from '../design/toast-store.ts';
import { Toaster } from '../design/toaster.tsx';
import { useIsShut } from '../lock/lock-state.ts';

export function Toasts({ reduced }: Pick<MotionProps, 'reduced'>) {
  const isLocked = useIsShut();
  useEffect(() => {
    pauseToasts(isLocked);
    return () => pauseToasts(false);
  }, [isLocked]);
  // One that leaves is still there for a moment, and may name somebody.
  if (isLocked) return null;
  return (
    <Motion reduced={reduced}>
      <Toaster />
    </Motion>
  );
}
