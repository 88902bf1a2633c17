/**
 * Files that a browser saves: an export, written while it is read. A page asks for the address of one over its WebSocket,
 * and opens it once: a cookie alone, which goes to every port of this machine, must not be enough to take everything along.
 */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ExportInput } from '@kith/api/conversation-shapes';
import { KithError } from '@kith/core/base/errors';

/** An address that was not opened in this time must be asked for again. */
const offerMsMax = 60_000;
/** Addresses that wait to be opened; a new one replaces the oldest. */
export const offersMax = 16;
/** Files that are read at a time. */
export const downloadsMax = 4;
/** A person may be asked where to put the file before it is read on. A guess. */
const pauseMsMax = 600_000;

const prefix = '/export/';
const types = { html: 'text/html; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' } as const;

interface Offer {
  code: string;
  untilMs: number;
  input: ExportInput;
  /** What is exported, in words for the file's name. */
  name: string;
  /** Only the browser that asked may open it; undefined: a program did. */
  session: string | undefined;
}

export interface DownloadParts {
  pieces: (input: ExportInput) => AsyncIterable<{ text: string }>;
  /** Monotonic. */
  nowMs: () => number;
  wallMs: () => number;
  log: (code: string, detail: Record<string, string | number>) => void;
}

export class Downloads {
  readonly #parts: DownloadParts;
  #offers: Offer[] = [];
  #running = 0;

  constructor(parts: DownloadParts) {
    this.#parts = parts;
  }

  /** @returns the path, which opens once within a minute. */
  offer(input: ExportInput, name: string, session: string | undefined): string {
    const code = randomBytes(32).toString('base64url');
    const offer = { code, untilMs: this.#parts.nowMs() + offerMsMax, input, name, session };
    this.#offers = [...this.#offers.slice(1 - offersMax), offer];
    return `${prefix}${code}`;
  }

  isDownload(path: string): boolean {
    return path.startsWith(prefix);
  }

  /**
   * Sends the file that was offered under this path.
   * @param sessions - Of the first halves that came with the request.
   * @param headers - Of every answer.
   * @returns false where there is no such offer for this browser, or too many are read: nothing was sent then.
   */
  send(
    path: string,
    sessions: readonly string[],
    response: ServerResponse,
    headers: Record<string, string>,
  ): 'sent' | 'unknown' | 'busy' {
    const offer = this.#take(path.slice(prefix.length), sessions);
    if (offer === undefined) return 'unknown';
    if (this.#running >= downloadsMax) return 'busy';
    this.#running += 1;
    void this.#write(offer, response, headers).finally(() => {
      this.#running -= 1;
    });
    return 'sent';
  }

  #take(code: string, sessions: readonly string[]): Offer | undefined {
    const nowMs = this.#parts.nowMs();
    // Looked up plainly: a code of 256 bits that works once is not found out by measuring.
    const found = this.#offers.find(
      (offer) =>
        offer.code === code &&
        nowMs < offer.untilMs &&
        (offer.session === undefined ? sessions.length === 0 : sessions.includes(offer.session)),
    );
    if (found !== undefined) this.#offers = this.#offers.filter((offer) => offer !== found);
    return found;
  }

  /** Never rejects. What fails midway ends the connection, so that the browser says so. */
  async #write(offer: Offer, response: ServerResponse, headers: Record<string, string>): Promise<void> {
    const { input, name } = offer;
    let hasBegun = false;
    response.req.socket.setTimeout(pauseMsMax);
    try {
      for await (const { text } of this.#parts.pieces(input)) {
        if (!hasBegun) {
          response.writeHead(200, {
            ...headers,
            // It is saved, not shown; were it shown, nothing in it would act.
            'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
            'content-type': types[input.format],
            'content-disposition': disposition(name, input.format, this.#parts.wallMs()),
          });
          hasBegun = true;
        }
        if (!response.write(text)) await drained(response);
        if (response.destroyed) return;
      }
      response.end();
    } catch (error) {
      const code = error instanceof KithError ? error.code : 'internal';
      this.#parts.log('export-failed', { code });
      if (hasBegun) response.destroy();
      else response.writeHead(503, headers).end();
    }
  }
}

/** Resolves when the browser has read, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const done = Promise.withResolvers<void>();
  response.once('drain', done.resolve);
  response.once('close', done.resolve);
  await done.promise;
  response.off('drain', done.resolve);
  response.off('close', done.resolve);
}

/** RFC 6266: a plain name for all, and the real one in UTF-8. Letters, digits and a few marks alone go into it. */
export function disposition(name: string, format: 'html' | 'jsonl', wallMs: number): string {
  const day = new Date(wallMs).toISOString().slice(0, 10);
  const safe = name
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}\p{N}-]+/gu, ' ')
    .trim()
    .replaceAll(' ', '-')
    .slice(0, 60)
    .replace(/[\p{Surrogate}-]+$/u, '');
  const file = `kith-${safe === '' ? 'conversation' : safe}-${day}.${format}`;
  const plain = file.replaceAll(/[^\w.-]+/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(file)}`;
}
