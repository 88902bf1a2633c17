import { expect, test } from 'vitest';
import { readDuration, readSlash } from './slash-command.ts';

test.each([
  ['hello', null],
  ['/etc/passwd', null],
  ['/e', { kind: 'choosing', names: ['expire', 'export'] }],
  ['/', { kind: 'choosing', names: ['search', 'expire', 'mute', 'verify', 'export'] }],
  ['/x', null],
  ['/shrug', null],
  ['/search red  boats', { kind: 'ready', command: { name: 'search', words: 'red  boats' } }],
  ['/Search', { kind: 'ready', command: { name: 'search', words: '' } }],
  ['/search a\nb', null],
  ['/expire', { kind: 'unfinished', name: 'expire' }],
  ['/expire 1h', { kind: 'ready', command: { name: 'expire', ttlMs: 3_600_000 } }],
  ['/expire soon', { kind: 'unfinished', name: 'expire' }],
  ['/expire off', { kind: 'ready', command: { name: 'expire', ttlMs: null } }],
  ['/mute', { kind: 'ready', command: { name: 'mute', forMs: null } }],
  ['/mute 8h', { kind: 'ready', command: { name: 'mute', forMs: 28_800_000 } }],
  ['/mute off', { kind: 'ready', command: { name: 'mute', forMs: 'end' } }],
  ['/verify', { kind: 'ready', command: { name: 'verify' } }],
  ['/verify this please', null],
  ['/export', { kind: 'ready', command: { name: 'export' } }],
  [' /export', null],
])('%s', (text, reading) => {
  expect(readSlash(text)).toEqual(reading);
});

test('durations end at a year', () => {
  expect(readDuration('365d')).toBe(365 * 86_400_000);
  expect(readDuration('366d')).toBeNull();
  expect(readDuration('0s')).toBeNull();
  expect(readDuration('999999w')).toBeNull();
});
