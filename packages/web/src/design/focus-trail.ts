/**
 * Where the focus was, so that it can go back: of what had it, most is gone when it is wanted, as the entry of a menu that opened a
 * dialog. And where an element that has the focus is taken from the page, browsers give it to nobody: keys would go nowhere.
 */
import { afterPaint } from './after-paint.ts';
import { hasHover } from './media.ts';

/** Elements that are remembered; older ones are forgotten. */
const trailMax = 16;

interface Step {
  element: WeakRef<HTMLElement>;
  inMain: boolean;
  /** A pointer brought the focus there, and no key led it on since. */
  isPointed: boolean;
}

/** Keys that lead the focus on. */
const leading = /^(Tab|Arrow|Home|End|Page)/;

const trail: Step[] = [];
/** What has the focus; null: nobody, by the person's own will. */
let current: Step | null = null;
/** What brings the focus somewhere at the moment. */
let by: 'pointer' | 'leading key' | 'other' = 'other';

/** The person led the focus somewhere, or tried to, since what is waited for was asked for. */
let isLed = false;
/** What had the focus then. */
let askedAt: WeakRef<Element> | null = null;

/** A page is on its way, which may want the focus when it is there. */
export function awaitArrival(): void {
  isLed = false;
  askedAt = document.activeElement === null ? null : new WeakRef(document.activeElement);
}

/** Whether what arrives may take the focus: not from where the person led it meanwhile. */
export function isFocusFree(): boolean {
  const { activeElement } = document;
  if (!isLed || activeElement === null || activeElement === askedAt?.deref()) return true;
  return activeElement === document.body || activeElement.tagName === 'MAIN';
}

/** What has the focus was led to by keys: single letters mean something there. */
export function isLedByKeys(): boolean {
  return current?.isPointed === false;
}

/**
 * What comes back from a menu, which stands beside the page, is as it was, as is what has the focus when the window has it again. And
 * what is beside something that is gone is as that was.
 */
function wasPointed(target: HTMLElement, before: Step | undefined): boolean {
  if (current?.element.deref() === target) return current.isPointed;
  if (current?.inMain === true) return false;
  return (before ?? trail.findLast(({ inMain }) => inMain))?.isPointed === true;
}

/** Once, at the start of the app. */
export function followFocus(): void {
  addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    // Each once, as it was last: going around in a dialog does not push out where one came from.
    const known = trail.findIndex(({ element }) => element.deref() === target);
    const [before] = known === -1 ? [] : trail.splice(known, 1);
    const isPointed = by === 'pointer' || (by === 'other' && wasPointed(target, before));
    current = { element: new WeakRef(target), inMain: target.closest('main') !== null, isPointed };
    trail.push(current);
    if (trail.length > trailMax) trail.shift();
  });
  // Beside everything that takes the focus: wanted.
  addEventListener(
    'pointerdown',
    () => {
      current = null;
      by = 'pointer';
      isLed = true;
    },
    { capture: true },
  );
  addEventListener(
    'keydown',
    ({ key, altKey, ctrlKey, metaKey }) => {
      by = leading.test(key) ? 'leading key' : 'other';
      isLed ||= by === 'leading key' && !altKey && !ctrlKey && !metaKey;
    },
    { capture: true },
  );
  new MutationObserver(() => {
    if (current === null || document.activeElement !== document.body) return;
    if (current.element.deref()?.isConnected === true) return;
    const { inMain } = current;
    current = null;
    // A page or a dialog that opens takes it by itself.
    afterPaint(() => afterPaint(() => giveFocusBack(inMain)));
  }).observe(document.body, { childList: true, subtree: true });
}

/**
 * To what had it last and is still there, unless somebody has it.
 *
 * @param inMain - What lost it was in the page's content: what lies beside that is not gone back to.
 */
export function giveFocusBack(inMain = false): void {
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  const main = document.querySelector<HTMLElement>('main');
  const place = trail
    .map(({ element }) => element.deref())
    .findLast((element) => element !== undefined && canTake(element) && (!inMain || main?.contains(element)));
  (place ?? main)?.focus({ preventScroll: true });
}

function canTake(element: HTMLElement): boolean {
  if (!element.isConnected || element.getClientRects().length === 0 || element.matches(':disabled'))
    return false;
  return hasHover() || !element.matches('input, textarea');
}
