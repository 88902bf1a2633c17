import { expect, test } from 'vitest';
import { isEmojiOnly } from './emoji-only.ts';

test.each(['👍', ' 👍 ', '👩‍👩‍👧‍👦👍🏽', '🇩🇪 🇫🇷', '1️⃣#️⃣', '❤️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '😀😀😀😀😀😀'])('large: %s', (text) => {
  expect(isEmojiOnly(text)).toBe(true);
});

test.each(['', ' ', '12', '#*', 'ok 👍', '👍!', '😀😀😀😀😀😀😀', '🇩', 'יום', '👍'.repeat(200)])(
  'as any text: %s',
  (text) => {
    expect(isEmojiOnly(text)).toBe(false);
  },
);
