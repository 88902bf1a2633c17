/** What a page tells the system, where nobody looks at notifications. */
import type { Page } from 'playwright-core';

export interface Notified {
  title: string;
  body: string;
}

interface Told {
  told?: Notified[];
}

/** From now on, until the page is left. */
export async function keepNotifications(page: Page): Promise<void> {
  await page.evaluate(() => {
    const told: Notified[] = [];
    (window as Window & Told).told = told;
    class Kept extends EventTarget {
      static readonly permission = 'granted';
      constructor(title: string, { body = '' }: NotificationOptions = {}) {
        super();
        told.push({ title, body });
      }
      close(): void {
        // Nothing was shown.
      }
    }
    Object.defineProperty(window, 'Notification', { value: Kept });
  });
}

export async function toldTo(page: Page): Promise<Notified[]> {
  return await page.evaluate(() => (window as Window & Told).told ?? []);
}
