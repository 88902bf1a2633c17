/**
 * The browsers that were let in. A session has two halves: a token in a cookie that no script reads, and a key that only
 * pages of the node's origin have. Cookies go to every port of a host, so any other program that serves this browser a
 * page on 127.0.0.1 is handed the first half; alone it opens nothing. The second half is never handed to anybody: page
 * and node prove it to each other (docs/local-api.md). Kept in the profile's database, so that a browser stays signed in
 * when the node starts anew. Pure but for the keeper it is given.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Browser } from '@kith/api/settings-shapes';
import { bytes32 } from '@kith/api/session-proof';
import { browserName } from './browser-name.ts';
import { Challenges } from './challenges.ts';
import {
  isPageProof,
  nodeProof,
  pairedKey,
  parseProof,
  parseQuestion,
  type SessionQuestion,
} from './session-key.ts';
import { Superseded } from './superseded.ts';

/** Beyond, the one unused for longest is signed out. */
export const sessionsMax = 16;
/** A browser that was not seen for this long is signed out. */
export const unusedMsMax: number = 30 * 86_400_000;
/** How long after the link was opened its page may make its half: a page does so at once. */
export const pairingMsMax = 60_000;
/** When a browser was last seen is written down this often at most. */
const seenEveryMs = 3_600_000;
/** Seldom, as an answer that comes late would put the cookie in the place of a newer one. */
const cookieEveryMs = 86_400_000;

export interface SessionSources {
  /** 32 new random bytes at each call. */
  random(): Uint8Array;
  wallMs(): number;
  /** Monotonic. */
  nowMs(): number;
}

/** Keeps one value in the profile's database. Durable when `keep` returns; it throws `KithError`. */
export interface SessionKeeper {
  kept(): Uint8Array | undefined;
  keep(value: Uint8Array): void;
}

interface Session {
  id: string;
  tokenHash: string;
  /** Given to the page behind the `#` of its first address. Null once the key was made of it. */
  pairingSecret: string | null;
  /**
   * As it is, and no hash of it: what checks proofs makes them too, whatever it is called. Null until the page has shown
   * that it has the secret.
   */
  key: string | null;
  name: string;
  /** The loopback port of the origin whose storage has the key. */
  port: number;
  signedInWallMs: number;
  seenWallMs: number;
  /** When its browser was last told to keep the cookie; absent: never since the link. */
  cookieWallMs?: number;
}

/** What a browser sent, and the port that it was sent to. */
export interface Offered {
  cookies: string | undefined;
  /** Of {@link questionHeader}, or the rest of {@link proofProtocol}. */
  text: string;
  port: string;
}

