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

test('only the token counts, as a bearer', () => {
  const { access } = world();
  expect(access.judge(`Bearer ${access.token}`)).toBe('yes');
  for (const wrong of [
    '',
    access.token,
    `Basic ${access.token}`,
    'Bearer wrong',
    `Bearer ${access.token}x`,
  ]) {
    expect(access.judge(wrong), wrong).toBe('no');
  }
});

test('wrong ones are counted in a window, right ones never', () => {
  const { access, pass } = world();
  const wrong = 'Bearer wrong';
  for (let index = 0; index < failuresMax; index++) expect(access.judge(wrong)).toBe('no');
  expect(access.judge(wrong)).toBe('too-many');
  expect(access.redeem('wrong')).toBe('too-many');
  expect(access.judge(`Bearer ${access.token}`)).toBe('yes');
  expect(access.redeem(access.newCode())).toBe('yes');
  pass(failureWindowMs);
  expect(access.judge(wrong)).toBe('no');
});
