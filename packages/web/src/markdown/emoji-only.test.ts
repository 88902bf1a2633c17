import { expect, test } from 'vitest';
import { isEmojiOnly } from './emoji-only.ts';

test.each(['👍', ' 👍 ', '👩‍👩‍👧‍👦👍🏽', '🇩🇪 🇫🇷', '1️⃣#️⃣', '❤️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '😀😀😀😀😀😀', '👩🏽‍⚕️', '✌🏽', '❤️‍🔥'])(
  'large: %s',
  (text) => {
    expect(isEmojiOnly(text)).toBe(true);
  },
);

test.each(['', ' ', '12', '#*', 'ok 👍', '👍!', '😀😀😀😀😀😀😀', '🇩', 'יום', '©', '❤', '👍'.repeat(200)])(
  'as any text: %s',
  (text) => {
    expect(isEmojiOnly(text)).toBe(false);
  },
);

test('as the list of all emoji has it', () => {
  const listed = /^(?:\p{RGI_Emoji}\s*){1,6}$/v;
  const several = ['👍👍', '👩‍👩‍👧‍👦', '🇩🇪🇫🇷', '1️⃣', '☎️', '☎', '™️', '🧑🏿‍🤝‍🧑🏻', '🏳️‍🌈', '🏴‍☠️', '7', '👁️‍🗨️', '🫱🏼‍🫲🏿', '⛹🏽‍♀️'];
  for (const text of several) expect(isEmojiOnly(text), text).toBe(listed.test(text));
});
