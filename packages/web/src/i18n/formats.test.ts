import { i18n } from '@lingui/core';
import { afterEach, expect, it } from 'vitest';
import * as formats from './formats.ts';
import { formatTag, languageOf } from './language.ts';

afterEach(() => i18n.loadAndActivate({ locale: 'en', messages: {} }));

const now = new Date(2026, 2, 12, 15, 0).getTime();
const use = (locale: string): void => i18n.loadAndActivate({ locale, messages: {} });

it('says when, shorter the nearer it is', () => {
  use('de');
  expect(formats.formatWhen(new Date(2026, 2, 12, 9, 5), now)).toBe('09:05');
  expect(formats.formatWhen(new Date(2026, 2, 11, 23, 59), now)).toBe('gestern');
  expect(formats.formatWhen(new Date(2026, 2, 9, 1, 0), now)).toBe('Mo');
  expect(formats.formatWhen(new Date(2026, 1, 1), now)).toContain('Feb');
  expect(formats.formatWhen(new Date(2020, 1, 1), now)).toContain('20');
});

it('counts days by the calendar, not by hours', () => {
  expect(formats.daysBetween(new Date(2026, 2, 28, 23, 59), new Date(2026, 2, 29, 0, 1))).toBe(1);
  expect(formats.daysBetween(new Date(2026, 2, 28, 12), new Date(2026, 2, 30, 11))).toBe(2);
  expect(formats.daysBetween(new Date(2026, 2, 12), new Date(2026, 2, 11))).toBe(-1);
});

it('follows the language, also after a change', () => {
  use('en');
  expect(formats.formatNumber(1_234_567)).toMatch(/1[,.  ]234/);
  expect(formats.formatAgo(now - 3 * 60_000, now)).toBe('3 minutes ago');
  expect(formats.formatAgo(now + 2 * 86_400_000, now)).toBe('in 2 days');
  use('de');
  expect(formats.formatAgo(now - 3 * 60_000, now)).toBe('vor 3 Minuten');
  expect(formats.formatDay(new Date(2026, 0, 5), now)).toBe('Montag, 5. Januar');
  expect(formats.formatDay(new Date(2025, 0, 6), now)).toContain('2025');
  expect(formats.formatDate(now)).toContain('2026');
  expect(formats.formatMoment(now)).toContain('15:00');
});

it.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [4_200_000, '4.2 MB'],
  [7e15, '7,000 TB'],
])('writes %i bytes as %s', (bytes, words) => {
  use('en');
  expect(formats.formatBytes(bytes)).toBe(words);
});

it('chooses the language: the setting, else the first that both know, else English', () => {
  expect(languageOf('de', ['en-US'])).toBe('de');
  expect(languageOf('system', ['fr', 'de-CH', 'en'])).toBe('de');
  expect(languageOf('system', ['fr'])).toBe('en');
  expect(formatTag('de', ['en-US', 'de-CH'])).toBe('de-CH');
  expect(formatTag('de', ['en-US'])).toBe('de');
});
