/**
 * Who may use the loopback URL: whoever holds this start's token. A browser gets it by a link with a code that
 * works once within a minute, and keeps it in a cookie that no script reads. Pure: time and chance come in.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** A link that was not opened in this time must be asked for again. */
export const codeMsMax = 60_000;
/** Links that wait to be opened; a new one replaces the oldest. */
export const codesMax = 16;
/** Wrong tokens and codes that are answered in full per {@link failureWindowMs}; further ones get 429. */
export const failuresMax = 20;
export const failureWindowMs = 60_000;

export interface AccessSources {
  /** 32 new random bytes at each call. */
  random(): Uint8Array;
  /** Monotonic milliseconds. */
  nowMs(): number;
}

export type Verdict = 'yes' | 'no' | 'too-many';

export class Access {
  /** Of this instance alone: cookies are shared by all ports of a host. */
  readonly cookieName: string;
  readonly token: string;
  private readonly codes: { code: string; untilMs: number }[] = [];
  private readonly failuresAtMs: number[] = [];
  private readonly sources: AccessSources;

  constructor(sources: AccessSources) {
    this.sources = sources;
    this.token = text(sources.random());
    this.cookieName = `kith-${Buffer.from(sources.random()).toString('hex').slice(0, 16)}`;
  }

  /** A code that {@link redeem} accepts once, for {@link codeMsMax}. */
  newCode(): string {
    const code = text(this.sources.random());
    this.codes.push({ code, untilMs: this.sources.nowMs() + codeMsMax });
    if (this.codes.length > codesMax) this.codes.shift();
    return code;
  }

  /** Whether the code stands. It does not stand a second time. */
  redeem(code: string): Verdict {
    const nowMs = this.sources.nowMs();
    const index = this.codes.findIndex((known) => equal(known.code, code) && nowMs < known.untilMs);
    if (index < 0) return this.failed(nowMs);
    this.codes.splice(index, 1);
    return 'yes';
  }

  /**
   * Whether a request carries the token: `authorization: Bearer …` or our cookie. A right token passes however many
   * wrong ones came before, so that nobody can lock the owner out.
   */
  judge(headers: { authorization?: string | undefined; cookie?: string | undefined }): Verdict {
    const bearer = /^Bearer ([\w-]{1,128})$/.exec(headers.authorization ?? '')?.[1];
    const offered = bearer ?? this.cookie(headers.cookie);
    if (offered !== undefined && equal(offered, this.token)) return 'yes';
    if (offered === undefined) return 'no';
    return this.failed(this.sources.nowMs());
  }

  /** The header that hands the token to a browser. */
  setCookie(): string {
    return `${this.cookieName}=${this.token}; Path=/; HttpOnly; SameSite=Strict`;
  }

  private cookie(header: string | undefined): string | undefined {
    for (const pair of (header ?? '').split(';')) {
      const [name, value] = pair.trim().split('=');
      if (name === this.cookieName) return value;
    }
    return undefined;
  }

  private failed(nowMs: number): Verdict {
    while ((this.failuresAtMs[0] ?? nowMs) <= nowMs - failureWindowMs) this.failuresAtMs.shift();
    if (this.failuresAtMs.length >= failuresMax) return 'too-many';
    this.failuresAtMs.push(nowMs);
    return 'no';
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** In constant time, whatever the lengths: hashes are compared. */
function equal(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
