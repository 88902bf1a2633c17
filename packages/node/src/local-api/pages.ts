/** What the loopback URL says itself, beside the web app: plain pages, and the headers of every answer. */
import type { ServerResponse } from 'node:http';

/**
 * On every answer. Nothing may be loaded from outside, framed or guessed. What the app needs and no more: blob: and
 * data: are pictures that it draws itself; the WebSocket is named because older browsers do not count it as 'self'.
 *
 * @param own - `127.0.0.1:PORT`.
 */
export function securityHeaders(own: string): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      "img-src 'self' blob: data:",
      "media-src 'self'",
      `connect-src 'self' ws://${own}`,
      "worker-src 'self'",
      "manifest-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      // For the address of our own worker, and for nothing else: markup is never made of text.
      'trusted-types kith',
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // The camera scans codes of cards.
    'permissions-policy':
      'camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), midi=(), payment=()',
    'cache-control': 'no-store',
  };
}

export interface Page {
  status: number;
  title: string;
  text: string;
}

export const noAppPage: Page = {
  status: 200,
  title: 'Kith',
  text:
    'A Kith node runs here: a messenger without servers. Its web app was not built on this machine: ' +
    'run npm run build, then load this page again. Or talk with the node in a terminal: kith --help.',
};

export const signedOutPage: Page = {
  status: 401,
  title: 'Kith',
  text:
    'A Kith node runs here, and this browser is not signed in to it. Run kith app in a terminal of the same ' +
    'account: it opens the app. From a checkout that is bin/kith app.',
};

export const usedLinkPage: Page = {
  status: 403,
  title: 'This link is spent',
  text: 'It was opened before, or is older than a minute. Ask your node for a new one: kith app.',
};

export const sharedLinkPage: Page = {
  status: 403,
  title: 'This link was opened twice',
  text:
    'Somebody opened it before this browser did. Whoever it was has been signed out. Ask your node for a new one: ' +
    'kith app. Where it happens again, a program of this machine reads what others are started with.',
};

export const busyPage: Page = {
  status: 503,
  title: 'Not now',
  text: 'Other files are being saved. Wait for one of them, then try again.',
};

export const failedPage: Page = {
  status: 503,
  title: 'Not now',
  text: 'The node could not write to its disk, so it cannot keep you signed in. kith logs says more.',
};

/** Writes a page, and ends the connection where nothing more is expected on it. */
export function writePage(
  response: ServerResponse,
  page: Page,
  headers: Record<string, string | string[]>,
): void {
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${page.title}</title>` +
    `<meta name="viewport" content="width=device-width"><h1>${page.title}</h1><p>${page.text}</p></html>\n`;
  response.writeHead(page.status, {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(page.status >= 400 ? { connection: 'close' } : {}),
  });
  response.end(body);
}