export interface Greeting {
  nonce: string;
  proof: string;
  others: string[];
  setCookie: string | undefined;
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
  readonly #challenges = new Challenges();
  readonly #superseded = new Superseded();

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
   * @returns the header that hands it the token, the secret of its key, and the sessions that are over.
   */
  signIn(from: { userAgent: string; cookies: string | undefined; port: number }): {
    id: string;
    setCookie: string;
    pairingSecret: string;
    ended: string[];
  } {
    const token = text(this.#sources.random());
    const pairingSecret = text(this.#sources.random());
    const wallMs = this.#sources.wallMs();
    const [before] = this.#ofCookies(from.cookies);
    const added: Session = {
      id: hex(this.#sources.random()).slice(0, 16),
      tokenHash: hashOf(token),
      pairingSecret,
      key: null,
      name: browserName(from.userAgent),
      port: from.port,
      signedInWallMs: wallMs,
      seenWallMs: wallMs,
    };
    const others = this.#living().filter((known) => known !== before);
    const staying = others.toSorted((a, b) => b.seenWallMs - a.seenWallMs).slice(0, sessionsMax - 1);
    const ended = this.#replace([added, ...staying]);
    this.#superseded.add(this.#tokens(from.cookies).map(hashOf), this.#sources.nowMs());
    return { id: added.id, setCookie: this.#setCookie(token), pairingSecret, ended };
  }

  /** The secret of a session that has no key yet: its browser loads the link once more. */
  pairingSecretOf(id: string): string | undefined {
    return (
      this.#living().find((known) => known.id === id && this.#isFresh(known))?.pairingSecret ?? undefined
    );
  }

  /**
   * The session of whoever brings both halves: a cookie, and a proof over one of our nonces. Of several cookies (see
   * {@link BrowserSessions.greet}) the one counts that the proof is of.
   */
  recognise({ cookies, text: offered, port }: Offered): string | undefined {
    const brought = parseProof(offered);
    if (brought === undefined) return undefined;
    const { nodeNonce, proof } = brought;
    const nowMs = this.#sources.nowMs();
    const fitting = this.#ofCookies(cookies).filter(({ id, key }) => {
      // Of each that it was given to, so that it serves once.
      const pageNonce = this.#challenges.take(id, nodeNonce, nowMs);
      if (key === null || pageNonce === undefined) return false;
      return isPageProof(key, { port, pageNonce, nodeNonce }, proof);
    });
    const [found] = fitting;
    if (found !== undefined) this.#seen(found);
    return found?.id;
  }

  /**
   * Proves to a page that we know its session, whose key comes about here. To know the cookie is enough to ask, and what
   * is answered helps nobody who has no more than that. A program at another port can put cookies beside ours, also such as
   * were handed to it by another browser: a proof is given for each of them that is of this port, so that none keeps the
   * page from its own.
   * @returns `early`: the page of this session has still to come; undefined: there is no such session, or it is of a page
   * at another port, which has another key. `others`: the proofs of further sessions, at most {@link sessionsMax}. `setCookie`
   * keeps the cookie alive for as long as the session, where there is no doubt which it is.
   */
  greet({ cookies, text: offered, port }: Offered): Greeting | 'early' | undefined {
    const question = parseQuestion(offered);
    if (question === undefined) return undefined;
    const here = this.#ofCookies(cookies).filter((known) => known.port === Number(port));
    const keyed = here.flatMap((known) => this.#keyOf(known, question, port) ?? []);
    const { pageNonce } = question;
    const nodeNonce = text(this.#sources.random());
    const nowMs = this.#sources.nowMs();
    const [proof, ...others] = keyed.map(({ id, key }) => {
      this.#challenges.give(id, { nodeNonce, pageNonce }, nowMs);
      return nodeProof(key, { port, pageNonce, nodeNonce });
    });
    if (proof === undefined) return here.some((known) => this.#isEarly(known)) ? 'early' : undefined;
    return {
      nonce: nodeNonce,
      proof,
      others,
      setCookie: here.length === 1 ? this.#renewed(cookies, here) : undefined,
    };
  }

  /** The sessions of the first half alone: enough to be shown the app, which holds nothing of the person. */
  ofCookies(cookies: string | undefined): string[] {
    return this.#ofCookies(cookies).map(({ id }) => id);
  }

  /** Whether a cookie of ours came, right or not. */
  hasCookie(cookies: string | undefined): boolean {
    return this.#tokens(cookies).length > 0;
  }

  /** Whether a link took the place of such a cookie a moment ago: the new one is on its way, or was when this was sent. */
  isSuperseded(cookies: string | undefined): boolean {
    return this.#superseded.hasAny(this.#tokens(cookies).map(hashOf), this.#sources.nowMs());
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

  #isFresh(session: Session): boolean {
    return Math.abs(this.#sources.wallMs() - session.signedInWallMs) <= pairingMsMax;
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

  /** Each once; at most {@link sessionsMax}, however many cookies come. */
  #ofCookies(cookies: string | undefined): Session[] {
    const found = this.#tokens(cookies).flatMap((token) => this.#ofToken(token) ?? []);
    return [...new Set(found)];
  }

  /** The key that a session has, or comes to by this question. */
  #keyOf(known: Session, question: SessionQuestion, port: string): { id: string; key: string } | undefined {
    const { id, pairingSecret } = known;
    if (known.key !== null) return { id, key: known.key };
    if (pairingSecret === null || !this.#isFresh(known)) return undefined;
    const key = pairedKey(pairingSecret, question, port);
    if (key === undefined) return undefined;
    const paired = { ...known, pairingSecret: null, key };
    this.#replace(this.#sessions.map((each) => (each === known ? paired : each)));
    return { id, key };
  }

  #isEarly(known: Session): boolean {
    return known.key === null && known.pairingSecret !== null && this.#isFresh(known);
  }

  /** The cookie of the only session that it can be, where it is time. */
  #renewed(cookies: string | undefined, [only]: Session[]): string | undefined {
    const known = this.#sessions.find(({ id }) => id === only?.id);
    const token = this.#tokens(cookies).find((each) => this.#ofToken(each)?.id === only?.id);
    const wallMs = this.#sources.wallMs();
    if (known === undefined || token === undefined) return undefined;
    if (Math.abs(wallMs - (known.cookieWallMs ?? known.signedInWallMs)) < cookieEveryMs) return undefined;
    return this.#noted({ ...known, cookieWallMs: wallMs }) ? this.#setCookie(token) : undefined;
  }

  #ofToken(token: string): Session | undefined {
    const offered = hashOf(token);
    return this.#living().find((known) => equal(known.tokenHash, offered));
  }

  #seen(found: Session): void {
    const wallMs = this.#sources.wallMs();
    if (Math.abs(wallMs - found.seenWallMs) >= seenEveryMs) this.#noted({ ...found, seenWallMs: wallMs });
  }

  /** A full disk keeps nobody out: it is tried again with the next use, and a session lives for weeks. */
  #noted(session: Session): boolean {
    try {
      this.#replace(this.#sessions.map((known) => (known.id === session.id ? session : known)));
      return true;
    } catch {
      return false;
    }
  }

  /** Writes first: what could not be kept has not happened. @returns the sessions that are over. */
  #replace(sessions: readonly Session[]): string[] {
    const value: Kept = { cookieName: this.cookieName, sessions };
    this.#keeper.keep(new TextEncoder().encode(JSON.stringify(value)));
    const staying = new Set(sessions.map(({ id }) => id));
    const ended = this.#sessions.filter(({ id }) => !staying.has(id)).map(({ id }) => id);
    this.#sessions = sessions;
    for (const id of ended) this.#challenges.forget(id);
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
  const isSecret = (field: string): boolean => {
    const value: unknown = at(field);
    return value === null || (typeof value === 'string' && bytes32.test(value));
  };
  return (
    typeof at('id') === 'string' &&
    /^[\w+/]{43}=$/.test(String(at('tokenHash'))) &&
    isSecret('pairingSecret') &&
    isSecret('key') &&
    typeof at('name') === 'string' &&
    ['port', 'signedInWallMs', 'seenWallMs'].every((field) => Number.isSafeInteger(at(field))) &&
    (at('cookieWallMs') === undefined || Number.isSafeInteger(at('cookieWallMs')))
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
