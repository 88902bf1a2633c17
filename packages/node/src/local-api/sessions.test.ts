import { expect, test } from 'vitest';
import { KithError } from '@kith/core/base/errors';
import { browserName } from './browser-name.ts';
import { BrowserSessions, keyMsMax, sessionsMax, unusedMsMax } from './sessions.ts';

interface World {
  sessions: BrowserSessions;
  /** The same profile after a restart of the node. */
  restarted: () => BrowserSessions;
  pass: (ms: number) => void;
  kept: () => string;
  writes: () => number;
  failing: (isFailing: boolean) => void;
}

function world(kept?: Uint8Array): World {
  let wallMs = Date.UTC(2026, 0, 2);
  let filled = 0;
  let value = kept;
  let writes = 0;
  let isFailing = false;
  const make = (): BrowserSessions =>
    new BrowserSessions(
      { random: () => new Uint8Array(32).fill(++filled), wallMs: () => wallMs },
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
    pass: (ms) => (wallMs += ms),
    kept: () => new TextDecoder().decode(value),
    writes: () => writes,
    failing: (next) => (isFailing = next),
  };
}

const from = { userAgent: 'Firefox/140.0 Linux', cookies: undefined, port: 4_000 };

/** Signs in and fetches the key. */
function enter(sessions: BrowserSessions, cookies?: string): { cookies: string; key: string } {
  const { setCookie } = sessions.signIn({ ...from, cookies });
  const half = setCookie.split(';')[0] ?? '';
  return { cookies: half, key: sessions.greet(half, '')?.key ?? '' };
}

test('both halves are needed, and both outlive a restart', () => {
  const { sessions, restarted } = world();
  const own = enter(sessions);
  const other = enter(sessions);
  for (const known of [sessions, restarted()]) {
    const id = known.recognise(own.cookies, own.key);
    expect(id).toBeDefined();
    expect(known.recognise(own.cookies, '')).toBeUndefined();
    expect(known.recognise(own.cookies, other.key)).toBeUndefined();
    expect(known.recognise(undefined, own.key)).toBeUndefined();
    expect(known.recognise(`${sessions.cookieName}=wrong`, own.key)).toBeUndefined();
    expect(known.recognise(own.cookies.replace('kith-', 'other-'), own.key)).toBeUndefined();
    expect(known.list(id).map(({ current }) => current)).toEqual([false, true]);
  }
});

test('the key is handed out once, soon after the link was opened, and never without it again', () => {
  const { sessions, pass } = world();
  const own = enter(sessions);
  expect(sessions.greet(own.cookies, '')).toBeUndefined();
  expect(sessions.greet(own.cookies, own.key)).toMatchObject({ key: null });
  const late = sessions.signIn(from).setCookie.split(';')[0];
  pass(keyMsMax + 1);
  expect(sessions.greet(late, '')).toBeUndefined();
});

test('neither half stands in what is kept', () => {
  const { sessions, kept } = world();
  const { cookies, key } = enter(sessions);
  expect(kept()).not.toContain(cookies.split('=')[1]);
  expect(kept()).not.toContain(key);
});

test('a cookie that another port put beside ours does not keep us out', () => {
  const { sessions } = world();
  const { cookies, key } = enter(sessions);
  expect(sessions.recognise(`${sessions.cookieName}=tossed; ${cookies}; x=1`, key)).toBeDefined();
  expect(sessions.hasCookie(`${sessions.cookieName}=tossed`)).toBe(true);
  expect(sessions.hasCookie('kith-other=1')).toBe(false);
});

test('a browser that is not seen for thirty days is signed out; one that is seen is not', () => {
  const { sessions, pass, restarted, writes } = world();
  const own = enter(sessions);
  const other = enter(sessions);
  pass(unusedMsMax - 1);
  expect(sessions.recognise(own.cookies, own.key)).toBeDefined();
  const before = writes();
  expect(sessions.recognise(own.cookies, own.key)).toBeDefined();
  expect(writes(), 'being seen again at once is not written down').toBe(before);
  pass(2);
  const again = restarted();
  expect(again.recognise(own.cookies, own.key)).toBeDefined();
  expect(again.recognise(other.cookies, other.key)).toBeUndefined();
  expect(again.list(undefined).length).toBe(1);
});

test('of too many the one unused for longest goes', () => {
  const { sessions, pass } = world();
  const first = enter(sessions);
  pass(1);
  const second = enter(sessions);
  pass(7_200_000);
  expect(sessions.recognise(first.cookies, first.key)).toBeDefined();
  for (let count = 2; count < sessionsMax; count++) enter(sessions);
  const { ended } = sessions.signIn(from);
  expect(ended.length).toBe(1);
  expect(sessions.recognise(second.cookies, second.key)).toBeUndefined();
  expect(sessions.recognise(first.cookies, first.key)).toBeDefined();
  expect(sessions.list(undefined).length).toBe(sessionsMax);
});

test('a browser that signs in again has one session, not two', () => {
  const { sessions } = world();
  const first = enter(sessions);
  const again = enter(sessions, first.cookies);
  expect(sessions.recognise(first.cookies, first.key)).toBeUndefined();
  expect(sessions.recognise(again.cookies, again.key)).toBeDefined();
  expect(sessions.list(undefined).length).toBe(1);
});

test('signed out is signed out, also after a restart', () => {
  const { sessions, restarted } = world();
  const own = enter(sessions);
  const id = sessions.recognise(own.cookies, own.key) ?? '';
  expect(sessions.signOut(id)).toBe(true);
  expect(sessions.signOut(id)).toBe(false);
  expect(sessions.recognise(own.cookies, own.key)).toBeUndefined();
  expect(restarted().recognise(own.cookies, own.key)).toBeUndefined();
});

test('whoever took our port ends the sessions of that port alone', () => {
  const { sessions } = world();
  const own = enter(sessions);
  sessions.endThoseOf(4_001);
  expect(sessions.recognise(own.cookies, own.key)).toBeDefined();
  sessions.endThoseOf(4_000);
  expect(sessions.recognise(own.cookies, own.key)).toBeUndefined();
});

test('what cannot be kept has not happened', () => {
  const { sessions, failing, pass } = world();
  const own = enter(sessions);
  const id = sessions.recognise(own.cookies, own.key) ?? '';
  failing(true);
  expect(() => sessions.signIn(from)).toThrow(KithError);
  expect(() => sessions.signOut(id)).toThrow(KithError);
  pass(7_200_000);
  expect(sessions.recognise(own.cookies, own.key), 'a full disk keeps nobody out').toBe(id);
});

test.each(['', '{', '7', '{"cookieName":"kith-0123456789abcdef"}', '{"cookieName":"x","sessions":[]}'])(
  'a record that is not ours (%s) signs everybody out and harms nothing',
  (text) => {
    const { sessions } = world(new TextEncoder().encode(text));
    expect(sessions.list(undefined)).toEqual([]);
    const own = enter(sessions);
    expect(sessions.recognise(own.cookies, own.key)).toBeDefined();
  },
);

test('a damaged session is not read as one', () => {
  const before = world();
  enter(before.sessions);
  const damaged = before.kept().replace(/"tokenHash":"[^"]*"/, '"tokenHash":"short"');
  expect(world(new TextEncoder().encode(damaged)).sessions.list(undefined)).toEqual([]);
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge, Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15', 'Safari, macOS'],
  ['Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36', 'Chrome, Android'],
  ['<script>\u202eFirefox', '?'],
  ['', '?'],
])('a browser is named in our words: %s', (agent, name) => {
  expect(browserName(agent)).toBe(name);
});
