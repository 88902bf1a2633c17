/** Who is let in, for how long, and what is left of it in the profile. Proofs and keys: session-key.test.ts. */
import { expect, test } from 'vitest';
import { proofPrefix } from '@kith/api/contract';
import { KithError } from '@kith/core/base/errors';
import { enter, follow, from, letIn, port, proofOf, window, world } from '../../test/session-world.ts';
import { browserName } from './browser-name.ts';
import { sessionsMax, unusedMsMax, type BrowserSessions } from './sessions.ts';
import { supersededMax, supersededMsMax } from './superseded.ts';

test('both halves are needed, and both outlive a restart', async () => {
  const { sessions, restarted } = world();
  const own = await enter(sessions);
  const other = await enter(sessions);
  const name = sessions.cookieName;
  for (const known of [sessions, restarted()]) {
    const id = await letIn(known, own);
    expect(id).toBeDefined();
    expect(await letIn(known, { ...own, storage: new Map() })).toBeUndefined();
    expect(await letIn(known, { ...own, storage: other.storage })).toBeUndefined();
    for (const cookies of [undefined, `${name}=wrong`, own.cookies?.replace('kith-', 'other-')]) {
      expect(await letIn(known, { ...own, cookies }), cookies).toBeUndefined();
      const text = (await proofOf(known, own, window(own))) ?? '';
      expect(known.recognise({ cookies, text, port }), cookies).toBeUndefined();
      // A proof of one session with the cookie of another.
      expect(known.recognise({ cookies: other.cookies, text, port })).toBeUndefined();
    }
    expect(known.list(id).map(({ current }) => current)).toEqual([false, true]);
  }
});

test('the token does not stand in what is kept', async () => {
  const { sessions, kept } = world();
  const { cookies = '' } = await enter(sessions);
  expect(kept()).not.toContain(cookies.split('=')[1]);
});

test('a cookie that another port put beside ours does not keep us out', async () => {
  const { sessions } = world();
  const own = await enter(sessions);
  const cookies = `${sessions.cookieName}=tossed; ${own.cookies}; x=1`;
  expect(await letIn(sessions, { ...own, cookies })).toBeDefined();
  expect(sessions.hasCookie(`${sessions.cookieName}=tossed`)).toBe(true);
  expect(sessions.hasCookie('kith-other=1')).toBe(false);
});

/** Programs at other ports put cookies before ours, by a deeper path: of which session, and on the way to what. */
test.each([
  ['of another port, at the WebSocket alone', 4_001, ['recognise']],
  ['of another port', 4_001, ['greet', 'recognise']],
  ['of another browser, at the WebSocket alone', 4_000, ['recognise']],
  ['of another browser', 4_000, ['greet', 'recognise']],
  ['of another browser, at the question alone', 4_000, ['greet']],
] as const)('a living session %s, put before ours, does not keep us out', async (_what, at, where) => {
  const { sessions, pass } = world();
  const own = await enter(sessions);
  const ownId = await letIn(sessions, own);
  pass(86_400_000);
  const other =
    at === 4_000
      ? await enter(sessions)
      : { cookies: sessions.signIn({ ...from, port: at }).setCookie.split(';')[0] };
  const both = `${other.cookies}; ${own.cookies}`;
  const cookiesAt = (step: 'greet' | 'recognise'): string | undefined =>
    where.some((each) => each === step) ? both : own.cookies;
  const { header, judge } = await window(own).question();
  const answer = sessions.greet({ cookies: cookiesAt('greet'), text: header, port });
  const outcome = await judge(answer);
  if (typeof outcome === 'string') throw new Error(outcome);
  const text = outcome.protocol.slice(proofPrefix.length);
  const offered = { cookies: cookiesAt('recognise'), text, port };
  expect(sessions.recognise(offered)).toBe(ownId);
  expect(sessions.recognise(offered), 'a proof serves once').toBeUndefined();
  expect(sessions.recognise({ ...offered, cookies: other.cookies })).toBeUndefined();
  const renewed = typeof answer === 'object' ? answer.setCookie : undefined;
  if (at === 4_000 && cookiesAt('greet') === both)
    expect(renewed, "nobody else's is put in the place of ours").toBeUndefined();
  else expect(renewed).toContain(own.cookies);
});

