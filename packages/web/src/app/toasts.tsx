/** The toasts, with the library that moves them: in a file of their own, which comes after the first paint. */
import { Motion, type MotionProps } from '../design/motion.tsx';
import { Toaster } from '../design/toaster.tsx';
import { useIsLocked } from '../lock/lock-screen.tsx';

export function Toasts({ reduced }: Pick<MotionProps, 'reduced'>) {
  // One that leaves is still there for a moment, and may name somebody.
  if (useIsLocked()) return null;
  return (
    <Motion reduced={reduced}>
      <Toaster />
    </Motion>
  );
}
