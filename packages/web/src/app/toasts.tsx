/** The toasts, with the library that moves them: in a file of their own, which comes after the first paint. */
import { Motion, type MotionProps } from '../design/motion.tsx';
import { Toaster } from '../design/toaster.tsx';

export function Toasts({ reduced }: Pick<MotionProps, 'reduced'>) {
  return (
    <Motion reduced={reduced}>
      <Toaster />
    </Motion>
  );
}
