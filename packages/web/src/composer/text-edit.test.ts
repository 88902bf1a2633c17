import { expect, test } from 'vitest';
import { prefixed, wrapped } from './text-edit.ts';

test('a mark goes around the words and off again', () => {
  expect(wrapped('word', '**')).toEqual({ text: '**word**', select: [2, 6] });
  expect(wrapped(' two words ', '*')).toEqual({ text: ' *two words* ', select: [2, 11] });
  expect(wrapped('**word**', '**')).toEqual({ text: 'word', select: [0, 4] });
  expect(wrapped('', '~~')).toEqual({ text: '~~~~', select: [2, 2] });
});

test('a sign goes before every line and off again', () => {
  expect(prefixed('a\nb', '> ')).toBe('> a\n> b');
  expect(prefixed('> a\n> b', '> ')).toBe('a\nb');
  expect(prefixed('> a\nb', '> ')).toBe('> > a\n> b');
});
