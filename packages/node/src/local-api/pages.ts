/** What the loopback URL says itself, beside the web app: plain pages, and the headers of every answer. */
import { createHash } from 'node:crypto';
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
  /** Ours, never of anybody else: it is written as markup. What is to be typed stands between backticks. */
  text: string;
}

export const noAppPage: Page = {
  status: 200,
  title: 'Kith',
  text:
    'A Kith node runs here: a messenger without servers. Its web app was not built on this machine: ' +
    'run `npm run build`, then load this page again. Or talk with the node in a terminal: `kith --help`.',
};

export const signedOutPage: Page = {
  status: 401,
  title: 'This browser is not signed in',
  text:
    'A Kith node runs here, and this browser is not signed in to it. Run `kith app` in a terminal of the same ' +
    'account: it opens the app. From a checkout that is `bin/kith app`.',
};

export const usedLinkPage: Page = {
  status: 403,
  title: 'This link is spent',
  text: 'It was opened before, or is older than a minute. Ask your node for a new one: `kith app`.',
};

export const sharedLinkPage: Page = {
  status: 403,
  title: 'This link was opened twice',
  text:
    'Somebody opened it before this browser did. Whoever it was has been signed out. Ask your node for a new one: ' +
    '`kith app`. Where it happens again, a program of this machine reads what others are started with.',
};

export const busyPage: Page = {
  status: 503,
  title: 'Not now',
  text: 'Other files are being saved. Wait for one of them, then try again.',
};

export const failedPage: Page = {
  status: 503,
  title: 'Not now',
  text: 'The node could not write to its disk, so it cannot keep you signed in. `kith logs` says more.',
};

/** As the app looks, without a file of its own: whoever is not signed in gets none. */
const style =
  ':root{color-scheme:light dark;--ground:#faf9f8;--text:#1d1b19;--soft:#5d5955;--accent:#3a5fc8;--code:#efedeb}' +
  '@media(prefers-color-scheme:dark){:root{--ground:#101115;--text:#e9e9ec;--soft:#a6a6ac;--accent:#8fa8f2;--code:#1f2026}}' +
  'body{box-sizing:border-box;min-height:100vh;margin:0;padding:3rem 1.5rem;display:flex;flex-direction:column;' +
  'align-items:center;justify-content:center;text-align:center;background:var(--ground);color:var(--text);' +
  'font:15px/22px Inter,system-ui,sans-serif}svg{color:var(--accent)}' +
  'h1{margin:2rem 0 .75rem;font-size:28px;line-height:34px;font-weight:550;text-wrap:balance}' +
  'p{margin:0;max-width:26rem;color:var(--soft);text-wrap:balance}' +
  'code{padding:.1em .35em;border-radius:5px;background:var(--code);color:var(--text);' +
  'font:.9em ui-monospace,monospace;white-space:nowrap}';

/** Nothing but that style, told by its hash. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The ring of six dots, as the app draws it. */
const ring = '12,3.5 19.361,7.75 19.361,16.25 12,20.5 4.639,16.25 4.639,7.75';
const dots = ring.split(' ').map((place) => {
  const [x = '', y = ''] = place.split(',');
  return `<circle cx="${x}" cy="${y}" r="2.1" fill="currentColor"/>`;
});
const mark =
  '<svg width="64" height="64" viewBox="0 0 24 24" aria-hidden="true">' +
  `<polygon points="${ring}" fill="none" stroke="currentColor" stroke-width=".9" stroke-opacity=".45"/>${dots.join('')}</svg>`;

/** Writes a page, and ends the connection where nothing more is expected on it. */
export function writePage(
  response: ServerResponse,
  page: Page,
  headers: Record<string, string | string[]>,
): void {
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${page.title}</title>` +
    `<meta name="viewport" content="width=device-width"><style>${style}</style>` +
    `<main>${mark}<h1>${page.title}</h1><p>${page.text.replaceAll(/`(.+?)`/g, '<code>$1</code>')}</p></main></html>\n`;
  response.writeHead(page.status, {
    ...headers,
    'content-security-policy': policy,
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(page.status >= 400 ? { connection: 'close' } : {}),
  });
  response.end(body);
}
