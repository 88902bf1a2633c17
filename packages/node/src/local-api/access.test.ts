import { expect, test } from 'vitest';
import { Access, codeMsMax, codesMax, failureWindowMs, failuresMax } from './access.ts';

function world(): { access: Access; pass: (ms: number) => void } {
  let nowMs = 0;
  let filled = 0;
  const access = new Access({ random: () => new Uint8Array(32).fill(++filled), nowMs: () => nowMs });
  return { access, pass: (ms) => (nowMs += ms) };
}

test('a code stands for a minute and no longer', () => {
  const { access, pass } = world();
  const early = access.newCode();
  pass(codeMsMax - 1);
  expect(access.redeem(early)).toBe('yes');
  const late = access.newCode();
  pass(codeMsMax);
  expect(access.redeem(late)).toBe('no');
});

test('a code stands once', () => {
  const { access } = world();
  const code = access.newCode();
  expect([access.redeem(code), access.redeem(code)]).toEqual(['yes', 'no']);
});

test('the oldest of too many codes is forgotten', () => {
  const { access } = world();
  const first = access.newCode();
  const rest = Array.from({ length: codesMax }, () => access.newCode());
  expect(access.redeem(first)).toBe('no');
  expect(rest.map((code) => access.redeem(code))).toEqual(rest.map(() => 'yes'));
});

test('only our cookie and only the token count', () => {
  const { access } = world();
  const ours = `${access.cookieName}=${access.token}`;
  expect(access.judge({ cookie: ours })).toBe('yes');
  expect(access.judge({ cookie: `other=1; ${ours}` })).toBe('yes');
  expect(access.judge({ cookie: `kith-other=${access.token}` })).toBe('no');
  expect(access.judge({ cookie: access.token })).toBe('no');
  expect(access.judge({ authorization: `Bearer ${access.token}` })).toBe('yes');
  expect(access.judge({ authorization: `Basic ${access.token}` })).toBe('no');
  expect(access.judge({ cookie: ours, authorization: 'Bearer wrong' })).toBe('no');
  expect(access.judge({})).toBe('no');
});

test('wrong ones are counted in a window, right ones never', () => {
  const { access, pass } = world();
  const wrong = { authorization: 'Bearer wrong' };
  for (let index = 0; index < failuresMax; index++) expect(access.judge(wrong)).toBe('no');
  expect(access.judge(wrong)).toBe('too-many');
  expect(access.redeem('wrong')).toBe('too-many');
  expect(access.judge({ authorization: `Bearer ${access.token}` })).toBe('yes');
  expect(access.redeem(access.newCode())).toBe('yes');
  pass(failureWindowMs);
  expect(access.judge(wrong)).toBe('no');
});
