import { expect, it } from 'vitest';
import { choose, choicesMax, folded } from './switcher-search.ts';

const choices = [
  { id: '1', name: 'Zoe Gülden' },
  { id: '2', name: 'Gulliver' },
  { id: '3', name: 'Privacy', also: 'Settings read marks' },
  { id: '4', name: 'Igul' },
];

it('finds by the beginnings of words first, without accents and case', () => {
  expect(choose(choices, 'gul').map(({ id }) => id)).toEqual(['1', '2', '4']);
  expect(choose(choices, 'GÜL zo').map(({ id }) => id)).toEqual(['1']);
  expect(choose(choices, 'read').map(({ id }) => id)).toEqual(['3']);
  expect(choose(choices, 'nobody')).toEqual([]);
});

it('offers everything where nothing was typed, up to its bound', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({ id: String(index), name: `n${index}` }));
  expect(choose(many, '  ')).toHaveLength(choicesMax);
  expect(choose(many, 'n')).toHaveLength(choicesMax);
});

it('folds what people do not type', () => {
  expect(folded(' Straße É ')).toBe('strasse e');
});
