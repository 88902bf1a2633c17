/**
 * Answers plain requests on the loopback URL, after the guard: links with a code, the question whether a browser is
 * signed in, the files of the web app. Reads no body, and changes nothing but who is signed in.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  apiPath,
  pairingFragment,
  proofPrefix,
  questionHeader,
  sessionPath,
  type BrowserSession,
} from '@kith/api/contract';
import { KithError } from '@kith/core/base/errors';
import type { Access } from './access.ts';
import { judgeRequest, type Refusal } from './guard.ts';
import {
  busyPage,
  failedPage,
  noAppPage,
  securityHeaders,
  sharedLinkPage,
  signedOutPage,
  usedLinkPage,
  writePage,
  type Page,
} from './pages.ts';
import type { Downloads } from './downloads.ts';
import type { BrowserSessions } from './sessions.ts';
import type { WebFiles } from './web-files.ts';

export interface LoopbackParts {
  access: Access;
  sessions: BrowserSessions;
  web: WebFiles;
  downloads: Downloads;
  log: (code: string, detail: Record<string, string | number>) => void;
  /** Their connections end. */
  onEnded: (sessions: readonly string[]) => void;
  /** Whether one more WebSocket would be taken. */
  hasRoom: () => boolean;
}

/** Answers whatever comes to the loopback URL. */
export class Loopback {
  /** `127.0.0.1:PORT`, once it is known. */
  own = '';
  readonly #parts: LoopbackParts;

  constructor(parts: LoopbackParts) {
    this.#parts = parts;
  }

