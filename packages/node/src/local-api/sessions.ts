/**
 * The browsers that were let in. A session has two halves: a token in a cookie that no script reads, and a key in the
 * storage of the page's origin. Cookies go to every port of a host, so any other program that serves this browser a
 * page on 127.0.0.1 is handed the first half; alone it opens nothing. Both are kept as hashes, in the profile's
 * database, so that a browser stays signed in when the node starts anew. Pure but for the keeper it is given.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Browser } from '@kith/api/settings-shapes';
import { browserName } from './browser-name.ts';

/** Beyond, the one unused for longest is signed out. */
export const sessionsMax = 16;
/** A browser that was not seen for this long is signed out. */
export const unusedMsMax: number = 30 * 86_400_000;
/** How long after the link was opened its page may fetch the key: a page does so at once. */
export const keyMsMax = 60_000;
/** When a browser was last seen is written down this often at most. */
const seenEveryMs = 3_600_000;

export interface SessionSources {
  /** 32 new random bytes at each call. */
  random(): Uint8Array;
  wallMs(): number;
}

/** Keeps one value in the profile's database. Durable when `keep` returns; it throws `KithError`. */
export interface SessionKeeper {
  kept(): Uint8Array | undefined;
  keep(value: Uint8Array): void;
}

interface Session {
  id: string;
  tokenHash: string;
  /** Null until the page has fetched its key. */
  keyHash: string | null;
  name: string;
  /** The loopback port of the origin whose storage has the key. */
  port: number;
  signedInWallMs: number;
  seenWallMs: number;
}

/** What is kept, as JSON. */
interface Kept {
  cookieName: string;
  sessions: readonly Session[];
}

export class BrowserSessions {
  /** Of this profile alone: cookies are shared by all ports of a host. */
  readonly cookieName: string;
  #sessions: readonly Session[];
  readonly #sources: SessionSources;
  readonly #keeper: SessionKeeper;

  constructor(sources: SessionSources, keeper: SessionKeeper) {
    this.#sources = sources;
    this.#keeper = keeper;
    const kept = parse(keeper.kept());
    this.cookieName = kept?.cookieName ?? `kith-${hex(sources.random()).slice(0, 16)}`;
    this.#sessions = kept?.sessions ?? [];
  }

