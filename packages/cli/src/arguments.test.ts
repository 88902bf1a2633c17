import { expect, test } from 'vitest';
import { findMode, moveFlagsBehindCommand } from './arguments.ts';
import { parseDuration } from './duration.ts';

test.each([
  [
    ['--data', 'd', 'id'],
    ['id', '--data', 'd'],
  ],
  [
    ['--data=d', '--json', 'send', 'Bob', 'x'],
    ['send', '--data=d', '--json', 'Bob', 'x'],
  ],
  [
    ['id', '--json'],
    ['id', '--json'],
  ],
  [
    ['--json', '--help'],
    ['--help', '--json'],
  ],
  [
    ['--data', 'd'],
    ['--data', 'd'],
  ],
  [['--data'], ['--data']],
  [[], []],
])('%j becomes %j', (words, moved) => {
  expect(moveFlagsBehindCommand(words)).toEqual(moved);
});

test('what stands after -- is text', () => {
  expect(findMode(['send', 'Bob', '--', '--json'])).toEqual({ isJson: false, wantsVersion: false });
  expect(findMode(['send', '--json', 'Bob', '--', '--version']).isJson).toBe(true);
  expect(findMode(['--json', '--version']).wantsVersion).toBe(true);
  expect(findMode(['send', 'Bob', '--version']).wantsVersion).toBe(false);
});

test.each([
  ['10s', 10_000],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['3650d', 315_360_000_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '0s', '5', 's', '1.5h', '-1s', '1w', '1h30m', ' 1s', '3651d', '999999999d', '1e3s', '１s'])(
  '%j is no length of time',
  (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  },
);
