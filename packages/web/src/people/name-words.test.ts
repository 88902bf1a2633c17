import { expect, test, vi } from 'vitest';
import { KithError } from '@kith/api/errors';
import { setLanguage } from '../i18n/language.ts';
import { nameErrorWords } from './name-words.ts';

vi.stubGlobal('document', { documentElement: {} });
await setLanguage('en');

test('a name that was refused says whether it is its length or its characters', () => {
  const refused = new KithError('bad-name');
  expect(nameErrorWords(refused, 'Ann\u202eneB')).toMatch(/^A name cannot have invisible characters/);
  expect(nameErrorWords(refused, '\u{1f680}'.repeat(64))).toMatch(/^A name cannot/);
  expect(nameErrorWords(refused, 'a'.repeat(65))).toBe('A name has 1 to 64 characters.');
  expect(nameErrorWords(refused, '  ')).toBe('A name has 1 to 64 characters.');
  expect(nameErrorWords(new KithError('no-node'), 'Ann')).not.toMatch(/name/);
});
