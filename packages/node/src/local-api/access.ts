/**
 * Who may use the loopback URL: a program that holds this start's token, and a browser that opened a link with a code,
 * which works once within a minute; sessions.ts says how that browser stays. Pure: time and chance come in.
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
  readonly token: string;
  private readonly codes: { code: string; untilMs: number }[] = [];
  /** Codes that let somebody in, until they would have ended anyway. */
  private spent: { code: string; untilMs: number; session: string }[] = [];
  private readonly failuresAtMs: number[] = [];
  private readonly sources: AccessSources;

  constructor(sources: AccessSources) {
    this.sources = sources;
    this.token = text(sources.random());
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
    if (index < 0) return this.failed();
    this.codes.splice(index, 1);
    return 'yes';
  }

  /** Remembers for as long as a code lives which session it opened. */
  opened(code: string, session: string): void {
    const nowMs = this.sources.nowMs();
    const living = this.spent.filter(({ untilMs }) => nowMs < untilMs).slice(1 - codesMax);
    this.spent = [...living, { code, untilMs: nowMs + codeMsMax, session }];
  }

  /** The session that this code opened a while ago: whoever brings it again was not the only one to have it. */
  openedBy(code: string): string | undefined {
    const nowMs = this.sources.nowMs();
    return this.spent.find((known) => equal(known.code, code) && nowMs < known.untilMs)?.session;
  }

  /**
   * Whether a request carries the token: `authorization: Bearer …`. A right token passes however many wrong ones came
   * before, so that nobody can lock the owner out.
   */
  judge(authorization: string): Verdict {
    const offered = /^Bearer ([\w-]{1,128})$/.exec(authorization)?.[1];
    if (offered === undefined) return 'no';
    return equal(offered, this.token) ? 'yes' : this.failed();
  }

  /** Counts something wrong that was offered, a token or a code. */
  failed(): Verdict {
    const nowMs = this.sources.nowMs();
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
