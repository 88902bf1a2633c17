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

/** Before they are asked for again, where the node went away meanwhile. A guess. */
const againMs = 5_000;

/** In a file of its own, which comes after the first paint: nothing waits for an animation. Never rejects: nobody would hear of it. */
const features = async () => {
  for (;;) {
    try {
      return (await import('./motion-features.ts')).features;
    } catch {
      await new Promise<void>((resolve) => setTimeout(resolve, againMs));
    }
  }
};
