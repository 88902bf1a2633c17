/** What page and node prove to each other: a proof serves once, for one question, one session and one port, and no secret is sent. */
import { expect, test } from 'vitest';
import { SessionKey } from '@kith/api/browser-key';
import { proofPrefix } from '@kith/api/contract';
import {
  enter,
  follow,
  letIn,
  port,
  proofOf,
  window,
  world,
  type Visitor,
} from '../../test/session-world.ts';
import { challengeMsMax, challengesMax } from './challenges.ts';
import { isPageProof, nodeProof, pairedKey, parseQuestion } from './session-key.ts';
import { pairingMsMax } from './sessions.ts';

/** Made with Python's hmac from docs/local-api.md; the bytes 0 to 127 in turn are secret, salt and nonces. */
const known = {
  secret: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
  salt: 'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8',
  pageNonce: 'QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8',
  nodeNonce: 'YGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn8',
  key: 'E0bi6eSLeP6EbIGh8-vb9vF9y_9k8Wv163JIgJr0Rh0',
  pairing: 'wSoiznsmZBDyRWkAi3uL-NYQzLAhsp_9kPlDBkJhXq0',
  node: 'e5zlUqXL-4BvkGgedP_GBTjfriM5nG5sr0KjGkF2rkE',
  page: 'aAb338ekt421XDjVSIZWk8bEyxscx8SJ2FuXIA9g9aU',
};

test('the proofs are those of the document', () => {
  const { secret, salt, pageNonce, nodeNonce, key, pairing } = known;
  const question = parseQuestion(`${pageNonce}.${salt}.${pairing}`);
  if (question === undefined) throw new Error('this is how a page asks');
  expect(pairedKey(secret, question, '4000')).toBe(key);
  const exchange = { port: '4000', pageNonce, nodeNonce };
  expect(nodeProof(key, exchange)).toBe(known.node);
  expect(isPageProof(key, exchange, known.page)).toBe(true);
  expect(isPageProof(key, exchange, known.node)).toBe(false);
});

test('neither secret nor key is ever in what a page sends', async () => {
  const { sessions } = world();
  const { visitor, secret } = follow(sessions);
  const sent: string[] = [];
  const page = window(visitor, secret);
  for (let count = 0; count < 3; count++) {
    const { header, judge } = await page.question();
    const outcome = await judge(sessions.greet({ cookies: visitor.cookies, text: header, port }));
    sent.push(header, typeof outcome === 'string' ? outcome : outcome.protocol);
  }
  const key = visitor.storage.get('kith-session') ?? '';
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(sent.join()).toContain(proofPrefix);
  expect(sent.join()).not.toContain(key);
  expect(sent.join()).not.toContain(secret);
  expect(visitor.storage.has('kith-pairing'), 'the secret has served').toBe(false);
});

test('a page may be loaded anew at any moment of signing in', async () => {
  const { sessions } = world();
  const { visitor, secret } = follow(sessions);
  const ask = async (page: SessionKey): Promise<unknown> =>
    sessions.greet({ cookies: visitor.cookies, text: (await page.question()).header, port });
  // Before its script wrote down a thing: the address still has the secret. Then again, and after an answer that it never saw.
  window(visitor, secret);
  window(visitor, secret);
  expect(await ask(window(visitor, secret))).toMatchObject({ proof: expect.any(String) });
  expect(await ask(window(visitor))).toMatchObject({ proof: expect.any(String) });
  // The link was loaded twice, and the second page began before the first was answered.
  const id = await letIn(sessions, visitor, window(visitor, secret));
  expect(id).toBeDefined();
  // A window that kept the old address, such as one that was restored, does no harm.
  expect(await letIn(sessions, visitor, window(visitor, secret))).toBe(id);
  expect(await letIn(sessions, visitor, window(visitor, 'A'.repeat(43)))).toBe(id);
  expect(await letIn(sessions, visitor)).toBe(id);
});