test('a page is paired beside the cookie of another session, and takes no key of that', async () => {
  const { sessions } = world();
  const other = await enter(sessions);
  const { visitor, secret } = follow(sessions);
  const both = { ...visitor, cookies: `${other.cookies}; ${visitor.cookies}` };
  const id = await letIn(sessions, both, window(both, secret));
  expect(id).toBeDefined();
  expect(id).toBe(await letIn(sessions, visitor));
  expect(
    await letIn(sessions, { ...both, storage: new Map() }),
    'cookies alone let nobody in',
  ).toBeUndefined();
});

test('however many cookies come, the proofs are no more than the sessions', async () => {
  const { sessions } = world();
  const all: string[] = [];
  for (let count = 0; count < sessionsMax + 4; count++) all.push((await enter(sessions)).cookies ?? '');
  const own = await enter(sessions);
  all.push(...all, own.cookies ?? '');
  const visitor = { ...own, cookies: all.join('; ') };
  const { header } = await window(own).question();
  const answer = sessions.greet({ cookies: visitor.cookies, text: header, port });
  expect(answer).toMatchObject({ others: { length: sessionsMax - 1 } });
  expect(await letIn(sessions, visitor)).toBeDefined();
});

test('a browser that is not seen for thirty days is signed out; one that is seen is not', async () => {
  const { sessions, pass, restarted, writes } = world();
  const own = await enter(sessions);
  const other = await enter(sessions);
  pass(unusedMsMax - 1);
  expect(await letIn(sessions, own)).toBeDefined();
  const before = writes();
  expect(await letIn(sessions, own)).toBeDefined();
  expect(writes(), 'being seen again at once is not written down').toBe(before);
  // To ask with the cookie alone is not to be seen.
  await proofOf(sessions, other, window(other));
  pass(2);
  const again = restarted();
  expect(await letIn(again, own)).toBeDefined();
  expect(await letIn(again, other)).toBeUndefined();
  expect(again.list(undefined).length).toBe(1);
});

test('of too many the one unused for longest goes', async () => {
  const { sessions, pass } = world();
  const first = await enter(sessions);
  pass(1);
  const second = await enter(sessions);
  pass(7_200_000);
  expect(await letIn(sessions, first)).toBeDefined();
  for (let count = 2; count < sessionsMax; count++) await enter(sessions);
  const { ended } = sessions.signIn(from);
  expect(ended.length).toBe(1);
  expect(await letIn(sessions, second)).toBeUndefined();
  expect(await letIn(sessions, first)).toBeDefined();
  expect(sessions.list(undefined).length).toBe(sessionsMax);
});

test('a browser that signs in again has one session, and its other windows follow', async () => {
  const { sessions } = world();
  const first = await enter(sessions);
  const { visitor, secret } = follow(sessions, first.cookies);
  const again = { cookies: visitor.cookies, storage: first.storage };
  const { header } = await window(again).question();
  expect(sessions.greet({ cookies: again.cookies, text: header, port })).toBe('early');
  window(again, secret);
  expect(await letIn(sessions, again)).toBeDefined();
  expect(await letIn(sessions, { ...again, cookies: first.cookies })).toBeUndefined();
  expect(sessions.list(undefined).length).toBe(1);
});

test('a cookie that a link took the place of is known for a minute', async () => {
  const { sessions, pass } = world();
  const own = await enter(sessions);
  expect(sessions.isSuperseded(own.cookies)).toBe(false);
  const again = await enter(sessions, own.cookies);
  pass(supersededMsMax - 1);
  expect(sessions.isSuperseded(own.cookies)).toBe(true);
  expect(sessions.isSuperseded(again.cookies)).toBe(false);
  expect(sessions.isSuperseded(`${sessions.cookieName}=wrong`)).toBe(false);
  expect(sessions.isSuperseded(undefined)).toBe(false);
  pass(1);
  expect(sessions.isSuperseded(own.cookies)).toBe(false);
});

