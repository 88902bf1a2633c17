/** What of the animation library is used: animations, gestures, layout. Loaded by motion.tsx after the first paint. */
export { domMax as features } from 'motion/react';
