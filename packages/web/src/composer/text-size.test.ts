import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitAtBound, textBytes, textBytesMax, textBytesNear } from './text-size.ts';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

test('near the bound bytes are counted, far from it nobody counts', () => {
  expect(textBytes('a'.repeat(textBytesMax))).toBe(textBytesMax);
  expect(textBytes('ж'.repeat(14_001))).toBe(28_002);
  expect(textBytes('ж')).toBeLessThan(textBytesNear);
});

test('what is too long is cut without losing or breaking a character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: 4, max: 100 }),
      (text, bound) => {
        const [fits, rest] = splitAtBound(text, bound);
        expect(fits + rest).toBe(text);
        expect(bytes(fits)).toBeLessThanOrEqual(bound);
        if (rest !== '') expect(bytes(fits)).toBeGreaterThan(0);
        expect(fits.isWellFormed() && rest.isWellFormed()).toBe(text.isWellFormed());
      },
    ),
  );
  expect(splitAtBound('one two three', 12)).toEqual(['one two thre', 'e']);
  expect(splitAtBound('one two threefold', 10)).toEqual(['one two ', 'threefold']);
  expect(splitAtBound(`${'a'.repeat(95)} ${'b'.repeat(20)}`, 100)[0]).toBe(`${'a'.repeat(95)} `);
});

test('what is too long is cut between paragraphs, else between lines, else between words, near its end', () => {
  const words = (count: number): string => 'a word '.repeat(count);
  const cut = (text: string): string => splitAtBound(text, 700)[0];
  const rest = words(90);
  expect(cut(`${words(75)}\n\n${words(10)}\n${rest}`)).toBe(`${words(75)}\n\n`);
  expect(cut(`${words(75)}\n${rest}`)).toBe(`${words(75)}\n`);
  expect(cut(`${words(40)}\n\n${words(40)}\n${rest}`)).toBe(`${words(40)}\n\n${words(40)}\n`);
  expect(cut(`${words(40)}\n${rest}`)).toBe(`${words(40)}\n${words(59)}a `);
  expect(cut(`${words(40)}\n${'a'.repeat(900)}`)).toBe(`${words(40)}\n${'a'.repeat(419)}`);
});
