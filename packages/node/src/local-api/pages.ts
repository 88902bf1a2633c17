/** What the loopback URL shows to a browser. Until there is a web app: one page that says what this is. */
import type { ServerResponse } from 'node:http';

/** On every answer. Nothing may be loaded from outside, framed, guessed or kept. */
export const securityHeaders: Record<string, string> = {
  'content-security-policy':
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
};

export interface Page {
  status: number;
  title: string;
  text: string;
  headers?: Record<string, string>;
}

export const frontPage: Page = {
  status: 200,
  title: 'Kith',
  text:
    'A Kith node runs here: a messenger without servers. There is no web app in this version; ' +
    'talk with it in a terminal: kith --help.',
};

export const usedLinkPage: Page = {
  status: 403,
  title: 'This link is spent',
  text: 'It was opened before, or is older than a minute. Ask your node for a new one: kith status --link.',
};

/** Writes a page and ends the connection where nothing more is expected on it. */
export function writePage(response: ServerResponse, page: Page): void {
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${page.title}</title>` +
    `<h1>${page.title}</h1><p>${page.text}</p></html>\n`;
  response.writeHead(page.status, {
    ...securityHeaders,
    ...page.headers,
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(page.status >= 400 ? { connection: 'close' } : {}),
  });
  response.end(body);
}