test('two windows that load at once are paired with one key', async () => {
  const { sessions } = world();
  const { visitor, secret } = follow(sessions);
  const pages = Array.from({ length: 12 }, () => window(visitor, secret));
  const ids = await Promise.all(pages.map(async (page) => await letIn(sessions, visitor, page)));
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toBeDefined();
});

test('a session has one key: another with the secret comes too late', async () => {
  const { sessions } = world();
  const { visitor, secret } = follow(sessions);
  expect(sessions.pairingSecretOf(sessions.list(undefined)[0]?.id ?? '')).toBe(secret);
  window(visitor, secret);
  expect(await letIn(sessions, visitor)).toBeDefined();
  expect(sessions.pairingSecretOf(sessions.list(undefined)[0]?.id ?? '')).toBeUndefined();
  const late = { ...visitor, storage: new Map<string, string>() };
  expect(await letIn(sessions, late, window(late, secret))).toBeUndefined();
  expect(await letIn(sessions, visitor)).toBeDefined();
});

test('the cookie alone pairs nothing, and keeps nobody else from it', async () => {
  const { sessions } = world();
  const { visitor, secret } = follow(sessions);
  const { cookies } = visitor;
  const thief = { ...visitor, storage: new Map<string, string>() };
  for (const guess of [undefined, 'B'.repeat(43)]) {
    const { header } = await window(thief, guess).question();
    expect(sessions.greet({ cookies, text: header, port })).toBe('early');
  }
  for (const text of ['', '.', 'x', 'A'.repeat(44), `${'A'.repeat(43)}.${'A'.repeat(43)}`])
    expect(sessions.greet({ cookies, text, port }), text).toBeUndefined();
  window(visitor, secret);
  expect(await letIn(sessions, visitor)).toBeDefined();
});

test('a page pairs soon after its link was opened, or never', async () => {
  const { sessions, pass } = world();
  const late = follow(sessions);
  pass(pairingMsMax + 1);
  const page = window(late.visitor, late.secret);
  const { header } = await page.question();
  expect(sessions.greet({ cookies: late.visitor.cookies, text: header, port })).toBeUndefined();
  expect(sessions.pairingSecretOf(sessions.list(undefined)[0]?.id ?? '')).toBeUndefined();
});

test('a proof works once, for a while, and for one port', async () => {
  const { sessions, pass, restarted } = world();
  const own = await enter(sessions);
  const { cookies } = own;
  const proof = async (): Promise<string> => (await proofOf(sessions, own, window(own))) ?? '';
  const used = await proof();
  expect(sessions.recognise({ cookies, text: used, port })).toBeDefined();
  expect(sessions.recognise({ cookies, text: used, port })).toBeUndefined();
  const elsewhere = await proof();
  expect(sessions.recognise({ cookies, text: elsewhere, port: '4001' })).toBeUndefined();
  expect(sessions.recognise({ cookies, text: elsewhere, port }), 'a failed try uses it up').toBeUndefined();
  const beforeRestart = await proof();
  expect(restarted().recognise({ cookies, text: beforeRestart, port })).toBeUndefined();
  const late = await proof();
  pass(challengeMsMax);
  expect(sessions.recognise({ cookies, text: late, port })).toBeUndefined();
  const flipped = await proof();
  const [nonce = '', mac = ''] = flipped.split('.');
  for (const text of [
    '',
    nonce,
    `${nonce}.`,
    `.${mac}`,
    `${mac}.${nonce}`,
    `${nonce}.${mac}.`,
    `${nonce}.${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`,
  ])
    expect(sessions.recognise({ cookies, text, port }), text).toBeUndefined();
});

test("the node's own proof, sent back to it, is none of a page", async () => {
  const { sessions } = world();
  const own = await enter(sessions);
  const { header } = await window(own).question();
  const answer = sessions.greet({ cookies: own.cookies, text: header, port });
  if (typeof answer !== 'object') throw new Error('the node knows this browser');
  const text = `${answer.nonce}.${answer.proof}`;
  expect(sessions.recognise({ cookies: own.cookies, text, port })).toBeUndefined();
});

