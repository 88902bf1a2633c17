/** The sessions of a profile, and browsers with real pages of the app's client before them. Time and chance are the test's. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { KithError } from '@kith/core/base/errors';
import { SessionKey } from '@kith/api/browser-key';
import { proofPrefix } from '@kith/api/contract';
import { BrowserSessions } from '../src/local-api/sessions.ts';

export interface World {
  sessions: BrowserSessions;
  /** The same profile after a restart of the node. */
  restarted: () => BrowserSessions;
  pass: (ms: number) => void;
  kept: () => string;
  writes: () => number;
  failing: (isFailing: boolean) => void;
}

export function world(kept?: Uint8Array): World {
  let wallMs = Date.UTC(2026, 0, 2);
  let nowMs = 5;
  let filled = 0;
  let value = kept;
  let writes = 0;
  let isFailing = false;
  const make = (): BrowserSessions =>
    new BrowserSessions(
      {
        random: () => createHash('sha256').update(String(++filled)).digest(),
        wallMs: () => wallMs,
        nowMs: () => nowMs,
      },
      {
        kept: () => value,
        keep: (next) => {
          if (isFailing) throw new KithError('disk-full');
          writes += 1;
          value = next;
        },
      },
    );
  return {
    sessions: make(),
    restarted: make,
    pass: (ms) => {
      wallMs += ms;
      nowMs += ms;
    },
    kept: () => new TextDecoder().decode(value),
    writes: () => writes,
    failing: (next) => (isFailing = next),
  };
}

export const port: string = '4000';
export const from: Parameters<BrowserSessions['signIn']>[0] = {
  userAgent: 'Firefox/140.0 Linux',
  cookies: undefined,
  port: 4_000,
};

/** A browser: the cookies that it sends, and what its pages keep. */
export interface Visitor {
  cookies: string | undefined;
  storage: Map<string, string>;
}

/** A window of it. @param secret - Of the address that it was opened with. */
export function window({ storage }: Visitor, secret?: string, at: string = port): SessionKey {
  return new SessionKey(
    {
      getItem: (name) => storage.get(name) ?? null,
      setItem: (name, value) => void storage.set(name, value),
      removeItem: (name) => void storage.delete(name),
    },
    at,
    secret,
  );
}

/** Opens a link. */
export function follow(sessions: BrowserSessions, cookies?: string): { visitor: Visitor; secret: string } {
  const { setCookie, pairingSecret } = sessions.signIn({ ...from, cookies });
  return { visitor: { cookies: setCookie.split(';')[0], storage: new Map() }, secret: pairingSecret };
}

/** Opens a link, and its page is paired. */
export async function enter(sessions: BrowserSessions, cookies?: string): Promise<Visitor> {
  const { visitor, secret } = follow(sessions, cookies);
  window(visitor, secret);
  expect(await letIn(sessions, visitor)).toBeDefined();
  return visitor;
}

/** What a window does: asks, judges the answer, and shows its proof. @returns the session. */
export async function letIn(
  sessions: BrowserSessions,
  visitor: Visitor,
  page: SessionKey = window(visitor),
): Promise<string | undefined> {
  const text = await proofOf(sessions, visitor, page);
  return text === undefined ? undefined : sessions.recognise({ cookies: visitor.cookies, text, port });
}

export async function proofOf(
  sessions: BrowserSessions,
  { cookies }: Visitor,
  page: SessionKey,
): Promise<string | undefined> {
  const { header, judge } = await page.question();
  const outcome = await judge(sessions.greet({ cookies, text: header, port }));
  return typeof outcome === 'string' ? undefined : outcome.protocol.slice(proofPrefix.length);
}
