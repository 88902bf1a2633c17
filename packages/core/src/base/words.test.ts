import { expect, test } from 'vitest';
import { wordLengthMax, wordsOf } from './words.ts';

test('words are runs of letters and digits, without case and accents', () => {
  expect(wordsOf('Café au LAIT, a1-b2!')).toEqual(['cafe', 'au', 'lait', 'a1', 'b2']);
  expect(wordsOf('e\u0301t\u00e9')).toEqual(['ete']);
  expect(wordsOf('\ufb01ne print')).toEqual(['fine', 'print']);
  expect(wordsOf(' *-"\'\0\n')).toEqual([]);
});

test('in scripts without spaces each character is a word', () => {
  expect(wordsOf('世界hello你好 안녕')).toEqual(['世', '界', 'hello', '你', '好', '안녕'.normalize('NFKD')]);
});

test('a word has a greatest length', () => {
  expect(wordsOf('a'.repeat(28_000))).toEqual(['a'.repeat(wordLengthMax)]);
});

test('plain English is cut as anything else is', () => {
  const text = "It's 5 o'clock; x_y, A-B. \t\0 ~{Zz9}";
  expect(wordsOf(text)).toEqual(wordsOf(`${text} \u00e9`).slice(0, -1));
});