test('of too many nonces the oldest ends, and the others stand', async () => {
  const { sessions } = world();
  const own = await enter(sessions);
  const proofs: string[] = [];
  for (let count = 0; count <= challengesMax; count++)
    proofs.push((await proofOf(sessions, own, window(own))) ?? '');
  const known = proofs.map((text) => sessions.recognise({ cookies: own.cookies, text, port }) !== undefined);
  expect(known).toEqual([false, ...Array.from({ length: challengesMax }, () => true)]);
});

test('a page believes nobody who does not have its key, or answers for another port or question', async () => {
  const { sessions } = world();
  const own = await enter(sessions);
  const other = await enter(sessions);
  const kept = JSON.stringify([...own.storage]);
  const ask = async (visitor: Visitor, at = port): Promise<unknown> => {
    const { header } = await window(visitor, undefined, at).question();
    return sessions.greet({ cookies: visitor.cookies, text: header, port: at });
  };
  const { judge } = await window(own).question();
  const ofAnother = await ask(other);
  const ofAnotherQuestion = await ask(own);
  const random = { nonce: 'A'.repeat(43), proof: 'A'.repeat(43) };
  const wrong = [undefined, null, 7, {}, [], { key: 'A'.repeat(43) }, { nonce: null, proof: null }, random];
  const many = Array.from({ length: 16 }, () => 'A'.repeat(43));
  const others = [null, 'A'.repeat(43), ['A'], [null], many, many.slice(1)].map((each) => ({
    ...random,
    others: each,
  }));
  for (const answer of [...wrong, { ...random, proof: '' }, ...others, ofAnother, ofAnotherQuestion])
    expect(await judge(answer), JSON.stringify(answer)).toBe('forged');
  // A node at another port has no answer for this page; and what it makes of the key is for its own port.
  const question = await window(own).question();
  expect(sessions.greet({ cookies: own.cookies, text: question.header, port: '4001' })).toBeUndefined();
  const nonces = { pageNonce: question.header, nodeNonce: 'A'.repeat(43) };
  const answerFor = (at: string): object => ({
    nonce: nonces.nodeNonce,
    proof: nodeProof(own.storage.get('kith-session') ?? '', { port: at, ...nonces }),
  });
  expect(await question.judge(answerFor('4001'))).toBe('forged');
  expect(await question.judge(answerFor(port)), 'the port alone made it wrong').toBeTypeOf('object');
  expect(JSON.stringify([...own.storage]), 'nothing is given up for a wrong answer').toBe(kept);
  expect(await letIn(sessions, own)).toBeDefined();
  // A page without a key has nothing to judge by, and nothing to lose.
  const empty = await window({ ...own, storage: new Map() }).question();
  expect(await empty.judge(ofAnotherQuestion)).toBe('unknown');
});

test('a page that has its secret still gives no thief what pairs', async () => {
  const { sessions } = world();
  const { visitor, secret } = follow(sessions);
  const page = window(visitor, secret);
  const { header, judge } = await page.question();
  // He has the port: he reads the question and the cookie, answers what he likes, and tries both at the node.
  expect(await judge({ nonce: 'A'.repeat(43), proof: header.split('.')[2] })).toBe('forged');
  const replayed = sessions.greet({ cookies: visitor.cookies, text: header, port });
  if (typeof replayed !== 'object') throw new Error('the question was a good one');
  expect(
    sessions.recognise({ cookies: visitor.cookies, text: `${replayed.nonce}.${replayed.proof}`, port }),
  ).toBe(undefined);
  expect(await letIn(sessions, visitor), 'the page itself goes on').toBeDefined();
});

test('where a browser keeps nothing, a page holds its key for as long as it lives', async () => {
  const { sessions } = world();
  const { visitor, secret } = follow(sessions);
  const refuse = (): never => {
    throw new DOMException('no room', 'QuotaExceededError');
  };
  const page = new SessionKey({ getItem: refuse, setItem: refuse, removeItem: refuse }, port, secret);
  expect(await letIn(sessions, visitor, page)).toBeDefined();
  expect(await letIn(sessions, visitor, page)).toBeDefined();
});
