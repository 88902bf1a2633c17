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

test('found words are marked, by their beginnings and without accents', () => {
  const marked = (text: string, words: string): string =>
    snippet(text, words)
      .map(({ text: piece, isFound }) => (isFound ? `[${piece}]` : piece))
      .join('');
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
