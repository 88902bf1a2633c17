/**
 * The files of the built web app. They are read into a table, whole, when the first page is asked for: a request is
 * answered by an exact name in it, and no path is ever made of what somebody asked. Read anew when a new build is there.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { extname, join } from 'node:path';

/** Files of a build, and their bytes with both compressions. A guess: ten times what the app is. */
export const webFilesMax = 1_024;
export const webBytesMax: number = 32 * 1024 * 1024;
/** Folders in folders. */
const depthMax = 4;

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
  '.txt': 'text/plain; charset=utf-8',
};

/** The best first. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/** Names under /assets have a hash of what is inside: such a file never changes. */
const hashed = /^\/assets\/(?:[\w.-]+\/)*[\w.-]+-[\w-]{8,}\.\w+$/;
/** Pages of the app: words, ids and no dot. A file that is missing is not one of them. */
const route = /^\/[\w/-]{0,512}$/;

interface WebFile {
  type: string;
  etag: string;
  plain: Buffer;
  encoded: { encoding: string; bytes: Buffer }[];
}

type Table = ReadonlyMap<string, WebFile>;

export interface WebAnswer {
  status: 200 | 304;
  headers: OutgoingHttpHeaders;
  body: Buffer | undefined;
}

export class WebFiles {
  readonly #folder: string | undefined;
  readonly #onFault: (code: string, detail: Record<string, string | number>) => void;
  #table: Table | undefined;
  #builtAt = '';

  /** @param folder - What the build made; it may be missing. Nothing is read yet. */
  constructor(
    folder: string | undefined,
    onFault: (code: string, detail: Record<string, string | number>) => void,
  ) {
    this.#folder = folder;
    this.#onFault = onFault;
  }

  /** Whether a build lies there. Reads nothing of it. */
  isThere(): boolean {
    return this.#folder !== undefined && existsSync(join(this.#folder, 'index.html'));
  }

  /** Whether there is an app to serve. */
  isBuilt(): boolean {
    return this.#current() !== undefined;
  }

  /** Whether a path is a page of the app: to be answered to those who are signed in. */
  isPage(path: string): boolean {
    return path === '/index.html' || route.test(path);
  }

  /** @param path - As it was asked for, without the query. @returns undefined: there is no such file. */
  answer(path: string, headers: IncomingHttpHeaders): WebAnswer | undefined {
    const table = this.#current();
    const name = this.isPage(path) ? '/index.html' : path;
    const file = table?.get(name);
    if (file === undefined) return undefined;
    const { encoding, bytes } = choose(file, headers['accept-encoding']);
    const etag = encoding === undefined ? `"${file.etag}"` : `"${file.etag}-${encoding}"`;
    const common = {
      etag,
      vary: 'accept-encoding',
      'cache-control': hashed.test(name) ? 'private, max-age=31536000, immutable' : 'no-cache',
    };
    if (isKnown(headers['if-none-match'], etag)) return { status: 304, headers: common, body: undefined };
    return {
      status: 200,
      headers: {
        ...common,
        'content-type': file.type,
        'content-length': bytes.length,
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      },
      body: bytes,
    };
  }

  #current(): Table | undefined {
    if (this.#folder === undefined) return undefined;
    try {
      const found = statSync(join(this.#folder, 'index.html'), { throwIfNoEntry: false });
      // While a new build is being written its index is missing: the one before is served on.
      if (found === undefined) return this.#table;
      const builtAt = `${found.mtimeMs} ${found.ino} ${found.size}`;
      if (builtAt === this.#builtAt) return this.#table;
      this.#builtAt = builtAt;
      this.#table = readAll(this.#folder);
    } catch (error) {
      this.#onFault('web-unreadable', { cause: error instanceof Error ? error.name : 'unknown' });
    }
    return this.#table;
  }
}

/** @throws RangeError - more than a build may have. */
function readAll(folder: string): Table {
  const bytes = new Map<string, Buffer>();
  let total = 0;
  const read = (inner: string, depth: number): void => {
    if (depth > depthMax) throw new RangeError('a build has no folders that deep');
    for (const entry of readdirSync(join(folder, inner), { withFileTypes: true })) {
      const name = `${inner}/${entry.name}`;
      if (entry.isDirectory()) read(name, depth + 1);
      // Neither links nor what is hidden: a build has none.
      if (!entry.isFile() || entry.name.startsWith('.')) continue;
      const content = readFileSync(join(folder, name));
      total += content.length;
      if (bytes.size >= webFilesMax || total > webBytesMax) throw new RangeError('the build is too large');
      bytes.set(name, content);
    }
  };
  read('', 0);
  const table = new Map<string, WebFile>();
  for (const [name, plain] of bytes) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const encoded = encodings.flatMap(([encoding, suffix]) => {
      const found = bytes.get(`${name}${suffix}`);
      return found === undefined ? [] : [{ encoding, bytes: found }];
    });
    const etag = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
    table.set(name, { type, etag, plain, encoded });
  }
  return table;
}

/** RFC 9110 §12.5.3, as far as browsers use it: an encoding is wanted where it is named and not with `q=0`. */
function choose(
  file: WebFile,
  accepted: string | string[] | undefined,
): { encoding: string | undefined; bytes: Buffer } {
  const wanted = new Set(
    String(accepted ?? '')
      .toLowerCase()
      .split(',')
      .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/.test(part))
      .map((part) => part.split(';')[0]?.trim()),
  );
  const found = file.encoded.find(({ encoding }) => wanted.has(encoding));
  return found ?? { encoding: undefined, bytes: file.plain };
}

function isKnown(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((part) => part.trim().replace(/^W\//, '') === etag);
}