  /**
   * Lets a browser in, in place of the session it may have had.
   * @param cookies - The header it sent.
   * @returns the header that hands it the token, and the sessions that are over.
   */
  signIn(from: { userAgent: string; cookies: string | undefined; port: number }): {
    id: string;
    setCookie: string;
    ended: string[];
  } {
    const token = text(this.#sources.random());
    const wallMs = this.#sources.wallMs();
    const before = this.#ofCookies(from.cookies);
    const added: Session = {
      id: hex(this.#sources.random()).slice(0, 16),
      tokenHash: hashOf(token),
      keyHash: null,
      name: browserName(from.userAgent),
      port: from.port,
      signedInWallMs: wallMs,
      seenWallMs: wallMs,
    };
    const others = this.#living().filter((known) => known !== before);
    const staying = others.toSorted((a, b) => b.seenWallMs - a.seenWallMs).slice(0, sessionsMax - 1);
    const ended = this.#replace([added, ...staying]);
    return { id: added.id, setCookie: this.#setCookie(token), ended };
  }

  /** The session of whoever brings both halves. Its time of being seen moves on. */
  recognise(cookies: string | undefined, key: string): string | undefined {
    const found = this.#ofCookies(cookies);
    if (found === undefined || found.keyHash === null) return undefined;
    if (!equal(found.keyHash, hashOf(key))) return undefined;
    this.#seen(found);
    return found.id;
  }

  /**
   * As {@link recognise}; besides, hands out the key to the first who asks after the link was opened.
   * @returns `setCookie` keeps the cookie alive for as long as the session.
   */
  greet(
    cookies: string | undefined,
    offeredKey: string,
  ): { key: string | null; setCookie: string } | undefined {
    const token = this.#tokens(cookies).find((offered) => this.#ofToken(offered) !== undefined);
    const found = token === undefined ? undefined : this.#ofToken(token);
    if (token === undefined || found === undefined) return undefined;
    const setCookie = this.#setCookie(token);
    if (found.keyHash !== null) {
      return this.recognise(cookies, offeredKey) === undefined ? undefined : { key: null, setCookie };
    }
    if (this.#sources.wallMs() - found.signedInWallMs > keyMsMax) return undefined;
    const key = text(this.#sources.random());
    this.#replace(
      this.#sessions.map((known) => (known === found ? { ...known, keyHash: hashOf(key) } : known)),
    );
    return { key, setCookie };
  }

  /** The session of the first half alone: enough to be shown the app, which holds nothing of the person. */
  ofCookies(cookies: string | undefined): string | undefined {
    return this.#ofCookies(cookies)?.id;
  }

  /** Whether a cookie of ours came, right or not. */
  hasCookie(cookies: string | undefined): boolean {
    return this.#tokens(cookies).length > 0;
  }

  /** The header that makes a browser forget its cookie. */
  clearCookie(): string {
    return `${this.cookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`;
  }

  /** Whether that session has not ended. */
  isLiving(id: string): boolean {
    return this.#living().some((known) => known.id === id);
  }

  /** A browser that is connected counts as seen. */
  touch(id: string): void {
    const found = this.#sessions.find((known) => known.id === id);
    if (found !== undefined) this.#seen(found);
  }

  /** The newest first. @param current - The session that asks. */
  list(current: string | undefined): Browser[] {
    return this.#living().map(({ id, name, signedInWallMs, seenWallMs }) => ({
      id,
      name,
      signedInAt: new Date(signedInWallMs).toISOString(),
      lastSeenAt: new Date(seenWallMs).toISOString(),
      current: id === current,
    }));
  }

  /** @returns whether there was such a session. It is over when this returns. */
  signOut(id: string): boolean {
    return this.#replace(this.#sessions.filter((known) => known.id !== id)).length > 0;
  }

  /** Somebody else had this port, and may have been handed what browsers send to it. */
  endThoseOf(port: number): void {
    if (this.#sessions.some((known) => known.port === port))
      this.#replace(this.#sessions.filter((known) => known.port !== port));
  }

  #living(): Session[] {
    const wallMs = this.#sources.wallMs();
    return this.#sessions.filter((known) => wallMs - known.seenWallMs < unusedMsMax);
  }

  /** Several cookies of one name may come: another port can add its own for a deeper path. One right one is enough. */
  #tokens(cookies: string | undefined): string[] {
    return (cookies ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${this.cookieName}=`))
      .map((pair) => pair.slice(this.cookieName.length + 1));
  }

  #ofCookies(cookies: string | undefined): Session | undefined {
    for (const token of this.#tokens(cookies)) {
      const found = this.#ofToken(token);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #ofToken(token: string): Session | undefined {
    const offered = hashOf(token);
    return this.#living().find((known) => equal(known.tokenHash, offered));
  }

  #seen(found: Session): void {
    const wallMs = this.#sources.wallMs();
    const seen = this.#sessions.map((known) =>
      known.id === found.id ? { ...known, seenWallMs: wallMs } : known,
    );
    if (Math.abs(wallMs - found.seenWallMs) < seenEveryMs) return;
    try {
      this.#replace(seen);
    } catch {
      // A full disk keeps nobody out. It is tried again with the next use, and a session lives for weeks.
    }
  }

  /** Writes first: what could not be kept has not happened. @returns the sessions that are over. */
  #replace(sessions: readonly Session[]): string[] {
    const value: Kept = { cookieName: this.cookieName, sessions };
    this.#keeper.keep(new TextEncoder().encode(JSON.stringify(value)));
    const staying = new Set(sessions.map(({ id }) => id));
    const ended = this.#sessions.filter(({ id }) => !staying.has(id)).map(({ id }) => id);
    this.#sessions = sessions;
    return ended;
  }

  #setCookie(token: string): string {
    const seconds = unusedMsMax / 1_000;
    return `${this.cookieName}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict`;
  }
}

/** Undefined where nothing was kept, or what was kept is not ours: browsers then sign in anew. */
function parse(kept: Uint8Array | undefined): Kept | undefined {
  if (kept === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(kept));
    return isKept(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null || !('cookieName' in value) || !('sessions' in value))
    return false;
  const { cookieName, sessions } = value;
  return (
    typeof cookieName === 'string' &&
    /^kith-[0-9a-f]{16}$/.test(cookieName) &&
    Array.isArray(sessions) &&
    sessions.length <= sessionsMax &&
    sessions.every(isSession)
  );
}

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  const at = (field: string): unknown => Reflect.get(value, field);
  const isHash = (field: string): boolean => /^[\w+/]{43}=$/.test(String(at(field)));
  return (
    typeof at('id') === 'string' &&
    isHash('tokenHash') &&
    (at('keyHash') === null || isHash('keyHash')) &&
    typeof at('name') === 'string' &&
    ['port', 'signedInWallMs', 'seenWallMs'].every((field) => Number.isSafeInteger(at(field)))
  );
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

/** In constant time; both are of one length. */
function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
