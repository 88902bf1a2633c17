import { i18n } from '@lingui/core';
import { beforeAll, expect, it } from 'vitest';
import { setLanguage } from './language.ts';
import { translate } from './texts.ts';

beforeAll(async () => {
  Object.assign(globalThis, { document: { documentElement: {} } });
  await setLanguage('en');
});

it('fills texts, with plurals by the language', async () => {
  expect(translate('shell.unread', { count: 1 })).toBe('1 unread message');
  await setLanguage('de');
  expect(i18n.locale).toBe('de');
  expect(translate('shell.unread', { count: 3 })).toBe('3 ungelesene Nachrichten');
  await setLanguage('en');
});

it('lets no name turn the text around it', () => {
  expect(translate('add.known', { name: 'Ana' })).toBe('You have Ana already.');
  expect(translate('add.known', { name: 'מרים' })).toBe('You have \u2068מרים\u2069 already.');
  expect(translate('add.known', { name: 'a\u202Eb' })).toBe('You have \u2068a\u202Eb\u2069 already.');
});

it('the last language wins, whichever catalogue comes first', async () => {
  const first = setLanguage('de');
  const last = setLanguage('en');
  await Promise.all([first, last]);
  expect(i18n.locale).toBe('en');
});
