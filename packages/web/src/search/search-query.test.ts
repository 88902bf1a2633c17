import { expect, test } from 'vitest';
import { noWish, searchInput, snippet } from './search-query.ts';

test('nothing is asked where there is nothing to look for', () => {
  expect(searchInput(noWish, null)).toBeNull();
  expect(searchInput({ ...noWish, words: '  ', conversation: 'c' }, null)).toBeNull();
  expect(searchInput({ ...noWish, hasLink: true }, null)).toMatchObject({ words: '', has: 'link' });
});

test('days are whole days of the person', () => {
  const input = searchInput({ ...noWish, since: '2025-03-09', until: '2025-03-09' }, 7);
  expect(input).toMatchObject({
    since: new Date(2025, 2, 9).toISOString(),
    until: new Date(2025, 2, 10).toISOString(),
    before: 7,
  });
  expect(searchInput({ ...noWish, words: 'x', since: 'soon' }, null)).not.toHaveProperty('since');
});

function marked(text: string, words: string): string {
  return snippet(text, words)
    .map(({ text: piece, isFound }) => (isFound ? `[${piece}]` : piece))
    .join('');
}

test('found words are marked, by their beginnings and without accents', () => {
  expect(marked('The Boats are here', 'boat')).toBe('The [Boats] are here');
  expect(marked('Café, caféteria, decaf', 'cafe')).toBe('[Café], [caféteria], decaf');
  expect(marked('nothing here', 'x')).toBe('nothing here');
  expect(marked('a\n\nb  c', 'b')).toBe('a [b] c');
  expect(marked('Is the **ferry** at `nine`?', 'ferry nine')).toBe('Is the [ferry] at [nine]?');
  expect(marked('It is ||the butler||', 'butler')).toBe('It is ▒▒▒▒▒');
  const long = `${'word '.repeat(60)}needle ${'tail '.repeat(60)}`;
  expect(marked(long, 'needle')).toMatch(/^… word .*\[needle\].* …$/);
  expect(marked(long, 'needle').length).toBeLessThan(200);
});

test('what is more than a word is marked as a whole', () => {
  expect(marked('cats like C++, and so do cars', 'c++')).toBe('cats like [C++], and so do cars');
  expect(marked('off we go \u{1f680}\u{1f680}!', '\u{1f680}')).toBe('off we go [\u{1f680}][\u{1f680}]!');
  expect(marked('I \u2764\ufe0f it', '\u2764')).toBe('I [\u2764\ufe0f] it');
  expect(marked('hello world hello', '"world hello"')).toBe('hello [world hello]');
  expect(marked('the Café-Bar and a cafe', 'cafe-b')).toBe('the [Café-B]ar and a cafe');
  expect(marked('under_score', 'score')).toBe('under_[score]');
});

test('a word within the address of a link is marked there, and the address shows only then', () => {
  const text = 'see [our plan](https://harbour.example/boats), ok';
  expect(marked(text, 'plan')).toBe('see our [plan], ok');
  expect(marked(text, 'boats plan')).toBe('see our [plan] (https://harbour.example/[boats]), ok');
  expect(marked(text, 'https://harb')).toBe('see our plan ([https://harb]our.example/boats), ok');
  expect(marked('go to https://harbour.example/boats', 'boats')).toBe(
    'go to https://harbour.example/[boats]',
  );
  expect(marked('||[x](https://a.example/secret)||', 'secret')).toBe('▒▒▒▒▒');
});
