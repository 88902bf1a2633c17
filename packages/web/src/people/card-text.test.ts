import { expect, it } from 'vitest';
import { cardIn, pastedMax } from './card-text.ts';

const card = `mesh://add?p=${'q0v9'.repeat(40)}`;

it.each([
  ['alone', card],
  ['with white space', `  ${card}\n`],
  ['in a sentence', `Here is my card: ${card}. See you there`],
  ['in brackets', `(<${card}>)`],
  ['in quotes', `"${card}"`],
  [
    'broken by a mail program',
    `Hello\n${card.slice(0, 70)}\n${card.slice(70, 140)}\n${card.slice(140)}\n\nAda`,
  ],
  ['before a name on the next line', `${card}\nAda`],
])('finds a card %s', (_, text) => {
  expect(cardIn(text)).toEqual({ kind: 'card', card });
});

it.each([
  ['', 'nothing'],
  ['   ', 'nothing'],
  ['hello', 'no-card'],
  ['mesh://join?c=abc', 'no-card'],
  ['mesh://', 'cut'],
  ['mesh://add?p=', 'cut'],
  ['x'.repeat(pastedMax + 1), 'no-card'],
])('says of %j that it is %s', (text, kind) => {
  expect(cardIn(text).kind).toBe(kind);
});
