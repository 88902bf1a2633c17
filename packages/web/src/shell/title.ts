/** The name of the window and its icon: how much is unread, also where only the tab is seen. */
import { useEffect } from 'react';
import { useUnread } from './unread.ts';

const name = 'Kith';

/** @param isHidden - Locked: the count is nobody's business. */
export function useTitle(isHidden: boolean): void {
  const unread = useUnread();
  const count = isHidden ? 0 : unread;
  useEffect(() => {
    document.title = count > 0 ? `(${String(Math.min(count, 999))}) ${name}` : name;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    // Two files rather than a drawing: the policy of the page allows no image made by a script.
    if (icon !== null) icon.href = count > 0 ? '/favicon-unread.svg' : '/favicon.svg';
    // Not every browser has badges, and those that do may refuse.
    if ('setAppBadge' in navigator) navigator.setAppBadge(count).catch(() => undefined);
  }, [count]);
}