  respond(request: IncomingMessage, response: ServerResponse): void {
    const { headers, rawHeaders, method = '' } = request;
    const refusal = judgeRequest({ method, headers, rawHeaders }, this.own, false);
    if (refusal !== undefined) {
      this.#parts.log('api-refused', { status: refusal.status });
      this.#page(response, { status: refusal.status, title: 'No', text: refusal.sentence });
      return;
    }
    const [path, query] = splitQuery(request.url ?? '');
    const code = /^code=([\w-]{1,128})$/.exec(query)?.[1];
    if (path === '/' && code !== undefined && method === 'GET') this.#signIn(request, response, code);
    else if (path === sessionPath) this.#session(request, response);
    else if (this.#parts.downloads.isDownload(path)) this.#download(request, response, path);
    else if (path === apiPath) this.#page(response, notHere);
    else this.#file(request, response, path);
  }

  /** Guard, then path, then token: all of it before the upgrade. */
  judgeUpgrade(request: IncomingMessage): Refusal | { session: string | undefined } {
    const { access, sessions, hasRoom } = this.#parts;
    const { headers, rawHeaders, method = '' } = request;
    const refusal = judgeRequest({ method, headers, rawHeaders }, this.own, true);
    if (refusal !== undefined) return refusal;
    if (request.url !== apiPath) return { status: 404, sentence: 'Nothing is served here.' };
    let session: string | undefined;
    if (headers.authorization === undefined) {
      const text = offeredProof(headers['sec-websocket-protocol']);
      session = sessions.recognise({ cookies: headers.cookie, text, port: this.#port() });
      if (session === undefined) return { status: 401, sentence: 'This browser is not signed in.' };
    } else {
      const verdict = access.judge(headers.authorization);
      if (verdict === 'too-many') return { status: 429, sentence: 'Too many wrong tokens. Wait a minute.' };
      if (verdict === 'no') return { status: 401, sentence: 'The token of this node is missing or wrong.' };
    }
    if (!hasRoom()) return { status: 503, sentence: 'The node has too many connections.' };
    return { session };
  }

  #signIn(request: IncomingMessage, response: ServerResponse, code: string): void {
    const { access, sessions, log, onEnded } = this.#parts;
    const { cookie: cookies, 'user-agent': userAgent = '' } = request.headers;
    try {
      const opened = access.openedBy(code);
      if (opened !== undefined) {
        this.#openedAgain(response, opened, sessions.ofCookies(cookies));
        return;
      }
      const verdict = access.redeem(code);
      if (verdict !== 'yes') {
        const page = verdict === 'too-many' ? { ...usedLinkPage, status: 429 } : usedLinkPage;
        log('api-refused', { status: page.status });
        this.#page(response, page);
        return;
      }
      const port = Number(this.#port());
      const { id, setCookie, pairingSecret, ended } = sessions.signIn({ userAgent, cookies, port });
      access.opened(code, id);
      onEnded(ended);
      log('browser-signed-in', {});
      this.#toApp(response, pairingSecret, { 'set-cookie': setCookie });
    } catch (error) {
      log('browser-not-kept', { cause: error instanceof KithError ? error.code : 'unknown' });
      this.#page(response, failedPage);
    }
  }

  /** The same browser may load a link twice. Another one read it on its way here: neither is let in then. */
  #openedAgain(response: ServerResponse, opened: string, asking: string[]): void {
    const { sessions, log, onEnded } = this.#parts;
    if (asking.includes(opened)) return this.#toApp(response, sessions.pairingSecretOf(opened), {});
    if (sessions.signOut(opened)) onEnded([opened]);
    log('link-opened-twice', {});
    this.#page(response, sharedLinkPage);
  }

  /**
   * To an address without the code, so that it stands in no history and no referrer. What comes behind the `#` is for the
   * page alone: no other port is told, not even by the cookie's way.
   */
  #toApp(response: ServerResponse, pairingSecret: string | undefined, headers: Record<string, string>): void {
    const location = pairingSecret === undefined ? '/' : `/${pairingFragment(pairingSecret)}`;
    response.writeHead(303, { ...securityHeaders(this.own), ...headers, location }).end();
  }

  /** A page cannot see why its WebSocket was refused; this tells it. Never an answer for another page. */
  #session({ headers }: IncomingMessage, response: ServerResponse): void {
    const { access, sessions, hasRoom, log } = this.#parts;
    // Only script of our own pages can send this header.
    const text = headers[questionHeader];
    try {
      const found =
        typeof text === 'string'
          ? sessions.greet({ cookies: headers.cookie, text, port: this.#port() })
          : undefined;
      if (found === 'early') return this.#json(response, 425, noAnswer);
      if (found !== undefined) {
        const { nonce, proof, others, setCookie } = found;
        const answer = others.length === 0 ? { nonce, proof } : { nonce, proof, others };
        if (hasRoom()) this.#json(response, 200, answer, setCookie);
        else this.#json(response, 503, noAnswer, setCookie);
        return;
      }
    } catch (error) {
      // The key could not be written down: it does not count, and the page asks again.
      log('browser-not-kept', { cause: error instanceof KithError ? error.code : 'unknown' });
      this.#json(response, 503, noAnswer);
      return;
    }
    // A cookie whose session is over is taken back, so that it is not offered again and again.
    const isStale = sessions.hasCookie(headers.cookie) && sessions.ofCookies(headers.cookie).length === 0;
    if (isStale && sessions.isSuperseded(headers.cookie)) return this.#json(response, 425, noAnswer);
    const status = isStale && access.failed() === 'too-many' ? 429 : 401;
    this.#json(response, status, noAnswer, isStale ? sessions.clearCookie() : undefined);
  }

  #port(): string {
    return this.own.split(':')[1] ?? '';
  }

  #download({ headers, method }: IncomingMessage, response: ServerResponse, path: string): void {
    const { downloads, sessions } = this.#parts;
    // Whoever asks for the head alone, such as a program that looks ahead, does not use it up.
    const outcome =
      method === 'GET'
        ? downloads.send(path, sessions.ofCookies(headers.cookie), response, securityHeaders(this.own))
        : 'unknown';
    if (outcome === 'unknown') this.#page(response, notHere);
    else if (outcome === 'busy') this.#page(response, busyPage);
  }

  #file(request: IncomingMessage, response: ServerResponse, path: string): void {
    const { web, sessions } = this.#parts;
    if (web.isPage(path)) {
      if (!web.isBuilt()) return this.#page(response, path === '/' ? noAppPage : notHere);
      if (sessions.ofCookies(request.headers.cookie).length === 0) return this.#page(response, signedOutPage);
    }
    const answer = web.answer(path, request.headers);
    if (answer === undefined) return this.#page(response, notHere);
    response.writeHead(answer.status, { ...securityHeaders(this.own), ...answer.headers });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  #json(response: ServerResponse, status: number, value: BrowserSession, setCookie?: string): void {
    const body = JSON.stringify(value);
    response.writeHead(status, {
      ...securityHeaders(this.own),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(setCookie === undefined ? {} : { 'set-cookie': setCookie }),
    });
    response.end(body);
  }

  #page(response: ServerResponse, page: Page): void {
    writePage(response, page, securityHeaders(this.own));
  }
}

const notHere: Page = { status: 404, title: 'Not here', text: 'There is no such page.' };

const noAnswer: BrowserSession = { nonce: null, proof: null };

/** The page's proof among the protocols that a WebSocket offers; empty where there is none. */
function offeredProof(protocols: string | undefined): string {
  const found = (protocols ?? '').split(',').find((protocol) => protocol.trim().startsWith(proofPrefix));
  return found?.trim().slice(proofPrefix.length) ?? '';
}

function splitQuery(url: string): [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}
