/**
 * Whether a text is one emoji, by its form alone. The classes of characters used here have room for what Unicode may
 * add later (UTS 51, "Extended_Pictographic" holds unassigned places), so that an older program takes what a newer
 * one sends.
 */

import { utf8 } from './bytes.ts';

/** In bytes of UTF-8. The longest that people send, families and flags of regions, have 25 to 35. */
export const emojiBytesMax = 64;

// UTS 51, ED-14 to ED-17: flags, keycaps, and pictures joined by U+200D, each with a variant, a tone of skin or tags.
const tags = String.raw`[\u{e0020}-\u{e007e}]+\u{e007f}`;
const picture = String.raw`\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:${tags})?`;
const pattern = new RegExp(
  String.raw`^(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|${picture}(?:\u200d${picture})*)$`,
  'u',
);

/** No space, letter, mark or control is in one, so that what people add to a message cannot climb out of its line. */
export function isEmoji(text: string): boolean {
  return text.length <= emojiBytesMax && pattern.test(text) && utf8(text).length <= emojiBytesMax;
}
