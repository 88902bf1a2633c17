/**
 * The first look at a request on loopback, before anything of it is read: any web page that the person has open
 * may send one, under a name that resolves to 127.0.0.1. Pure.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { frameBytesMax } from '@kith/api/contract';

export interface Refusal {
  status: 400 | 401 | 403 | 404 | 405 | 413 | 421 | 429 | 503;
  sentence: string;
}

export interface RequestHead {
  method: string;
  headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came: the parsed form hides repeated headers. */
  rawHeaders: string[];
}

/**
 * @param own - `127.0.0.1:PORT`: the one name that we answer to.
 * @param isUpgrade - A WebSocket is asked for.
 * @returns undefined lets it pass on to the token.
 */
export function judgeRequest(head: RequestHead, own: string, isUpgrade: boolean): Refusal | undefined {
  const { headers } = head;
  // A page under a rebound name sends that name. Exact, with the port; nothing else is ours.
  if (headers.host !== own || countHeader(head.rawHeaders, 'host') !== 1) {
    return { status: 421, sentence: 'This address is not served here.' };
  }
  // Any other port of this machine is another site to us, though a browser calls it the same site.
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return { status: 403, sentence: 'Other pages may not call this node.' };
  }
  // "none" is a person's own act, such as a typed address: a page to look at, never a call.
  if (site === 'none' && (isUpgrade || head.method !== 'GET')) {
    return { status: 403, sentence: 'Other pages may not call this node.' };
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${own}`) {
    return { status: 403, sentence: 'Other pages may not call this node.' };
  }
  // Browsers always send an origin with a WebSocket. Without one only a program with the token may pass.
  if (isUpgrade && origin === undefined && headers.authorization === undefined) {
    return { status: 403, sentence: 'A call without an origin needs the token of this node.' };
  }
  const bodyBytes = Number(headers['content-length'] ?? 0);
  if (headers['transfer-encoding'] !== undefined || !(bodyBytes <= frameBytesMax)) {
    return { status: 413, sentence: 'This is more than the node takes at once.' };
  }
  if (head.method !== 'GET' && head.method !== 'HEAD') {
    return { status: 405, sentence: 'Only reading is possible here; calls go over the WebSocket.' };
  }
  return undefined;
}

function countHeader(rawHeaders: string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) count += 1;
  }
  return count;
}