test('however many cookies a link takes the place of, few are remembered', () => {
  const { sessions } = world();
  const cookies = Array.from({ length: supersededMax + 1 }, (_, at) => `${sessions.cookieName}=${at}`);
  sessions.signIn({ ...from, cookies: cookies.join('; ') });
  expect(cookies.map((each) => sessions.isSuperseded(each))).toEqual([
    false,
    ...Array.from({ length: supersededMax }, () => true),
  ]);
});

test('a browser is told to keep its cookie once a day, also after a restart and on a full disk', async () => {
  const { sessions, pass, restarted, failing } = world();
  const own = await enter(sessions);
  const renewed = async (known: BrowserSessions): Promise<string | undefined> => {
    const { header } = await window(own).question();
    const answer = known.greet({ cookies: own.cookies, text: header, port });
    expect(typeof answer).toBe('object');
    return typeof answer === 'object' ? answer.setCookie : undefined;
  };
  const dayMs = 86_400_000;
  pass(dayMs - 1);
  expect(await renewed(sessions)).toBeUndefined();
  pass(1);
  failing(true);
  expect(await renewed(sessions)).toBeUndefined();
  failing(false);
  expect(await renewed(sessions)).toContain(`${own.cookies}; Path=/; Max-Age=2592000`);
  const again = restarted();
  pass(dayMs - 1);
  expect(await renewed(again)).toBeUndefined();
  pass(1);
  expect(await renewed(again)).toBeDefined();
});

test('signed out is signed out, also after a restart', async () => {
  const { sessions, restarted } = world();
  const own = await enter(sessions);
  const id = (await letIn(sessions, own)) ?? '';
  const text = (await proofOf(sessions, own, window(own))) ?? '';
  expect(sessions.signOut(id)).toBe(true);
  expect(sessions.signOut(id)).toBe(false);
  expect(sessions.recognise({ cookies: own.cookies, text, port })).toBeUndefined();
  expect(await letIn(sessions, own)).toBeUndefined();
  expect(await letIn(restarted(), own)).toBeUndefined();
});

test('whoever took our port ends the sessions of that port alone', async () => {
  const { sessions } = world();
  const own = await enter(sessions);
  sessions.endThoseOf(4_001);
  expect(await letIn(sessions, own)).toBeDefined();
  sessions.endThoseOf(4_000);
  expect(await letIn(sessions, own)).toBeUndefined();
});

test('what cannot be kept has not happened', async () => {
  const { sessions, failing, pass } = world();
  const own = await enter(sessions);
  const id = (await letIn(sessions, own)) ?? '';
  const { visitor, secret } = follow(sessions);
  const page = window(visitor, secret);
  failing(true);
  expect(() => sessions.signIn(from)).toThrow(KithError);
  expect(() => sessions.signOut(id)).toThrow(KithError);
  await expect(letIn(sessions, visitor, page)).rejects.toThrow(KithError);
  failing(false);
  expect(await letIn(sessions, visitor, page), 'it pairs when there is room').toBeDefined();
  failing(true);
  pass(7_200_000);
  expect(await letIn(sessions, own), 'a full disk keeps nobody out').toBe(id);
});

test.each(['', '{', '7', '{"cookieName":"kith-0123456789abcdef"}', '{"cookieName":"x","sessions":[]}'])(
  'a record that is not ours (%s) signs everybody out and harms nothing',
  async (text) => {
    const { sessions } = world(new TextEncoder().encode(text));
    expect(sessions.list(undefined)).toEqual([]);
    await enter(sessions);
  },
);

test.each([
  ['a damaged one', /"tokenHash":"[^"]*"/, '"tokenHash":"short"'],
  ['a short key', /"key":"[^"]*"/, '"key":"short"'],
  // Their key had been sent over the wire.
  ['one of the time before proofs', /"pairingSecret":null,"key":"[^"]*"/, `"keyHash":"${'A'.repeat(43)}="`],
])('a session that is not of our form (%s) is not read as one', async (_what, part, instead) => {
  const before = world();
  await enter(before.sessions);
  const other = before.kept().replace(part, instead);
  expect(other).not.toBe(before.kept());
  expect(world(new TextEncoder().encode(other)).sessions.list(undefined)).toEqual([]);
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
