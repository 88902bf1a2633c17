import { expect, test } from 'vitest';
import {
  emojiWordAt,
  recentEmojiMax,
  searchEmoji,
  withRecent,
  withTone,
  type EmojiEntry,
} from './emoji-search.ts';

const list: EmojiEntry[] = [
  ['😀', 'grinning face', 'face grin happy', 0],
  ['❤️', 'red heart', 'heart love', 0],
  ['💔', 'broken heart', 'break heart sad', 0],
  ['👍', 'thumbs up', '+1 hand yes', 1, ['👍🏻', '👍🏼', '👍🏽', '👍🏾', '👍🏿']],
  ['🫀', 'anatomical heart', 'heart organ', 1],
  ['💗', 'heart', 'x', 0],
  ['🥳', 'Partygesicht', 'Fest Party Übermut', 0],
];

test('whole words come before beginnings, names before other words', () => {
  const signs = (query: string): string[] => searchEmoji(list, query, 9).map(([sign]) => sign);
  expect(signs('heart')).toEqual(['💗', '❤️', '💔', '🫀']);
  expect(signs('red hea')).toEqual(['❤️']);
  expect(signs('thumbs_up')).toEqual(['👍']);
  expect(signs('uberm')).toEqual(['🥳']);
  expect(signs('+1')).toEqual(['👍']);
  expect(signs('  ')).toEqual([]);
  expect(signs('zebra')).toEqual([]);
});

test('a tone where there is one', () => {
  const thumb = list[3];
  const heart = list[1];
  if (thumb === undefined || heart === undefined) throw new Error('the list is short');
  expect(withTone(thumb, 3)).toBe('👍🏽');
  expect(withTone(thumb, 0)).toBe('👍');
  expect(withTone(heart, 3)).toBe('❤️');
});

test('recent ones are kept once, the newest first, and not without end', () => {
  expect(withRecent(['a', 'b'], 'b')).toEqual(['b', 'a']);
  const many = Array.from({ length: 40 }, (_, index) => String(index)).reduce<string[]>(withRecent, []);
  expect(many).toHaveLength(recentEmojiMax);
  expect(many[0]).toBe('39');
});

test.each([
  ['hi :sm', { start: 3, word: 'sm' }],
  [':heart', { start: 0, word: 'heart' }],
  [':h', null],
  ['10:30', null],
  ['https://a', null],
  ['hi :sm ', null],
  ['(:über', { start: 1, word: 'über' }],
])('%s', (text, found) => {
  expect(emojiWordAt(text, text.length)).toEqual(found);
});
