import { expect, test } from 'vitest';
import {
  holdsWords,
  isEmptySearch,
  literalsComparedLengthMax,
  literalsComparedMax,
  LiteralsHeld,
  searchTerms,
} from './search-terms.ts';

const rocket = '\u{1f680}';

test('words stand alone; of what is more, the words and the whole', () => {
  expect(searchTerms('Café  AU café')).toEqual({
    words: ['cafe', 'au'],
    plain: ['cafe', 'au'],
    literals: [],
  });
  expect(searchTerms('世界')).toMatchObject({ words: ['世', '界'], literals: [] });
  expect(searchTerms('C++ cats')).toEqual({ words: ['c', 'cats'], plain: ['cats'], literals: ['c++'] });
  expect(searchTerms('https://Kith.example/A')).toMatchObject({
    words: ['https', 'kith', 'example', 'a'],
    literals: ['https://kith.example/a'],
  });
  expect(searchTerms(`${rocket} :-)`)).toMatchObject({ words: [], literals: [rocket, ':-)'] });
});

test('punctuation around a word counts for nothing, within quotation marks it does', () => {
  expect(searchTerms('(hello), world… ‘so?’')).toMatchObject({
    words: ['hello', 'world', 'so'],
    literals: [],
  });
  expect(searchTerms('"hello!"')).toMatchObject({ words: ['hello'], literals: ['hello!'] });
  expect(searchTerms('?!')).toMatchObject({ words: [], literals: ['?!'] });
});

test('a phrase stands between quotation marks of any kind, and is one before it ends', () => {
  const phrase = { words: ['world', 'hello'], literals: ['world hello'] };
  for (const asked of ['"World hello"', '„World hello“', '“world hello”', '«world hello»', '"world  hello']) {
    expect(searchTerms(asked), asked).toMatchObject(phrase);
  }
  expect(searchTerms('"near"')).toMatchObject({ words: ['near'], literals: [] });
  expect(searchTerms('5" screen')).toMatchObject({ words: ['5', 'screen'], literals: [] });
});

test('what says nothing asks for nothing', () => {
  for (const asked of ['', ' ', '""', '" "', '\ufe0f'])
    expect(isEmptySearch(searchTerms(asked)), asked).toBe(true);
});

test('a search has so many terms', () => {
  const many = Array.from({ length: 500 }, (_, index) => `w${index}+x${index}`).join(' ');
  const { words, literals } = searchTerms(many);
  expect([words.length, literals.length]).toEqual([32, 32]);
});

test('a text is held against them without case, accents, line breaks and bent apostrophes', () => {
  const holds = (asked: string, text: string): boolean => {
    const terms = searchTerms(asked);
    return holdsWords(terms, text) && new LiteralsHeld(terms).heldIn(text);
  };
  expect(holds('c++', 'I like C++.')).toBe(true);
  expect(holds('c++', 'cats + dogs +')).toBe(false);
  expect(holds("don't", 'I don\u2019t')).toBe(true);
  expect(holds('cafe-bar', 'the Café-Bar')).toBe(true);
  expect(holds('"a b"', 'a\n b')).toBe(true);
  expect(holds('\u2764\ufe0f', 'I \u2764 it')).toBe(true);
  expect(holds('\u{1f44d}', 'good \u{1f44d}\u{1f3fd}')).toBe(true);
});

test('of long texts as many are compared as their length allows, of short ones as their number does', () => {
  const compared = (text: string): number => {
    const literals = new LiteralsHeld(searchTerms('c++'));
    let count = 0;
    while (literals.heldIn(text)) count += 1;
    return count;
  };
  expect(compared('c++')).toBe(literalsComparedMax);
  expect(compared(`c++${' '.repeat(2 ** 20 - 3)}`)).toBe(literalsComparedLengthMax / 2 ** 20);
});
