/** The name of the window and its icon: how much is unread, also where only the tab is seen. */
import { useEffect } from 'react';
import { PacedCount } from './paced-count.ts';
import { useUnread } from './unread.ts';

const name = 'Kith';

/** One for the page, as its title is. */
const shown = new PacedCount((count) => {
  document.title = count > 0 ? `(${String(Math.min(count, 999))}) ${name}` : name;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  // Two files rather than a drawing: the policy of the page allows no image made by a script.
  if (icon !== null) icon.href = count > 0 ? '/favicon-unread.svg' : '/favicon.svg';
  // Not every browser has badges, and those that do may refuse.
  if ('setAppBadge' in navigator) navigator.setAppBadge(count).catch(() => undefined);
});

/** @param isHidden - Locked: the count is nobody's business. */
export function useTitle(isHidden: boolean): void {
  const unread = useUnread();
  const count = isHidden ? 0 : unread;
  useEffect(() => shown.set(count), [count]);
  // Signed out: how much is unread is no longer this browser's to say.
  useEffect(() => () => shown.set(0), []);
}
