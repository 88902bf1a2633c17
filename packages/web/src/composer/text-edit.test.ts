import { describe, expect, test } from 'vitest';
import { asBlock, prefixed, pastMark, wrapped } from './text-edit.ts';

/** The selection, before and after, stands between brackets. */
function pressed(text: string, mark: string): string {
  const start = text.indexOf('[');
  const end = text.indexOf(']') - 1;
  const value = text.replaceAll(/[[\]]/g, '');
  const { range, text: words, select } = wrapped(value, [start, end], mark);
  const after = value.slice(0, range[0]) + words + value.slice(range[1]);
  return `${after.slice(0, select[0])}[${after.slice(...select)}]${after.slice(select[1])}`;
}

test.each([
  ['[word]', '**', '**[word]**'],
  ['a[ two words ]b', '*', 'a *[two words]* b'],
  ['[]', '~~', '~~[]~~'],
  ['a [  ]b', '*', 'a   *[]*b'],
])('%s gets %s', (text, mark, marked) => {
  expect(pressed(text, mark)).toBe(marked);
});

test.each([
  ['[**word**]', '**', '[word]'],
  ['**[word]**', '**', '[word]'],
  ['a ~~[two words]~~ b', '~~', 'a [two words] b'],
  ['||[word]||', '||', '[word]'],
  ['`[word]`', '`', '[word]'],
  ['~~[]~~', '~~', '[]'],
  ['*[*word*]*', '**', '[word]'],
])('%s loses %s', (text, mark, bare) => {
  expect(pressed(text, mark)).toBe(bare);
});

test('bold and italic go on and off without breaking each other', () => {
  expect(pressed('**[w]**', '*')).toBe('***[w]***');
  expect(pressed('[**w**]', '*')).toBe('***[w]***');
  expect(pressed('***[w]***', '*')).toBe('**[w]**');
  expect(pressed('***[w]***', '**')).toBe('*[w]*');
  expect(pressed('*[w]*', '**')).toBe('***[w]***');
  // A mark on one side alone is none.
  expect(pressed('**[w]', '**')).toBe('****[w]**');
});

test('a block begins a line', () => {
  expect(asBlock('> a', '', 0)).toBe('> a');
  expect(asBlock('> a', 'said: ', 6)).toBe('\n> a');
  expect(asBlock('> a', 'said:\n', 6)).toBe('> a');
  expect(asBlock('> a', 'one\ntwo', 0)).toBe('> a');
});

test('a sign goes before every line and off again', () => {
  expect(prefixed('a\nb', '> ')).toBe('> a\n> b');
  expect(prefixed('> a\n> b', '> ')).toBe('a\nb');
  expect(prefixed('> a\nb', '> ')).toBe('> > a\n> b');
});

describe('the key of a mark at its end', () => {
  /** `|` is the cursor. */
  const past = (text: string, mark: string): number | null =>
    pastMark(text.replace('|', ''), text.indexOf('|'), mark);

  test('ends it', () => {
    expect(past('this is **very|**', '**')).toBe(16);
    expect(past('*so|*', '*')).toBe(4);
    expect(past('`a b|` c', '`')).toBe(5);
    expect(past('***both|***', '**')).toBe(9);
  });

  test('begins another where none is open, nothing is in it, or it is not that one', () => {
    for (const text of ['a|', '**|**', '** |**', 'very|**', '**very|', '*very|**', '**one\ntwo|**'])
      expect(past(text, '**'), text).toBeNull();
    expect(past('**very|**', '*')).toBeNull();
    for (const text of ['*a* x|*b*', '2 * 3 |* 4']) expect(past(text, '*'), text).toBeNull();
    expect(past('`a`b|`c`', '`')).toBeNull();
    expect(past('~~a~~ x|~~b~~', '~~')).toBeNull();
    expect(past('*a* and *b|*', '*')).toBe(11);
  });
});
