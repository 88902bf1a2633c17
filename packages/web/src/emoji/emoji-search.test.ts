import { expect, test } from 'vitest';
import {
  closedEmojiWordAt,
  emojiWordAt,
  namedEmoji,
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
  ['👍', 'thumbs up', ':+1: :thumbsup: +1 hand yes', 1, ['👍🏻', '👍🏼', '👍🏽', '👍🏾', '👍🏿']],
  ['🫀', 'anatomical heart', 'heart organ', 1],
  ['💗', 'heart', 'x', 0],
  ['🥳', 'Partygesicht', 'Fest Party Übermut', 0],
  ['💌', 'letter', ':love: mail', 0],
  ['🍺', 'beer mug', 'germany de', 4],
  ['🇩🇪', 'flag: Germany', ':de: flag', 9],
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

test('names that begin so come before others, flags last', () => {
  const own: EmojiEntry[] = [
    ['😁', 'beaming face with smiling eyes', 'smile', 0],
    ['😊', 'smiling face', 'happy', 0],
    ['😄', 'grinning face', ':smile: happy', 0],
    ['🧪', 'experiment', 'smelly', 7],
    ['🥪', 'sandwich', 'bread', 4],
    ['💓', 'schlagendes Herz', 'herz', 0],
    ['♥️', 'Herz', '', 0],
    ['💘', 'Herz mit Pfeil', '', 0],
    ['🇧🇦', 'Flagge: Bosnien und Herzegowina', 'ba herz', 9],
    ['🇸🇲', 'flag: San Marino', ':sm: sm', 9],
    ['👎', 'thumbs down', ':-1: :thumbsdown: -1 1st', 1],
    ['🥇', '1st place', 'one', 6],
  ];
  const signs = (query: string): string[] => searchEmoji(own, query, 9).map(([sign]) => sign);
  expect(signs('sm')).toEqual(['😊', '😄', '😁', '🧪', '🇸🇲']);
  expect(signs('smile')).toEqual(['😄', '😁']);
  expect(signs('herz')).toEqual(['♥️', '💘', '💓', '🇧🇦']);
  expect(signs('sa')).toEqual(['🥪', '🇸🇲']);
  expect(signs('-1')).toEqual(['👎']);
  expect(signs('-d')).toEqual([]);
});

test.each([
  ['heart', '💗'],
  ['red_heart', '❤️'],
  ['ThumbsUp', '👍'],
  ['+1', '👍'],
  ['Übermut', '🥳'],
  ['sad', '💔'],
  ['love', '💌'],
  ['germany', '🇩🇪'],
  ['de', '🇩🇪'],
  ['hear', undefined],
  ['heart_red', undefined],
])('%s is the name of %s', (name, sign) => {
  expect(namedEmoji(list, name)?.[0]).toBe(sign);
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
  [':+1', { start: 0, word: '+1' }],
  [':-1', { start: 0, word: '-1' }],
  ['great :-D', null],
  ['nice :-P', null],
  ['so :D', null],
  ['so :3', null],
  ['so :)', null],
  ['so :-12', null],
  ['so :_a', null],
])('%s', (text, found) => {
  expect(emojiWordAt(text, text.length)).toEqual(found);
});

test.each([
  ['hi :smile:', { start: 3, word: 'smile' }],
  [':+1:', { start: 0, word: '+1' }],
  ['(:thumbs_up:', { start: 1, word: 'thumbs_up' }],
  [':D:', null],
  ['10:30:', null],
  ['hi :smile: ', null],
  ['`hi` :smile:', { start: 5, word: 'smile' }],
  ['`hi :smile:', null],
])('%s is closed', (text, found) => {
  expect(closedEmojiWordAt(text, text.length)).toEqual(found);
});
