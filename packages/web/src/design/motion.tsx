/** The springs of the app, and the one place that loads the animation library. */
import { LazyMotion, MotionConfig } from 'motion/react';
import type { ReactNode } from 'react';

/** For things that move: quick to answer, without a bounce. look.md. */
export const spring = { type: 'spring', stiffness: 500, damping: 40 } as const;

export interface MotionProps {
  /** `user`: as the system says. */
  reduced: 'user' | 'always';
  children: ReactNode;
}

export function Motion({ reduced, children }: MotionProps) {
  return (
    <LazyMotion features={features} strict>
      <MotionConfig reducedMotion={reduced} transition={spring}>
        {children}
      </MotionConfig>
    </LazyMotion>
  );
}

/** In a file of its own, which comes after the first paint: nothing waits for an animation. */
const features = async () => (await import('./motion-features.ts')).features;
