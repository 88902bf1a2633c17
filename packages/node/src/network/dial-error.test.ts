import { expect, test } from 'vitest';
import { dialCode, moreTelling } from './dial-error.ts';

function failure(name: string, code?: string): Error {
  return Object.assign(new Error('x'), { name, ...(code !== undefined && { code }) });
}

test.each([
  [failure('Error', 'ECONNREFUSED'), 'refused'],
  [failure('Error', 'EHOSTUNREACH'), 'unreachable'],
  [failure('TimeoutError'), 'timeout'],
  [failure('UnsupportedProtocolError'), 'not-kith'],
  [failure('Whatever', 'ENEW'), 'other'],
  [new AggregateError([failure('TimeoutError'), failure('Error', 'ECONNREFUSED')]), 'refused'],
  ['no error at all', 'other'],
])('%s', (error, code) => {
  expect(dialCode(error)).toBe(code);
});

test('what says most about the other side wins', () => {
  expect(moreTelling('timeout', 'not-kith')).toBe('not-kith');
  expect(moreTelling('refused', 'other')).toBe('refused');
});
