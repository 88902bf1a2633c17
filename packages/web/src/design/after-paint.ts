import { useEffect, useState } from 'react';

/**
 * After the next picture: what asks the browser where things are, as giving the focus does, then finds it laid out already, instead
 * of making everybody wait for a layout of half a page.
 *
 * @returns calls it off.
 */
export function afterPaint(act: () => void): () => void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => act(), { once: true });
  port1.start();
  const frame = requestAnimationFrame(() => port2.postMessage(undefined));
  return () => {
    cancelAnimationFrame(frame);
    port1.close();
  };
}

/** False in the first picture of a component: what may come one later, in a place kept free for it, does not hold up the rest. */
export function useIsDrawn(): boolean {
  const [isDrawn, setIsDrawn] = useState(false);
  useEffect(() => afterPaint(() => setIsDrawn(true)), []);
  return isDrawn;
}
